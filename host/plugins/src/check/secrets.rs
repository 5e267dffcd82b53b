//! Which parameters get a secret, and whether the template shows one.

use jeroboam_model::driver::{SecretName, StackDefinition, Value};
use serde_yaml_ng::Value as Yaml;

use super::DefinitionError;

/// Whether a secret shows what nobody but the cluster may know; the others are names.
const fn is_confidential(name: &SecretName) -> bool {
    match name {
        SecretName::TrustId | SecretName::TrusteePassword | SecretName::ServiceAccountPrivateKey | SecretName::CaPrivateKey => {
            true
        }
        SecretName::TrusteeUserId
        | SecretName::TrusteeUsername
        | SecretName::TrusteeDomainId
        | SecretName::ServiceAccountPublicKey => false,
        SecretName::Other(_) => true,
    }
}

pub(super) fn confidential(definition: &StackDefinition) -> impl Iterator<Item = &str> {
    definition.parameters.iter().filter_map(|(name, value)| match value {
        Value::Secret(secret) if is_confidential(secret) => Some(name.as_str()),
        _ => None,
    })
}

pub(super) fn check(root: &Yaml, definition: &StackDefinition) -> Result<(), DefinitionError> {
    for parameter in confidential(definition) {
        let hidden = root.get("parameters").and_then(|all| all.get(parameter)).and_then(|one| one.get("hidden"));
        if hidden.and_then(Yaml::as_bool) != Some(true) {
            return Err(DefinitionError::Visible(parameter.to_owned()));
        }
        for (output, value) in root.get("outputs").and_then(Yaml::as_mapping).into_iter().flatten() {
            if reads(value, parameter) {
                let output = output.as_str().unwrap_or_default().to_owned();
                return Err(DefinitionError::Output { output, parameter: parameter.to_owned() });
            }
        }
    }
    Ok(())
}

/// Whether a part of a template reads the parameter.
fn reads(node: &Yaml, parameter: &str) -> bool {
    match node {
        Yaml::Mapping(mapping) => mapping.iter().any(|(key, value)| {
            let named = value.as_str() == Some(parameter) || value.get(0).and_then(Yaml::as_str) == Some(parameter);
            (matches!(key.as_str(), Some("get_param" | "Ref")) && named) || reads(value, parameter)
        }),
        Yaml::Sequence(items) => items.iter().any(|item| reads(item, parameter)),
        Yaml::Tagged(tagged) => reads(&tagged.value, parameter),
        _ => false,
    }
}

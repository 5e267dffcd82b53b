//! Stack definitions, from guests.

use jeroboam_model::driver::{SecretName, StackDefinition, Value};

use super::{Bad, bad, distinct};
use crate::bindings::jeroboam::coe::types;

/// `ca_key`: whether the driver was granted the secret `ca-private-key`.
pub(crate) fn definition(definition: types::StackDefinition, ca_key: bool) -> Result<StackDefinition, Bad> {
    if definition.template.is_empty() {
        return bad("template", "is empty");
    }
    distinct("files", definition.files.iter().map(|(name, _)| name.as_str()))?;
    distinct("parameters", definition.parameters.iter().map(|(name, _)| name.as_str()))?;
    let mut parameters = Vec::with_capacity(definition.parameters.len());
    for (name, given) in definition.parameters {
        if !crate::text::is_word(&name) {
            return bad("parameters", format_args!("{name:?} is no name of a parameter"));
        }
        let value = value(given, ca_key).or_else(|what| bad(&format!("parameters/{name}"), what))?;
        parameters.push((name, value));
    }
    Ok(StackDefinition {
        template: definition.template.into(),
        files: definition.files.into_iter().map(|(name, text)| (name, text.into())).collect(),
        environment: definition.environment.into(),
        parameters,
    })
}

/// Bytes that somebody will have to read.
pub(crate) fn size(definition: &types::StackDefinition) -> usize {
    let files: usize = definition.files.iter().map(|(name, text)| name.len() + text.len()).sum();
    let parameters = definition.parameters.iter().map(|(name, value)| {
        let value = match value {
            types::Value::Text(text) | types::Value::Json(text) => text.len(),
            _ => 0,
        };
        name.len() + value
    });
    definition.template.len() + definition.environment.len() + files + parameters.sum::<usize>()
}

fn value(value: types::Value, ca_key: bool) -> Result<Value, String> {
    match value {
        types::Value::Text(text) => Ok(Value::Text(text)),
        types::Value::Number(number) => Ok(Value::Number(number)),
        types::Value::Flag(flag) => Ok(Value::Flag(flag)),
        types::Value::Json(text) => match serde_json::from_str(&text) {
            Ok(document) => Ok(Value::Json(document)),
            Err(error) => Err(format!("is no JSON document: {error}")),
        },
        types::Value::Secret(name) => secret(name, ca_key).map(Value::Secret),
    }
}

fn secret(name: types::SecretName, ca_key: bool) -> Result<SecretName, String> {
    match name {
        types::SecretName::TrustId => Ok(SecretName::TrustId),
        types::SecretName::TrusteeUserId => Ok(SecretName::TrusteeUserId),
        types::SecretName::TrusteeUsername => Ok(SecretName::TrusteeUsername),
        types::SecretName::TrusteePassword => Ok(SecretName::TrusteePassword),
        types::SecretName::TrusteeDomainId => Ok(SecretName::TrusteeDomainId),
        types::SecretName::ServiceAccountPublicKey => Ok(SecretName::ServiceAccountPublicKey),
        types::SecretName::ServiceAccountPrivateKey => Ok(SecretName::ServiceAccountPrivateKey),
        types::SecretName::CaPrivateKey if ca_key => Ok(SecretName::CaPrivateKey),
        types::SecretName::CaPrivateKey => {
            Err("names the secret ca-private-key, and the driver was not granted ca-key".to_owned())
        }
        types::SecretName::Other(name) => Err(format!("names the secret {name}, which this host does not have")),
    }
}

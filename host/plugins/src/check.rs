//! Refuses stack definitions through which Heat would fetch something from outside, or show a secret.
//!
//! Heat fetches what a resource's type names as a URL or a file that was not sent along, and what an environment's registry
//! maps a type to. So every template that can be reached from the root has to find what it names among the definition's files.
//! The types whose properties hold a whole template are refused, since what these name cannot be seen beforehand.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Mutex,
};

use jeroboam_model::driver::{SecretName, StackDefinition, Value};
use serde_yaml_ng::Value as Yaml;

/// The most files that a definition may have.
pub const FILES_MAX: usize = 256;

/// Types whose properties carry a template, or a URL that Heat fetches.
const REFUSED_TYPES: &[&str] = &["OS::Heat::Stack", "AWS::CloudFormation::Stack"];

/// What is wrong with a stack definition. Each names the place and what to change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionError {
    #[error("files: {0} of them, and {FILES_MAX} is the most")]
    TooManyFiles(usize),
    #[error("{place}: is neither YAML nor JSON: {what}")]
    Syntax { place: String, what: String },
    #[error("{place}: {name:?} would be fetched from outside; put it into files")]
    Outside { place: String, name: String },
    #[error("{place}: {name:?} is not among the files")]
    Missing { place: String, name: String },
    #[error("{place}: resources of type {name} are refused; name a template among the files as the resource's type instead")]
    RefusedType { place: String, name: String },
    #[error("parameters/{0}: gets a secret, so the template has to declare it with `hidden: true`")]
    Visible(String),
    #[error("outputs/{output}: would show the secret parameter {parameter}")]
    Output { output: String, parameter: String },
}

/// Checks a definition. Costs about as much as reading its template twice.
pub fn check_definition(definition: &StackDefinition) -> Result<(), DefinitionError> {
    if definition.files.len() > FILES_MAX {
        return Err(DefinitionError::TooManyFiles(definition.files.len()));
    }
    let files: BTreeMap<&str, &str> = definition.files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let root = parse("template", &definition.template)?;
    check_secrets(&root, definition)?;

    let mut found = Found { files: &files, templates: VecDeque::new(), seen: BTreeSet::new() };
    if !definition.environment.trim().is_empty() {
        let environment = parse("environment", &definition.environment)?;
        if let Some(registry) = environment.get("resource_registry") {
            found.registry(registry)?;
        }
    }
    found.walk("template", &root)?;
    while let Some(name) = found.templates.pop_front() {
        let place = format!("files/{name}");
        let template = parse(&place, files.get(name.as_str()).copied().unwrap_or_default())?;
        found.walk(&place, &template)?;
    }
    Ok(())
}

/// What can be reached from the root template.
struct Found<'a> {
    files: &'a BTreeMap<&'a str, &'a str>,
    /// Still to be looked at.
    templates: VecDeque<String>,
    seen: BTreeSet<String>,
}

impl Found<'_> {
    fn walk(&mut self, place: &str, node: &Yaml) -> Result<(), DefinitionError> {
        match node {
            Yaml::Mapping(mapping) => {
                for (key, value) in mapping {
                    match (key.as_str(), value.as_str()) {
                        (Some("get_file" | "Fn::GetFile"), Some(name)) => self.file(place, name)?,
                        (Some("type" | "Type"), Some(name)) => self.resource_type(place, name)?,
                        _ => {}
                    }
                    self.walk(place, value)?;
                }
                Ok(())
            }
            Yaml::Sequence(items) => items.iter().try_for_each(|item| self.walk(place, item)),
            Yaml::Tagged(tagged) => self.walk(place, &tagged.value),
            _ => Ok(()),
        }
    }

    fn file(&self, place: &str, name: &str) -> Result<(), DefinitionError> {
        if self.files.contains_key(name) {
            return Ok(());
        }
        let (place, name) = (place.to_owned(), name.to_owned());
        Err(if is_url(&name) { DefinitionError::Outside { place, name } } else { DefinitionError::Missing { place, name } })
    }

    /// `type` is also a word of parameters and of properties: only what Heat would take for the name of a template matters.
    fn resource_type(&mut self, place: &str, name: &str) -> Result<(), DefinitionError> {
        if REFUSED_TYPES.contains(&name) {
            return Err(DefinitionError::RefusedType { place: place.to_owned(), name: name.to_owned() });
        }
        if is_url(name) || is_template(name) {
            self.file(place, name)?;
            if self.seen.insert(name.to_owned()) {
                self.templates.push_back(name.to_owned());
            }
        }
        Ok(())
    }

    /// Every text in a registry names a type, a template or (as `base_url`) a place to fetch from.
    fn registry(&mut self, node: &Yaml) -> Result<(), DefinitionError> {
        match node {
            Yaml::String(name) => self.resource_type("environment", name),
            Yaml::Mapping(mapping) => mapping.values().try_for_each(|value| self.registry(value)),
            Yaml::Sequence(items) => items.iter().try_for_each(|item| self.registry(item)),
            Yaml::Tagged(tagged) => self.registry(&tagged.value),
            _ => Ok(()),
        }
    }
}

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

fn confidential(definition: &StackDefinition) -> impl Iterator<Item = &str> {
    definition.parameters.iter().filter_map(|(name, value)| match value {
        Value::Secret(secret) if is_confidential(secret) => Some(name.as_str()),
        _ => None,
    })
}

fn check_secrets(root: &Yaml, definition: &StackDefinition) -> Result<(), DefinitionError> {
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

fn is_url(name: &str) -> bool {
    name.contains("://")
}

fn is_template(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".template")
}

fn parse(place: &str, text: &str) -> Result<Yaml, DefinitionError> {
    let failed = |error: serde_yaml_ng::Error| DefinitionError::Syntax { place: place.to_owned(), what: error.to_string() };
    let mut parsed: Yaml = serde_yaml_ng::from_str(text).map_err(failed)?;
    parsed.apply_merge().map_err(failed)?;
    Ok(parsed)
}

/// Remembers the last definitions of a driver that were found right: drivers mostly answer with the same template and other
/// parameters.
#[derive(Default)]
pub(crate) struct Checked(Mutex<VecDeque<Seen>>);

struct Seen {
    template: String,
    files: Vec<(String, String)>,
    environment: String,
    confidential: BTreeSet<String>,
}

const REMEMBERED: usize = 4;

impl Checked {
    pub(crate) fn check(&self, definition: &StackDefinition) -> Result<(), DefinitionError> {
        if self.with(|seen| seen.iter().any(|seen| seen.is(definition))) {
            return Ok(());
        }
        check_definition(definition)?;
        let seen = Seen {
            template: definition.template.clone(),
            files: definition.files.clone(),
            environment: definition.environment.clone(),
            confidential: confidential(definition).map(str::to_owned).collect(),
        };
        self.with(|all| {
            all.truncate(REMEMBERED - 1);
            all.push_front(seen);
        });
        Ok(())
    }

    fn with<T>(&self, act: impl FnOnce(&mut VecDeque<Seen>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl Seen {
    fn is(&self, definition: &StackDefinition) -> bool {
        self.template == definition.template
            && self.environment == definition.environment
            && self.files == definition.files
            && confidential(definition).collect::<BTreeSet<_>>() == self.confidential.iter().map(String::as_str).collect()
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;

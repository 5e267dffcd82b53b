//! Refuses stack definitions through which Heat would fetch something from outside, or show a secret.
//!
//! Heat fetches what a resource's type names as a URL or a file that was not sent along, and what an environment's registry
//! maps a type to. So every template that can be reached from the root has to find what it names among the definition's files.
//! The types whose properties hold a whole template are refused, since what these name cannot be seen beforehand.

mod references;
mod secrets;
mod seen;

use std::collections::{BTreeMap, BTreeSet};

use jeroboam_model::driver::StackDefinition;
use serde_yaml_ng::Value as Yaml;

use references::References;
pub(crate) use seen::Checked;

/// The most files that a definition may have.
pub const FILES_MAX: usize = 256;

/// The longest template, in bytes. Heat's own limit is half of that, unless its operator has raised it (`max_template_size`).
pub const TEMPLATE_MAX: usize = 1 << 20;

/// The deepest that a template in flow style (JSON) may nest.
const DEPTH_MAX: usize = 128;

/// What is wrong with a stack definition. Each names the place and what to change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionError {
    #[error("files: {0} of them, and {FILES_MAX} is the most")]
    TooManyFiles(usize),
    #[error("{place}: is neither YAML nor JSON: {what}")]
    Syntax { place: String, what: String },
    #[error("{place}: {name:?} would be fetched from outside; send it along as a file, under a name that is no URL")]
    Outside { place: String, name: String },
    #[error("{place}: {name:?} is not among the files")]
    Missing { place: String, name: String },
    #[error("{place}: {name:?} is an empty file, which Heat would fetch from outside instead; fill it, or name another type")]
    Empty { place: String, name: String },
    #[error("{place}: {key} is computed; write it out, so that the types in it can be seen")]
    Computed { place: String, key: String },
    #[error("environment: {name:?} in resource_registry is a wildcard; name each type")]
    Wildcard { name: String },
    #[error("{place}: has {bytes} bytes, and {TEMPLATE_MAX} is the most for a template or an environment")]
    TooLarge { place: String, bytes: usize },
    #[error("{place}: resources of type {name} are refused; name a template among the files as the resource's type instead")]
    RefusedType { place: String, name: String },
    #[error("parameters/{0}: gets a secret, so the template has to declare it with `hidden: true`")]
    Visible(String),
    #[error("outputs/{output}: would show the secret parameter {parameter}")]
    Output { output: String, parameter: String },
}

/// Checks a definition. Costs about as much as reading its template twice.
pub fn check_definition(definition: &StackDefinition) -> Result<(), DefinitionError> {
    check_reachable(definition).map(|_| ())
}

/// As [`check_definition`]; answers which of the files are used as templates.
fn check_reachable(definition: &StackDefinition) -> Result<BTreeSet<String>, DefinitionError> {
    if definition.files.len() > FILES_MAX {
        return Err(DefinitionError::TooManyFiles(definition.files.len()));
    }
    let files: BTreeMap<&str, &str> = definition.files.iter().map(|(name, text)| (name.as_str(), &**text)).collect();
    let root = parse("template", &definition.template)?;
    secrets::check(&root, definition)?;

    let mut references = References::new(&files);
    if !definition.environment.trim().is_empty() {
        let environment = parse("environment", &definition.environment)?;
        if let Some(registry) = environment.get("resource_registry") {
            references.registry(registry)?;
        }
    }
    references.template("template", &root)?;
    while let Some(name) = references.next() {
        let place = format!("files/{name}");
        let template = parse(&place, files.get(name.as_str()).copied().unwrap_or_default())?;
        references.template(&place, &template)?;
    }
    Ok(references.seen())
}

fn parse(place: &str, text: &str) -> Result<Yaml, DefinitionError> {
    if text.len() > TEMPLATE_MAX {
        return Err(DefinitionError::TooLarge { place: place.to_owned(), bytes: text.len() });
    }
    let failed = |what: String| DefinitionError::Syntax { place: place.to_owned(), what };
    if nests_deeply(text) {
        return Err(failed(format!("nests deeper than {DEPTH_MAX} levels")));
    }
    let mut parsed: Yaml = serde_yaml_ng::from_str(text).map_err(|error| failed(error.to_string()))?;
    parsed.apply_merge().map_err(|error| failed(error.to_string()))?;
    Ok(parsed)
}

/// Whether so many brackets are open at one time that the parser, whose work grows with the square of that, would be busy for long. Brackets in texts count
/// too; no text has that many without their ends.
fn nests_deeply(text: &str) -> bool {
    let mut depth = 0usize;
    text.bytes().any(|byte| {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEPTH_MAX
    })
}

#[cfg(test)]
mod tests;

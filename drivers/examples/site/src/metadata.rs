//! Puts metadata on the servers of a stack definition, whatever its templates look like otherwise.

use jeroboam_driver_sdk::{Error, StackDefinition, internal};
use serde_json::Value;

const SERVER: &str = "OS::Nova::Server";

/// Templates that have no servers stay as they are, to the byte; so does everything if there are no pairs.
pub fn add(definition: StackDefinition, pairs: &[(&str, &str)]) -> Result<StackDefinition, Error> {
    if pairs.is_empty() {
        return Ok(definition);
    }
    let edit = |(name, text): (String, String)| {
        let text = if is_template(&name) { edited(&name, text, pairs)? } else { text };
        Ok((name, text))
    };
    Ok(StackDefinition {
        template: edited("template", definition.template, pairs)?,
        files: definition.files.into_iter().map(edit).collect::<Result<_, Error>>()?,
        ..definition
    })
}

fn is_template(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".template")
}

/// Written as JSON, which is YAML that everybody reads alike.
fn edited(name: &str, text: String, pairs: &[(&str, &str)]) -> Result<String, Error> {
    if !text.contains(SERVER) {
        return Ok(text);
    }
    let mut template: Value = serde_yaml_ng::from_str(&text).map_err(|error| internal(format!("{name}: {error}")))?;
    let resources = template.get_mut("resources").and_then(Value::as_object_mut);
    for resource in resources.into_iter().flat_map(|resources| resources.values_mut()) {
        servers(resource, pairs);
    }
    Ok(template.to_string())
}

/// A resource, or the definition within a group.
fn servers(resource: &mut Value, pairs: &[(&str, &str)]) {
    if resource.get("type").and_then(Value::as_str) == Some(SERVER)
        && let Some(properties) = resource.get_mut("properties").and_then(Value::as_object_mut)
    {
        let metadata = properties.entry("metadata").or_insert_with(|| Value::Object(serde_json::Map::new()));
        if let Some(metadata) = metadata.as_object_mut() {
            metadata.extend(pairs.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))));
        }
    }
    if let Some(inner) = resource.pointer_mut("/properties/resource_def") {
        servers(inner, pairs);
    }
}

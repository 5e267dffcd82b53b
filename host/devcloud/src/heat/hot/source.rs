//! Text to a JSON value under bounds: size, depth, number of nodes.

use serde_json::{Map, Number, Value};

use crate::heat::error::{ErrorKind, HeatError, Result};

/// Heat's `max_template_size`, bytes.
pub const MAX_TEMPLATE_BYTES: usize = 524_288;
const MAX_DEPTH: usize = 64;
const MAX_NODES: usize = 250_000;

/// Reads YAML (of which JSON is a part). `what` names the document in errors.
pub fn parse_text(text: &str, what: &str) -> Result<Value> {
    if text.len() > MAX_TEMPLATE_BYTES {
        return Err(HeatError::new(
            ErrorKind::RequestLimitExceeded,
            format!(
                "Request limit exceeded: {what} size ({} bytes) exceeds maximum allowed size ({MAX_TEMPLATE_BYTES} bytes).",
                text.len()
            ),
        ));
    }
    let yaml: serde_yaml_ng::Value = serde_yaml_ng::from_str(text)
        .map_err(|error| HeatError::new(ErrorKind::BadRequest, format!("{what} is not valid YAML or JSON: {error}")))?;
    let mut nodes = 0;
    from_yaml(yaml, 0, &mut nodes)
}

/// Holds a value that came as JSON to the same bounds.
pub fn check_bounds(value: &Value) -> Result<()> {
    fn walk(value: &Value, depth: usize, nodes: &mut usize) -> Result<()> {
        bound(depth, nodes)?;
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| walk(item, depth + 1, nodes)),
            Value::Object(map) => map.values().try_for_each(|item| walk(item, depth + 1, nodes)),
            _ => Ok(()),
        }
    }
    walk(value, 0, &mut 0)
}

fn bound(depth: usize, nodes: &mut usize) -> Result<()> {
    *nodes += 1;
    if depth > MAX_DEPTH || *nodes > MAX_NODES {
        return Err(HeatError::new(
            ErrorKind::RequestLimitExceeded,
            format!("Request limit exceeded: more than {MAX_DEPTH} levels or {MAX_NODES} nodes."),
        ));
    }
    Ok(())
}

fn from_yaml(value: serde_yaml_ng::Value, depth: usize, nodes: &mut usize) -> Result<Value> {
    use serde_yaml_ng::Value as Yaml;
    bound(depth, nodes)?;
    Ok(match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => Value::Bool(flag),
        Yaml::Number(number) => {
            if let Some(integer) = number.as_i64() {
                Value::from(integer)
            } else if let Some(integer) = number.as_u64() {
                Value::from(integer)
            } else {
                number.as_f64().and_then(Number::from_f64).map_or(Value::Null, Value::Number)
            }
        }
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(items) => {
            Value::Array(items.into_iter().map(|item| from_yaml(item, depth + 1, nodes)).collect::<Result<_>>()?)
        }
        Yaml::Mapping(map) => {
            let mut object = Map::new();
            for (key, item) in map {
                let key = match key {
                    Yaml::String(text) => text,
                    Yaml::Bool(flag) => flag.to_string(),
                    Yaml::Number(number) => number.to_string(),
                    Yaml::Null => "null".to_owned(),
                    _ => return Err(HeatError::new(ErrorKind::BadRequest, "A mapping key must be a scalar.")),
                };
                object.insert(key, from_yaml(item, depth + 1, nodes)?);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tagged) => from_yaml(tagged.value, depth + 1, nodes)?,
    })
}

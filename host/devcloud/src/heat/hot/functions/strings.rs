//! `str_replace` and its strict forms, `str_split`, `list_join`.

use serde_json::Value;

use super::invalid;
use crate::heat::{
    error::Result,
    hot::{expression::Strictness, text},
};

pub fn replace(name: &str, template: &Value, params: &Value, strictness: Strictness) -> Result<Value> {
    let template = match template {
        Value::String(template) => template,
        Value::Null => return Ok(Value::String(String::new())),
        _ => return Err(invalid(format!("\"{name}\" template must be a string"))),
    };
    let params = match params {
        Value::Object(params) => params.clone(),
        Value::Null => serde_json::Map::new(),
        _ => return Err(invalid(format!("\"{name}\" params must be a map"))),
    };
    let mut pairs = Vec::with_capacity(params.len());
    for (key, value) in &params {
        let empty = match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(map) => map.is_empty(),
            _ => false,
        };
        if empty && strictness == Strictness::VeryStrict {
            return Err(invalid(format!(
                "{name} has an undefined or empty value for param {key}, must be a defined non-empty value"
            )));
        }
        if !key.is_empty() {
            pairs.push((key.as_str(), text::display(value), false));
        }
    }
    // Longer placeholders win; of equals, the lexicographically smaller.
    pairs.sort_by(|(a, ..), (b, ..)| b.len().cmp(&a.len()).then(a.cmp(b)));
    let mut pieces = vec![Piece::Open(template.clone())];
    for (key, value, found) in &mut pairs {
        pieces = pieces.into_iter().flat_map(|piece| piece.split(key, value, found)).collect();
    }
    let missing: Vec<_> = pairs.iter().filter(|(_, _, found)| !found).map(|(key, ..)| *key).collect();
    if strictness != Strictness::Lenient && !missing.is_empty() {
        return Err(invalid(format!("The following params were not found in the template: {}", missing.join(","))));
    }
    Ok(Value::String(pieces.into_iter().map(Piece::text).collect()))
}

/// A piece of the text: still to be looked at, or put in and left alone.
enum Piece {
    Open(String),
    Done(String),
}

impl Piece {
    fn split(self, key: &str, value: &str, found: &mut bool) -> Vec<Self> {
        let text = match self {
            Self::Open(text) if text.contains(key) => text,
            other => return vec![other],
        };
        *found = true;
        let mut pieces = Vec::new();
        for (at, part) in text.split(key).enumerate() {
            if at > 0 {
                pieces.push(Self::Done(value.to_owned()));
            }
            if !part.is_empty() {
                pieces.push(Self::Open(part.to_owned()));
            }
        }
        pieces
    }

    fn text(self) -> String {
        match self {
            Self::Open(text) | Self::Done(text) => text,
        }
    }
}

pub fn split(delimiter: &Value, source: &Value, index: Option<&Value>) -> Result<Value> {
    let delimiter = delimiter
        .as_str()
        .filter(|text| !text.is_empty())
        .ok_or_else(|| invalid("Incorrect arguments to \"str_split\": the delimiter must be a non-empty string"))?;
    let source = match source {
        Value::Null => return Ok(Value::Null),
        Value::String(source) => source,
        _ => return Err(invalid("Incorrect arguments to \"str_split\": the second must be a string")),
    };
    let parts: Vec<Value> = source.split(delimiter).map(Value::from).collect();
    let Some(index) = index else { return Ok(Value::Array(parts)) };
    let at = text::number(index).and_then(|number| number.as_i64()).ok_or_else(|| {
        invalid(format!("Incorrect index to \"str_split\" should be: [delimiter, string, index], not {}", text::repr(index)))
    })?;
    usize::try_from(at).ok().and_then(|at| parts.get(at).cloned()).ok_or_else(|| {
        invalid(format!("Incorrect index to \"str_split\" should be between 0 and {}", parts.len().saturating_sub(1)))
    })
}

pub fn join(delimiter: &Value, lists: &[Value]) -> Result<Value> {
    let delimiter = delimiter.as_str().ok_or_else(|| invalid("\"list_join\" delimiter must be a string"))?;
    let mut texts = Vec::new();
    for list in lists {
        let items = match list {
            Value::Null => continue,
            Value::Array(items) => items,
            _ => {
                return Err(invalid(format!(
                    "Incorrect arguments: \"list_join\" must operate on a list, not {}",
                    text::repr(list)
                )));
            }
        };
        for item in items {
            match item {
                Value::Bool(_) | Value::Number(_) => {
                    return Err(invalid(format!("Items to join must be string, map or list not {}", text::repr(item))));
                }
                other => texts.push(text::display(other)),
            }
        }
    }
    Ok(Value::String(texts.join(delimiter)))
}

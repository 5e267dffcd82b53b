//! `list_concat`, `list_concat_unique`, `contains`, `filter`.

use serde_json::Value;

use super::invalid;
use crate::heat::{error::Result, hot::text};

pub fn concat(name: &str, lists: &Value, unique: bool) -> Result<Value> {
    let lists = lists.as_array().ok_or_else(|| {
        invalid(format!(
            "Incorrect arguments to \"{name}\" should be: \"{name}\" : [ [ <value 1>, <value 2> ], [ <value 3>, <value 4> ] ]"
        ))
    })?;
    let mut joined: Vec<Value> = Vec::new();
    for list in lists {
        let items = match list {
            Value::Null => continue,
            Value::Array(items) => items,
            other => {
                return Err(invalid(format!(
                    "Incorrect arguments: Items to concat must be lists. {} is not a list.",
                    text::json(other)
                )));
            }
        };
        for item in items {
            if !unique || !joined.contains(item) {
                joined.push(item.clone());
            }
        }
    }
    Ok(Value::Array(joined))
}

pub fn contains(item: &Value, list: &Value) -> Result<Value> {
    let found = match list {
        Value::Array(items) => items.contains(item),
        Value::String(whole) => item.as_str().is_some_and(|part| whole.contains(part)),
        Value::Object(map) => item.as_str().is_some_and(|key| map.contains_key(key)),
        _ => return Err(invalid("Second argument to \"contains\" should be a sequence.")),
    };
    Ok(Value::Bool(found))
}

pub fn filter(values: &Value, list: Value) -> Result<Value> {
    let items = match list {
        Value::Null => return Ok(Value::Null),
        Value::Array(items) => items,
        _ => return Err(invalid("\"filter\" only works with lists")),
    };
    let unwanted = match values {
        Value::Null => return Ok(Value::Array(items)),
        Value::Array(unwanted) => unwanted,
        _ => return Err(invalid("\"filter\" filters a list of values")),
    };
    Ok(Value::Array(items.into_iter().filter(|item| !unwanted.contains(item)).collect()))
}

//! `map_merge` and `map_replace`.

use serde_json::{Map, Value};

use super::invalid;
use crate::heat::{error::Result, hot::text};

pub fn merge(maps: &Value) -> Result<Value> {
    let maps = maps.as_array().ok_or_else(|| {
        invalid(
            "Incorrect arguments to \"map_merge\" should be: \"map_merge\" : [ { \"key1\": \"val1\" }, { \"key2\": \"val2\" } ]",
        )
    })?;
    let mut merged = Map::new();
    for map in maps {
        match map {
            Value::Null => {}
            Value::Object(map) => merged.extend(map.clone()),
            other => {
                return Err(invalid(format!(
                    "Incorrect arguments: Items to merge must be maps. {} is not a map.",
                    text::repr(other)
                )));
            }
        }
    }
    Ok(Value::Object(merged))
}

pub fn replace(map: &Value, replacements: &Value) -> Result<Value> {
    let (Value::Object(map), Value::Object(replacements)) = (map, replacements) else {
        return Err(invalid("Incorrect arguments: to \"map_replace\", arguments must be a list of maps"));
    };
    if let Some(key) = replacements.keys().find(|key| !matches!(key.as_str(), "keys" | "values")) {
        return Err(invalid(format!("Incorrect arguments to \"map_replace\": unknown key {key}")));
    }
    let none = Map::new();
    let section = |name: &str| match replacements.get(name) {
        None | Some(Value::Null) => Ok(&none),
        Some(Value::Object(section)) => Ok(section),
        Some(_) => Err(invalid(format!("Incorrect arguments to \"map_replace\": \"{name}\" must be a map"))),
    };
    let (keys, values) = (section("keys")?, section("values")?);
    let mut replaced = Map::new();
    for (key, value) in map {
        let new_key = keys.get(key).map_or_else(|| key.clone(), text::display);
        if new_key != *key && map.contains_key(&new_key) || replaced.contains_key(&new_key) {
            return Err(invalid(format!("key replacement {new_key} collides with a key in the input map")));
        }
        let new_value = value.as_str().and_then(|text| values.get(text)).unwrap_or(value);
        replaced.insert(new_key, new_value.clone());
    }
    Ok(Value::Object(replaced))
}

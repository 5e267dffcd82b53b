//! Values as text, the way Heat (that is, Python) writes them; names and messages depend on it.

use serde_json::Value;

/// `str(value)` for scalars, JSON with sorted keys for the rest.
#[must_use]
pub fn display(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(_) | Value::Object(_) => json(value),
    }
}

/// `json.dumps(value, sort_keys=True)`: a blank after each comma and colon.
#[must_use]
pub fn json(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            let body: Vec<_> =
                entries.iter().map(|(key, item)| format!("{}: {}", Value::from(key.as_str()), json(item))).collect();
            format!("{{{}}}", body.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

/// Python's `repr`, near enough for messages.
#[must_use]
pub fn repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::String(text) => format!("'{text}'"),
        Value::Array(items) => format!("[{}]", items.iter().map(repr).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            format!("{{{}}}", map.iter().map(|(key, item)| format!("'{key}': {}", repr(item))).collect::<Vec<_>>().join(", "))
        }
        scalar => display(scalar),
    }
}

/// A number written as text, or given as one.
#[must_use]
pub fn number(value: &Value) -> Option<serde_json::Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => {
            let text = text.trim();
            text.parse::<i64>()
                .map(serde_json::Number::from)
                .ok()
                .or_else(|| text.parse::<f64>().ok().and_then(serde_json::Number::from_f64))
        }
        _ => None,
    }
}

/// oslo's strict reading of a boolean.
#[must_use]
pub fn boolean(value: &Value) -> Option<bool> {
    let text = match value {
        Value::Bool(flag) => return Some(*flag),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_lowercase(),
        _ => return None,
    };
    match text.as_str() {
        "1" | "t" | "true" | "on" | "y" | "yes" => Some(true),
        "0" | "f" | "false" | "off" | "n" | "no" => Some(false),
        _ => None,
    }
}

//! What a call came to, as named texts that compare line by line: templates by their meaning, parameters one to a line, scripts as they are.

use std::{collections::BTreeMap, fmt::Write};

use jeroboam_model::{CallRecord, call_record::Outcome};
use jeroboam_plugins::recorder::has_effect;
use serde_json::{Map, Value};
use serde_yaml_ng::Value as Yaml;

/// Texts by name: `template`, `files/node.yaml`, `parameters`, `effects`, `result`, …
pub type Document = BTreeMap<String, String>;

pub fn of(record: &CallRecord) -> Document {
    let mut document = Document::new();
    match &record.outcome {
        Outcome::Ok(value) => {
            let rest = definitions(value.clone(), "", &mut document);
            if !matches!(&rest, Value::Object(fields) if fields.is_empty()) {
                document.insert("result".to_owned(), pretty(&rest));
            }
        }
        Outcome::Error(error) => drop(document.insert("error".to_owned(), pretty(error))),
        Outcome::Stopped(reason) => drop(document.insert("stopped".to_owned(), format!("{reason}\n"))),
        Outcome::Cut(bytes) => drop(document.insert("cut".to_owned(), format!("{bytes} bytes\n"))),
    }
    let effects: Vec<String> = record.host_calls.iter().filter(|call| has_effect(call)).map(effect).collect();
    if !effects.is_empty() {
        document.insert("effects".to_owned(), effects.concat());
    }
    document
}

/// For calls that ended in different ways: how, and why if there is a reason.
pub fn in_a_line(record: &CallRecord) -> Document {
    let why = match &record.outcome {
        Outcome::Ok(_) => String::new(),
        Outcome::Error(error) => format!(": {error}"),
        Outcome::Stopped(reason) => format!(": {reason}"),
        Outcome::Cut(bytes) => format!(": {bytes} bytes"),
    };
    Document::from([("outcome".to_owned(), format!("{}{why}\n", record.outcome.as_str()))])
}

fn effect(call: &jeroboam_model::call_record::HostCall) -> String {
    format!("{} {} {}\n", call.interface, call.function, Value::Object(call.arguments.clone()))
}

/// Takes the stack definitions out of a value, each as texts of its own; answers what else there is.
fn definitions(value: Value, place: &str, document: &mut Document) -> Value {
    match value {
        Value::Object(fields) if is_definition(&fields) => {
            definition(&fields, place, document);
            Value::Object(Map::new())
        }
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(name, value)| (name.clone(), definitions(value, &format!("{place}{name}/"), document)))
                .collect(),
        ),
        Value::Array(items) => {
            let items = items.into_iter().enumerate();
            Value::Array(items.map(|(index, value)| definitions(value, &format!("{place}{index}/"), document)).collect())
        }
        plain => plain,
    }
}

fn is_definition(fields: &Map<String, Value>) -> bool {
    ["template", "files", "environment", "parameters"].iter().all(|name| fields.contains_key(*name))
}

fn definition(fields: &Map<String, Value>, place: &str, document: &mut Document) {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    for name in ["template", "environment"] {
        document.insert(format!("{place}{name}"), canonical(text(name)));
    }
    for (name, content) in pairs(fields.get("files")) {
        let content = content.as_str().unwrap_or_default();
        let is_yaml = [".yaml", ".yml", ".json", ".template"].iter().any(|ending| name.ends_with(ending));
        document.insert(format!("{place}files/{name}"), if is_yaml { canonical(content) } else { content.to_owned() });
    }
    let mut parameters: Vec<String> = pairs(fields.get("parameters")).map(|(name, value)| parameter(name, value)).collect();
    parameters.sort();
    document.insert(format!("{place}parameters"), parameters.concat());
}

fn pairs(list: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(|item| Some((item.get(0)?.as_str()?, item.get(1)?)))
}

/// `flavor: text "m1.small"`; `discovery: secret trustee-password`.
fn parameter(name: &str, value: &Value) -> String {
    let mut line = format!("{name}:");
    for (kind, value) in value.as_object().into_iter().flatten() {
        let document = value.as_str().filter(|_| kind == "json").and_then(|text| serde_json::from_str::<Value>(text).ok());
        let _ = write!(line, " {kind} {}", sorted(document.unwrap_or_else(|| value.clone())));
    }
    line.push('\n');
    line
}

/// YAML or JSON by its meaning: without comments, keys in order. What is neither stays as it is.
fn canonical(text: &str) -> String {
    let parsed = serde_yaml_ng::from_str::<Yaml>(text).ok().filter(|value| !matches!(value, Yaml::Null | Yaml::String(_)));
    parsed.and_then(|value| serde_yaml_ng::to_string(&ordered(value)).ok()).unwrap_or_else(|| text.to_owned())
}

fn ordered(value: Yaml) -> Yaml {
    match value {
        Yaml::Mapping(fields) => {
            let mut fields: Vec<(Yaml, Yaml)> = fields.into_iter().map(|(key, value)| (key, ordered(value))).collect();
            fields.sort_by(|(a, _), (b, _)| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
            Yaml::Mapping(fields.into_iter().collect())
        }
        Yaml::Sequence(items) => Yaml::Sequence(items.into_iter().map(ordered).collect()),
        plain => plain,
    }
}

/// The keys of objects in order.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<String, Value> = fields.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        plain => plain,
    }
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(&sorted(value.clone())).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(value: Value) -> Document {
        let mut document = Document::new();
        definitions(value, "", &mut document);
        document
    }

    fn stack(template: &str, parameters: Value) -> Value {
        json!({"template": template, "files": [["a.sh", "# x\n"], ["b.yaml", "b: 1 # two\n"]], "environment": "", "parameters": parameters})
    }

    #[test]
    fn order_comments_and_quoting_of_yaml_mean_nothing_and_those_of_scripts_do() {
        let one = texts(stack("b: \"x\"\na: 1\n", json!([["n", {"number": 1}], ["j", {"json": "{\"b\":1,\"a\":2}"}]])));
        let other =
            texts(stack("# hello\n{a: 1, b: x}", json!([["j", {"json": "{ \"a\": 2, \"b\": 1 }"}], ["n", {"number": 1}]])));
        assert_eq!(one, other);
        assert_eq!(one["files/a.sh"], "# x\n");
        assert_eq!(one["parameters"], "j: json {\"a\":2,\"b\":1}\nn: number 1\n");
    }

    #[test]
    fn the_steps_of_a_plan_have_texts_of_their_own() {
        let plan = json!({"steps": [{"summary": "one", "definition": stack("a: 1", json!([]))}], "warnings": []});
        assert!(texts(plan).contains_key("steps/0/definition/template"));
    }
}

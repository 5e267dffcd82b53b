//! Reads HOT: what a template declares and uses, and which of its resources exist for given parameters. The main template of a definition goes by the name
//! `cluster.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use jeroboam_driver_sdk::{StackDefinition, Value};
use serde_json::{Map, Value as Json, json};

/// By name.
pub type Parameters = BTreeMap<String, Json>;

/// A template as a document.
pub fn parse(text: &str) -> Map<String, Json> {
    let document: Json = serde_yaml_ng::from_str(text).unwrap();
    document.as_object().unwrap().clone()
}

/// A section of a template; empty if it has none.
pub fn section<'a>(template: &'a Map<String, Json>, name: &str) -> &'a Map<String, Json> {
    static EMPTY: std::sync::LazyLock<Map<String, Json>> = std::sync::LazyLock::new(Map::new);
    template.get(name).map_or(&EMPTY, |section| section.as_object().unwrap())
}

/// All templates of a definition by name; the main one is `cluster.yaml`.
pub fn templates(definition: &StackDefinition) -> BTreeMap<String, Map<String, Json>> {
    let nested = definition.files.iter().filter(|(name, _)| name.ends_with(".yaml"));
    let mut all: BTreeMap<_, _> = nested.map(|(name, text)| (name.clone(), parse(text))).collect();
    all.insert("cluster.yaml".into(), parse(&definition.template));
    all
}

/// The parameters that a definition passes.
pub fn given(definition: &StackDefinition) -> Parameters {
    let plain = |value: &Value| match value {
        Value::Text(text) => json!(text),
        Value::Number(number) => json!(number),
        Value::Flag(flag) => json!(flag),
        Value::Json(text) => serde_json::from_str(text).unwrap(),
        Value::Secret(name) => json!(format!("secret {name:?}")),
    };
    definition.parameters.iter().map(|(name, value)| (name.clone(), plain(value))).collect()
}

/// The arguments of every use of a function, anywhere below.
pub fn uses<'a>(value: &'a Json, function: &str) -> Vec<&'a Json> {
    let mut found = Vec::new();
    walk(value, &mut |node| {
        if let Some(map) = node.as_object().filter(|map| map.len() == 1) {
            found.extend(map.get(function));
        }
    });
    found
}

fn walk<'a>(value: &'a Json, visit: &mut impl FnMut(&'a Json)) {
    visit(value);
    match value {
        Json::Array(items) => items.iter().for_each(|item| walk(item, visit)),
        Json::Object(map) => map.values().for_each(|item| walk(item, visit)),
        _ => {}
    }
}

/// The first argument, which names something.
pub fn head(arguments: &Json) -> &str {
    arguments.as_str().or_else(|| arguments.get(0)?.as_str()).unwrap_or_else(|| panic!("{arguments} names nothing"))
}

/// Type and properties of a resource; those of the members for a group.
pub fn nested(resource: &Json) -> Option<(&str, &Map<String, Json>)> {
    static EMPTY: std::sync::LazyLock<Map<String, Json>> = std::sync::LazyLock::new(Map::new);
    let inner = resource.pointer("/properties/resource_def").unwrap_or(resource);
    let kind = inner["type"].as_str()?;
    Some((kind, inner.get("properties").and_then(Json::as_object).unwrap_or(&EMPTY)))
}

/// The value of a condition.
pub fn holds(condition: &Json, template: &Map<String, Json>, parameters: &Parameters) -> bool {
    if let Some(value) = condition.as_bool() {
        return value;
    }
    if let Some(name) = condition.as_str() {
        return holds(&section(template, "conditions")[name], template, parameters);
    }
    let (function, arguments) = condition.as_object().unwrap().iter().next().unwrap();
    match function.as_str() {
        "get_param" => resolve(condition, template, parameters).as_bool().unwrap(),
        "not" => !holds(arguments, template, parameters),
        "and" => arguments.as_array().unwrap().iter().all(|argument| holds(argument, template, parameters)),
        "or" => arguments.as_array().unwrap().iter().any(|argument| holds(argument, template, parameters)),
        "equals" => resolve(&arguments[0], template, parameters) == resolve(&arguments[1], template, parameters),
        other => panic!("no condition {other}"),
    }
}

/// A value as far as parameters say; anything else stays as it is.
fn resolve(value: &Json, template: &Map<String, Json>, parameters: &Parameters) -> Json {
    let Some(Json::String(name)) = value.get("get_param") else { return value.clone() };
    let default = section(template, "parameters").get(name).and_then(|parameter| parameter.get("default")).cloned();
    parameters.get(name).cloned().or(default).unwrap_or(Json::Null)
}

/// Names of the resources that a stack of this template has, those of nested stacks after the path of their parents.
pub fn resources(all: &BTreeMap<String, Map<String, Json>>, name: &str, parameters: &Parameters) -> BTreeSet<String> {
    let template = &all[name];
    let mut found = BTreeSet::new();
    for (name, resource) in section(template, "resources") {
        if resource.get("condition").is_some_and(|condition| !holds(condition, template, parameters)) {
            continue;
        }
        found.insert(name.clone());
        let (kind, properties) = nested(resource).unwrap();
        let count = resource.pointer("/properties/count").map(|count| resolve(count, template, parameters).as_u64().unwrap());
        let members = match count {
            Some(count) => (0..count).map(|index| format!("{name}/{index}")).collect(),
            None => vec![name.clone()],
        };
        let inner: Parameters =
            properties.iter().map(|(name, value)| (name.clone(), resolve(value, template, parameters))).collect();
        for member in members {
            found.insert(member.clone());
            if all.contains_key(kind) {
                found.extend(resources(all, kind, &inner).iter().map(|inner| format!("{member}/{inner}")));
            }
        }
    }
    found
}

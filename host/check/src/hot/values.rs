//! The parameters of a definition against those that its template declares.

use std::collections::BTreeSet;

use jeroboam_model::driver::{StackDefinition, Value};
use serde_yaml_ng::Value as Yaml;

use super::{Problem, template::Template};

const TYPES: &[&str] = &["string", "number", "boolean", "json", "comma_delimited_list"];

pub fn check(template: &Template, definition: &StackDefinition, problems: &mut Vec<Problem>) {
    for name in template.names("parameters") {
        let kind =
            template.parameter(name).and_then(|parameter| parameter.get("type")).and_then(Yaml::as_str).unwrap_or("missing");
        if !TYPES.contains(&kind) {
            problems.push(Problem {
                place: template.place_of(name),
                what: format!("the type of parameter {name} is {kind}"),
                change: format!("one of {}", TYPES.join(", ")),
            });
        }
    }
    let given: BTreeSet<&str> = definition.parameters.iter().map(|(name, _)| name.as_str()).collect();
    for (name, value) in &definition.parameters {
        match template.parameter(name) {
            None => {
                let near = jeroboam_model::nearest::nearest(name, template.names("parameters"))
                    .map(|near| format!(" (or write {near})"));
                problems.push(Problem {
                    place: format!("parameters/{name} of the definition"),
                    what: format!("gives the parameter {name}, which the template does not declare"),
                    change: format!(
                        "declare {name} under `parameters` of the template, or do not give it{}",
                        near.unwrap_or_default()
                    ),
                });
            }
            Some(declared) => problems.extend(fits(template, name, declared, value)),
        }
    }
    for name in template.required().filter(|name| !given.contains(name)) {
        problems.push(Problem {
            place: template.place_of(name),
            what: format!("the template needs the parameter {name}, and the definition does not give it"),
            change: format!("give {name} among `parameters` of the definition, or give it a default"),
        });
    }
}

fn fits(template: &Template, name: &str, declared: &Yaml, value: &Value) -> Option<Problem> {
    let kind = declared.get("type").and_then(Yaml::as_str).unwrap_or("string");
    let (given, is_right) = match value {
        Value::Text(text) => ("text", kind != "number" && kind != "boolean" && kind != "json" || parses(kind, text)),
        Value::Number(_) => ("number", kind == "number" || kind == "string"),
        Value::Flag(_) => ("flag", kind == "boolean"),
        Value::Json(document) => ("json", kind == "json" || kind == "comma_delimited_list" && document.is_array()),
        Value::Secret(_) => ("secret", kind == "string"),
    };
    if !is_right {
        return Some(Problem {
            place: template.place_of(name),
            what: format!("parameter {name} is of type {kind}, and the definition gives a value of kind {given}"),
            change: "the type in the template, or the kind of the value".to_owned(),
        });
    }
    let refused = constraints(declared, value)?;
    Some(Problem {
        place: template.place_of(name),
        what: format!("parameter {name}: {refused}"),
        change: "the constraint in the template, or the value in the definition".to_owned(),
    })
}

fn parses(kind: &str, text: &str) -> bool {
    match kind {
        "number" => text.parse::<f64>().is_ok(),
        "boolean" => matches!(
            text.to_lowercase().as_str(),
            "true" | "false" | "t" | "f" | "on" | "off" | "yes" | "no" | "y" | "n" | "1" | "0"
        ),
        _ => serde_json::from_str::<serde_json::Value>(text).is_ok(),
    }
}

/// Those that can be decided from the template alone.
fn constraints(declared: &Yaml, value: &Value) -> Option<String> {
    let all = declared.get("constraints").and_then(Yaml::as_sequence);
    all.into_iter().flatten().find_map(|constraint| match value {
        Value::Text(text) => {
            let allowed = constraint.get("allowed_values").and_then(Yaml::as_sequence)?;
            let is_there = allowed.iter().any(|one| scalar(one).as_deref() == Some(text));
            (!is_there).then(|| format!("{text:?} is none of its allowed_values"))
        }
        Value::Number(number) => {
            let range = constraint.get("range")?;
            let limit = |name: &str| range.get(name).and_then(Yaml::as_i64);
            let is_within = limit("min").is_none_or(|min| *number >= min) && limit("max").is_none_or(|max| *number <= max);
            (!is_within).then(|| format!("{number} is not in its range"))
        }
        _ => None,
    })
}

fn scalar(value: &Yaml) -> Option<String> {
    match value {
        Yaml::String(text) => Some(text.clone()),
        Yaml::Number(number) => Some(number.to_string()),
        Yaml::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

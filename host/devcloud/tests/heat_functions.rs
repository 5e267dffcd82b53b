//! The functions of templates, as cases in `tests/hot/*.yaml`: an expression, and its value or a part of the error.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

use std::{collections::BTreeMap, fs, path::Path};

use jeroboam_devcloud::heat::hot::{
    EvalError, Parameters, Resolve, Template,
    eval::{Evaluated, select_attribute},
    evaluate, evaluate_condition,
    expression::Facade,
    source,
};
use serde_json::{Map, Value, json};

/// What a case file sets up around its expressions.
struct World {
    template: Template,
    parameters: Parameters,
    file: Value,
}

impl Resolve for World {
    fn parameter(&self, name: &str) -> Evaluated {
        if name == "OS::stack_name" {
            return Ok(json!("teststack"));
        }
        Ok(self.parameters.get(name).cloned().expect("a declared parameter"))
    }

    fn reference(&self, resource: &str) -> Evaluated {
        Ok(self.file["resources"][resource]["reference"].clone())
    }

    fn attribute(&self, resource: &str, attribute: Option<&str>, path: &[Value]) -> Evaluated {
        let attributes = &self.file["resources"][resource]["attributes"];
        Ok(select_attribute(attribute.map_or(attributes, |name| &attributes[name]).clone(), path))
    }

    fn file(&self, name: &str) -> Option<String> {
        self.file["files"][name].as_str().map(str::to_owned)
    }

    fn facade(&self, _: Facade) -> Evaluated {
        Ok(Value::Null)
    }

    fn condition(&self, name: &str) -> Evaluated<bool> {
        evaluate_condition(&self.template.conditions[name], self)
    }
}

/// The value of a case's expression, put into a template as a property.
fn value_of(file: &Value, case: &Value) -> Result<Value, String> {
    let version = case["version"].as_str().unwrap_or("wallaby");
    let mut template = json!({
        "heat_template_version": version,
        "resources": {"probe": {"type": "OS::Heat::Value", "properties": {"value": case["expression"]}}},
    });
    if !file["parameters"].is_null() {
        template["parameters"] = file["parameters"].clone();
    }
    if version == "wallaby" || version > "2016-10-01" {
        template["conditions"] = file["conditions"].clone();
    }
    for name in file["resources"].as_object().into_iter().flat_map(Map::keys) {
        template["resources"][name] = json!({"type": "OS::Heat::TestResource"});
    }
    let template = Template::parse(&template).map_err(|error| error.message)?;
    let parameters = Parameters::read(&template.parameters, &Map::new(), &Map::new()).map_err(|error| error.message)?;
    let expression = template.resources["probe"].properties[0].1.clone();
    let world = World { template, parameters, file: file.clone() };
    evaluate(&expression, &world).map_err(|error| match error {
        EvalError::Heat(error) => error.message,
        EvalError::Unresolved => "unresolved".to_owned(),
    })
}

#[test]
fn every_function_gives_what_its_cases_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hot");
    let mut counts = BTreeMap::new();
    let mut wrong = Vec::new();
    for entry in fs::read_dir(folder).expect("the cases") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a case file");
        let file = source::parse_text(&text, "cases").expect("a readable case file");
        let cases = file["cases"].as_array().expect("cases");
        counts.insert(path.clone(), cases.len());
        for case in cases {
            let outcome = value_of(&file, case);
            let right = match (&outcome, case.get("error").and_then(Value::as_str)) {
                (Err(message), Some(part)) => message.contains(part),
                (Ok(value), None) => *value == case["value"],
                _ => false,
            };
            if !right {
                wrong.push(format!("{}: {}: {outcome:?}", path.display(), case["name"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(counts.len() >= 4 && counts.values().all(|count| *count > 5), "case files are missing: {counts:?}");
}

//! What the templates of every driver have to satisfy. Each function panics with what is wrong.

use std::collections::BTreeSet;

use jeroboam_driver_sdk::{SecretName, StackDefinition, Value};
use serde_json::{Map, Value as Json};

use super::hot;

/// All of the below.
pub fn check(definition: &StackDefinition) {
    arguments_match_parameters(definition);
    values_have_their_types(definition);
    references_lead_somewhere(definition);
    conditional_resources_are_read_under_their_condition(definition);
    secrets_are_hidden(definition);
}

/// Every parameter that is passed, to the stack or to a nested one, is declared, and those without a default are passed.
pub fn arguments_match_parameters(definition: &StackDefinition) {
    let templates = hot::templates(definition);
    arguments("cluster.yaml", hot::given(definition).into_keys().collect(), &templates["cluster.yaml"]);
    for (name, template) in &templates {
        for (resource, body) in hot::section(template, "resources") {
            let (kind, properties) = hot::nested(body).unwrap();
            if let Some(child) = templates.get(kind) {
                arguments(&format!("{name}/{resource}"), properties.keys().cloned().collect(), child);
            }
            assert!(templates.contains_key(kind) || kind.starts_with("OS::"), "{name}/{resource}: no template {kind}");
        }
    }
}

fn arguments(place: &str, passed: BTreeSet<String>, template: &Map<String, Json>) {
    let declared = hot::section(template, "parameters");
    let required = declared.iter().filter(|(_, parameter)| parameter.get("default").is_none());
    for (name, _) in required {
        assert!(passed.contains(name), "{place}: {name} has no default and is not passed");
    }
    for name in passed {
        assert!(declared.contains_key(&name), "{place}: {name} is not declared");
    }
}

/// Values have the types that the template declares.
pub fn values_have_their_types(definition: &StackDefinition) {
    let template = hot::parse(&definition.template);
    for (name, value) in &definition.parameters {
        let declared = template["parameters"][name]["type"].as_str().unwrap();
        let fits = match value {
            Value::Text(_) | Value::Secret(_) => declared == "string",
            Value::Number(_) => declared == "number",
            Value::Flag(_) => declared == "boolean",
            Value::Json(_) => ["json", "comma_delimited_list"].contains(&declared),
        };
        assert!(fits, "{name} is declared as {declared} and passed as {value:?}");
    }
}

/// What a template refers to is there, and what it declares is read.
pub fn references_lead_somewhere(definition: &StackDefinition) {
    for (name, template) in hot::templates(definition) {
        let whole = Json::Object(template.clone());
        let names = |section: &str| hot::section(&template, section).keys().cloned().collect::<BTreeSet<_>>();
        let used: BTreeSet<String> =
            hot::uses(&whole, "get_param").into_iter().map(|arguments| hot::head(arguments).to_owned()).collect();
        for parameter in &used {
            let known = names("parameters").contains(parameter) || parameter.starts_with("OS::");
            assert!(known, "{name}: no parameter {parameter}");
        }
        for parameter in names("parameters") {
            assert!(used.contains(&parameter), "{name}: nobody reads {parameter}");
        }
        for arguments in hot::uses(&whole, "get_resource").into_iter().chain(hot::uses(&whole, "get_attr")) {
            assert!(names("resources").contains(hot::head(arguments)), "{name}: no resource {arguments}");
        }
        for file in hot::uses(&whole, "get_file") {
            assert!(definition.files.iter().any(|(given, _)| given == file), "{name}: no file {file}");
        }
        for arguments in hot::uses(&whole, "if") {
            let condition = arguments[0].as_str().or(arguments[0]["not"].as_str()).unwrap();
            assert!(names("conditions").contains(condition), "{name}: no condition {condition}");
        }
        for (parameter, body) in hot::section(&template, "parameters") {
            let text = body["description"].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{name}: {parameter} has no description");
        }
    }
}

/// What is conditional is not read where it may be missing.
pub fn conditional_resources_are_read_under_their_condition(definition: &StackDefinition) {
    for (name, template) in hot::templates(definition) {
        let resources = hot::section(&template, "resources");
        let conditional = |resource: &str| resources.get(resource).and_then(|body| body.get("condition"));
        for (place, body) in resources.iter().chain(hot::section(&template, "outputs")) {
            let mut guarded = body.clone();
            strip_branches(&mut guarded);
            for arguments in hot::uses(&guarded, "get_resource").into_iter().chain(hot::uses(&guarded, "get_attr")) {
                let target = conditional(hot::head(arguments));
                assert!(
                    target.is_none() || target == body.get("condition"),
                    "{name}: {place} reads {arguments}, which may be missing"
                );
            }
        }
    }
}

/// Leaves out what stands in the branches of `if`.
fn strip_branches(value: &mut Json) {
    match value {
        Json::Object(map) if map.len() == 1 && map.contains_key("if") => *value = Json::Null,
        Json::Object(map) => map.values_mut().for_each(strip_branches),
        Json::Array(items) => items.iter_mut().for_each(strip_branches),
        _ => {}
    }
}

/// Only names of secrets are passed, to parameters that are hidden.
pub fn secrets_are_hidden(definition: &StackDefinition) {
    let template = hot::parse(&definition.template);
    for (name, value) in &definition.parameters {
        let Value::Secret(secret) = value else { continue };
        let hidden = template["parameters"][name].get("hidden") == Some(&Json::Bool(true));
        let public = [SecretName::TrusteeUserId, SecretName::TrusteeUsername, SecretName::TrusteeDomainId];
        assert!(hidden || public.contains(secret), "{name} is not hidden");
    }
}

//! What a template's functions name has to be in the template.

use std::collections::BTreeSet;

use serde_yaml_ng::Value as Yaml;

use super::{Problem, template::Template};

/// Parameters that every stack has.
const PSEUDO: &[&str] = &["OS::stack_id", "OS::stack_name", "OS::project_id"];

struct Known<'a> {
    template: &'a Template,
    parameters: BTreeSet<&'a str>,
    resources: BTreeSet<&'a str>,
    conditions: BTreeSet<&'a str>,
}

pub fn check(template: &Template, problems: &mut Vec<Problem>) {
    let known = Known {
        template,
        parameters: template.names("parameters").chain(PSEUDO.iter().copied()).collect(),
        resources: template.names("resources").collect(),
        conditions: template.names("conditions").collect(),
    };
    for section in ["resources", "outputs", "conditions"] {
        if let Some(node) = template.section(section) {
            known.walk(node, problems);
        }
    }
    for (name, resource) in template.section("resources").and_then(Yaml::as_mapping).into_iter().flatten() {
        let name = name.as_str().unwrap_or_default();
        if resource.get("type").and_then(Yaml::as_str).is_none() {
            problems.push(Problem {
                place: template.place_of(name),
                what: format!("resource {name} has no type"),
                change: "give it one".to_owned(),
            });
        }
        known.condition(resource, problems);
        known.dependencies(resource, problems);
    }
    for (_, output) in template.section("outputs").and_then(Yaml::as_mapping).into_iter().flatten() {
        known.condition(output, problems);
    }
}

impl Known<'_> {
    fn walk(&self, node: &Yaml, problems: &mut Vec<Problem>) {
        match node {
            Yaml::Mapping(map) => {
                for (key, value) in map {
                    let first = value.as_str().or_else(|| value.get(0).and_then(Yaml::as_str));
                    match (key.as_str(), first) {
                        (Some(function @ "get_param"), Some(name)) => {
                            self.named(function, "parameter", name, &self.parameters, problems)
                        }
                        (Some(function @ ("get_resource" | "get_attr")), Some(name)) => {
                            self.named(function, "resource", name, &self.resources, problems);
                        }
                        (Some(function @ "if"), Some(name)) => {
                            self.named(function, "condition", name, &self.conditions, problems)
                        }
                        _ => {}
                    }
                    self.walk(value, problems);
                }
            }
            Yaml::Sequence(items) => items.iter().for_each(|item| self.walk(item, problems)),
            _ => {}
        }
    }

    fn condition(&self, node: &Yaml, problems: &mut Vec<Problem>) {
        if let Some(name) = node.get("condition").and_then(Yaml::as_str) {
            self.named("condition", "condition", name, &self.conditions, problems);
        }
    }

    fn dependencies(&self, resource: &Yaml, problems: &mut Vec<Problem>) {
        let Some(node) = resource.get("depends_on") else { return };
        let several = node.as_sequence().into_iter().flatten().filter_map(Yaml::as_str);
        for name in node.as_str().into_iter().chain(several) {
            self.named("depends_on", "resource", name, &self.resources, problems);
        }
    }

    fn named(&self, function: &str, kind: &str, name: &str, known: &BTreeSet<&str>, problems: &mut Vec<Problem>) {
        // A word that Heat puts something else in place of: "%index%".
        if !known.contains(name) && !name.contains('%') {
            let near = jeroboam_model::nearest::nearest(name, known.iter().copied());
            problems.push(Problem {
                place: self.template.place_of_reference(function, name),
                what: format!("{function} names the {kind} {name}, and {} has none of that name", self.template.place),
                change: near.map_or_else(
                    || format!("declare the {kind} {name}"),
                    |near| format!("declare it, or write {near} if that was meant"),
                ),
            });
        }
    }
}

//! Whether Heat would take a definition: what can be seen without a cloud. `jeroboam driver test` goes on where this ends.

mod references;
mod template;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use jeroboam_model::driver::StackDefinition;
use serde_yaml_ng::Value as Yaml;

use super::report::Report;
use template::Template;

const AREA: &str = "template";

/// A problem: where, what, and what to change.
pub struct Problem {
    pub place: String,
    pub what: String,
    pub change: String,
}

/// Reports what is wrong with the definition of a sample. That it is YAML and names nothing from outside has been checked.
pub fn check(definition: &StackDefinition, sample: &str, report: &mut Report) {
    let mut problems = Vec::new();
    let files: BTreeMap<&str, &str> = definition.files.iter().map(|(name, text)| (name.as_str(), &**text)).collect();
    let Some(root) = Template::parse("template", &definition.template, &mut problems) else {
        return tell(problems, sample, report);
    };
    values::check(&root, definition, &mut problems);
    let mut used = BTreeSet::new();
    let mut waiting = vec![root];
    while let Some(template) = waiting.pop() {
        references::check(&template, &mut problems);
        for (name, properties, resource) in template.nested() {
            let Some(text) = files.get(name.as_str()) else { continue };
            let Some(nested) = Template::parse(&format!("files/{name}"), text, &mut problems) else { continue };
            arguments(&template, &resource, properties, &nested, &mut problems);
            if used.insert(name) {
                waiting.push(nested);
            }
        }
    }
    tell(problems, sample, report);
}

fn tell(problems: Vec<Problem>, sample: &str, report: &mut Report) {
    for Problem { place, what, change } in problems {
        report.fail(AREA, format!("{place} (define-stack, sample \"{sample}\")"), what, change);
    }
}

/// The properties of a resource whose type is a template are that template's parameters.
fn arguments(from: &Template, resource: &str, properties: &Yaml, nested: &Template, problems: &mut Vec<Problem>) {
    let given: BTreeSet<&str> = properties.as_mapping().into_iter().flat_map(|map| map.keys()).filter_map(Yaml::as_str).collect();
    for name in given.iter().filter(|name| nested.parameter(name).is_none()) {
        problems.push(Problem {
            place: from.place_of(name),
            what: format!("resource {resource} gives {name}, which {} does not declare", nested.place),
            change: format!("declare the parameter {name} in {}, or do not give it", nested.place),
        });
    }
    for name in nested.required().filter(|name| !given.contains(name)) {
        problems.push(Problem {
            place: from.place_of(resource),
            what: format!("resource {resource} does not give {name}, which {} needs", nested.place),
            change: format!("give it among the resource's properties, or give the parameter {name} a default"),
        });
    }
}

//! `read-stack`: of a stack that failed, outputs are missing or null, and what is there may have holes.

use jeroboam_model::driver::StackScope;
use serde_json::{Value, json};

use super::{
    answers::{Answer, Ended},
    report::Report,
    subject::Subject,
    world::World,
};

const AREA: &str = "read-stack";

pub async fn check(subject: &Subject, answers: &[Answer], report: &mut Report) {
    let Some(answer) = answers.first() else { return };
    let names = declared(&answer.defined.definition.template);
    let each = |value: &Value| names.iter().map(|name| (name.clone(), value.clone())).collect::<Vec<_>>();
    let cases = [
        ("no outputs at all", Vec::new(), true),
        ("every output null", each(&Value::Null), true),
        ("every output an empty text", each(&json!("")), true),
        ("lists with holes", each(&json!([null, "192.0.2.7", ""])), false),
        ("values of another type", each(&json!({"unexpected": [1, 2]})), false),
    ];
    for (case, outputs, has_to_answer) in cases {
        let context = subject.context(&World::default());
        let place = format!("read-stack, {case}");
        match subject.driver.read_stack(&answer.sample.view, StackScope::Cluster, outputs, context).await.into() {
            Ended::Answered(_) => {}
            Ended::Broken(why) => report.fail(AREA, place, format!("{case}: {why}"), "leave out what a missing output would say"),
            Ended::Refused(error) if has_to_answer => {
                report.fail(
                    AREA,
                    place,
                    format!("{case}: it answers \"{error}\""),
                    "answer what is known: nothing, if nothing is",
                );
            }
            Ended::Refused(_) => {}
        }
    }
    report.conclude(AREA, "stacks whose outputs are missing can be read");
}

/// The names of a template's outputs.
fn declared(template: &str) -> Vec<String> {
    let parsed: serde_yaml_ng::Value = serde_yaml_ng::from_str(template).unwrap_or_default();
    let outputs = parsed.get("outputs").and_then(serde_yaml_ng::Value::as_mapping);
    outputs.into_iter().flat_map(|outputs| outputs.keys()).filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

//! A recorded call as a native test.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, ClusterType, Description, Driver, Error, Features, Progress, StackDefinition, StackScope, Value,
    Warning,
    errors::blame,
    load_balancers, lookup, settings,
    testing::{self, Record, RecordError, names},
};
use serde_json::json;

/// Boots from as large a disk as the flavor has.
struct Probe;

/// Another version of it, which asks for the image too.
struct Curious;

fn stack(disk: u32) -> StackDefinition {
    let parameters =
        vec![("disk".into(), Value::Number(disk.into())), ("region".into(), Value::Text(settings::get_platform().region))];
    StackDefinition {
        template: "heat_template_version: 2018-08-31\n".into(),
        files: vec![],
        environment: String::new(),
        parameters,
    }
}

macro_rules! driver {
    ($name:ident, |$cluster:ident| $define:block) => {
        impl Driver for $name {
            fn describe() -> Description {
                Description {
                    name: "probe".to_owned(),
                    version: "0.1.0".to_owned(),
                    summary: "For tests.".to_owned(),
                    cluster_types: vec![ClusterType { server_type: "vm".into(), os_distro: "any".into(), coe: "kubernetes".into() }],
                    labels: vec![],
                    features: Features::empty(),
                    capabilities: vec![],
                    extras: vec![],
                }
            }
            fn validate_template(_: &ClusterTemplate) -> Result<Vec<Warning>, Error> {
                Ok(vec![])
            }
            fn validate_cluster(_: &Cluster) -> Result<Vec<Warning>, Error> {
                Ok(vec![])
            }
            fn define_stack($cluster: &Cluster, _: &StackScope) -> Result<StackDefinition, Error> $define
            fn before_delete(_: &Cluster) -> Result<Progress, Error> {
                load_balancers::list_owned()?.iter().try_for_each(|owned| load_balancers::delete(&owned.id))?;
                Ok(Progress::Done)
            }
        }
    };
}

driver!(Probe, |cluster| { Ok(stack(lookup::get_flavor(&cluster.groups[1].flavor).map_err(blame("flavor_id"))?.disk)) });
driver!(Curious, |cluster| {
    lookup::get_image(&cluster.groups[1].image)?;
    Ok(stack(1))
});

fn call(interface: &str, function: &str, arguments: serde_json::Value, answer: serde_json::Value) -> serde_json::Value {
    json!({"interface": interface, "function": function, "arguments": arguments, "answer": answer})
}

/// As the host writes it.
fn record(function: &str, host_calls: serde_json::Value, outcome: serde_json::Value) -> Record {
    let cluster = names::to_value(&testing::cluster()).unwrap();
    let record = json!({"format": 1, "function": function, "input": {"cluster": cluster, "scope": "cluster"},
        "host_calls": host_calls, "outcome": outcome});
    Record::parse(&record.to_string()).unwrap()
}

fn defined(flavor: serde_json::Value) -> Record {
    let platform = names::to_value(&testing::samples::platform()).unwrap();
    let calls = json!([
        call("lookup", "get-flavor", json!({"name-or-id": "m1.small"}), flavor),
        call("settings", "get-platform", json!({}), json!({"ok": platform})),
    ]);
    let parameters = json!([["disk", {"number": 20}], ["region", {"text": "RegionOne"}]]);
    let answer =
        json!({"template": "heat_template_version: 2018-08-31\n", "files": [], "environment": "", "parameters": parameters});
    record("define-stack", calls, json!({"ok": answer}))
}

fn small(disk: u32) -> serde_json::Value {
    json!({"ok": {"id": "1", "name": "m1.small", "vcpus": 1, "ram": 2048, "disk": disk}})
}

#[test]
fn a_driver_that_answers_as_it_did_passes() {
    defined(small(20)).replay::<Probe>().unwrap();
    let cluster: Cluster = defined(small(20)).argument("cluster").unwrap();
    assert_eq!(cluster, testing::cluster());
}

#[test]
fn a_driver_that_answers_otherwise_is_told_where() {
    let Err(RecordError::Different(lines)) = defined(small(40)).replay::<Probe>() else { panic!("it differs") };
    assert_eq!(lines, ["ok/parameters/0/1/number: was 20, is 40"]);
}

#[test]
fn a_question_that_was_not_asked_then_is_named() {
    let Err(RecordError::Unanswered(questions)) = defined(small(20)).replay::<Curious>() else { panic!("it asks more") };
    assert_eq!(questions, ["lookup get-image {\"name-or-id\":\"fedora-coreos\"}"]);
}

#[test]
fn an_error_of_then_is_one_now() {
    let Err(RecordError::Different(lines)) = defined(json!({"error": {"not-found": "no such flavor"}})).replay::<Probe>() else {
        panic!("it differs")
    };
    assert!(lines.iter().any(|line| line.starts_with("error: was null") && line.contains("flavor_id")), "{lines:?}");
}

#[test]
fn effects_go_to_the_record_and_nowhere_else() {
    let owned = json!([{"id": "lb-1", "name": "a", "description": "", "provisioning-status": "ACTIVE", "vip-port-id": null}]);
    let calls = json!([
        call("load-balancers", "list-owned", json!({}), json!({"ok": owned})),
        call("load-balancers", "delete", json!({"id": "lb-1"}), json!({"ok": null})),
    ]);
    record("before-delete", calls, json!({"ok": "done"})).replay::<Probe>().unwrap();
}

#[test]
fn nonsense_is_refused_with_its_place() {
    let damaged = |text: &str| match Record::parse(text).and_then(|record| record.replay::<Probe>()) {
        Err(RecordError::Damaged(what)) => what,
        other => panic!("{other:?}"),
    };
    assert!(damaged("{}").contains("format"));
    assert!(damaged("{\"format\": 1, \"function\": \"dance\"}").contains("dance"));
    let input = json!({"format": 1, "function": "before-delete", "input": {"cluster": {"uuid": 5}}});
    assert!(damaged(&input.to_string()).starts_with("input/cluster: uuid"));
}

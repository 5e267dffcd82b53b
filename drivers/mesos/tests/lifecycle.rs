//! What the driver does with a cluster that is there: outputs, health, removals, and what it does not do.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_driver_mesos::Mesos;
use jeroboam_driver_sdk::{
    Cluster, Driver, Error, Features, HealthStatus, Output, StackScope,
    coe_api::{Request, Response},
    testing::World,
};
use serde_json::{Value as Json, json};
use support::{large, small, trusting, world_on};

#[test]
fn outputs_tell_addresses() {
    let outputs: Vec<Output> = [
        ("api_address", json!("203.0.113.7")),
        ("mesos_master", json!(["203.0.113.1"])),
        ("mesos_master_private", json!(["10.0.0.1"])),
        ("mesos_slaves", json!(["203.0.113.2", null])),
        ("mesos_slaves_private", json!(["10.0.0.2", null])),
    ]
    .into_iter()
    .map(|(name, value)| Output { name: name.to_owned(), value: value.to_string() })
    .collect();
    let mut cluster = small();
    let read = |cluster: &Cluster| {
        let observed = Mesos::read_stack(cluster, &StackScope::Cluster, &outputs).unwrap();
        let nodes: Vec<Vec<String>> = observed.groups.into_iter().map(|group| group.node_addresses).collect();
        (observed.api_address.unwrap(), nodes.concat())
    };
    assert_eq!(read(&cluster), ("http://203.0.113.7:8080".into(), vec!["203.0.113.1".into(), "203.0.113.2".into()]));
    cluster.floating_ip_enabled = false;
    cluster.template.apiserver_port = Some(9090);
    assert_eq!(read(&cluster), ("http://203.0.113.7:9090".into(), vec!["10.0.0.1".into(), "10.0.0.2".into()]));
}

/// A Marathon with tasks on these hosts.
fn marathon(ping: &'static str, info: Json, hosts: &[&str]) -> World {
    let tasks: Vec<Json> = hosts.iter().map(|host| json!({"id": "web.1", "appId": "/web", "host": host})).collect();
    world_on(trusting()).coe_api(move |request: &Request| {
        let body = match request.path.as_str() {
            "/ping" => ping.to_owned(),
            "/v2/info" => info.to_string(),
            "/v2/tasks" => {
                let accepted = request.headers.iter().any(|(name, value)| name == "accept" && value == "application/json");
                assert!(accepted, "Marathon answers in plain text to who does not ask for JSON");
                json!({"tasks": tasks}).to_string()
            }
            path => panic!("{path}"),
        };
        Ok(Response { status: if body == "down" { 503 } else { 200 }, headers: vec![], body: body.into_bytes() })
    })
}

fn leading() -> Json {
    json!({"name": "marathon", "leader": "10.0.0.1:8080", "frameworkId": "f-0000"})
}

#[test]
fn a_cluster_is_healthy_if_marathon_leads_and_mesos_knows_it() {
    let check = |world: World| world.run(|| Mesos::check_health(&large())).unwrap();
    let healthy = check(marathon("pong", leading(), &[]));
    assert_eq!(healthy.status, HealthStatus::Healthy);
    let expected = [("api", "ok"), ("marathon.leader", "10.0.0.1:8080"), ("mesos.framework", "registered")];
    assert_eq!(healthy.reasons, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let status = |ping, info| check(marathon(ping, info, &[])).status;
    assert_eq!(status("down", leading()), HealthStatus::Unhealthy);
    assert_eq!(status("pong", json!({"leader": null, "frameworkId": "f-0000"})), HealthStatus::Unhealthy);
    assert_eq!(status("pong", json!({"leader": "10.0.0.1:8080", "frameworkId": null})), HealthStatus::Unhealthy);
}

#[test]
fn an_api_that_does_not_answer_is_unhealthy_only_where_it_should_be_reachable() {
    let mut cluster = large();
    let check = |cluster: &Cluster| world_on(trusting()).run(|| Mesos::check_health(cluster)).unwrap().status;
    assert_eq!(check(&cluster), HealthStatus::Unhealthy);
    cluster.floating_ip_enabled = false;
    assert_eq!(check(&cluster), HealthStatus::Unknown);
}

/// Three slaves whose group has lost its index 1.
fn with_slaves(world: World) -> World {
    world.output(StackScope::Cluster, "mesos_slaves_private", json!(["10.0.0.20", "10.0.0.22", "10.0.0.23", null])).output(
        StackScope::Cluster,
        "mesos_slave_servers",
        json!(["server-0", "server-2", "server-3", "server-4"]),
    )
}

#[test]
fn slaves_with_fewest_tasks_go_first() {
    let cluster = large();
    let pick = |hosts: &[&str], count| {
        with_slaves(marathon("pong", leading(), hosts))
            .run(|| Mesos::pick_removals(&cluster, &cluster.groups[1].uuid, count))
            .unwrap()
    };
    assert_eq!(pick(&["10.0.0.22", "10.0.0.23"], 1), ["server-0"], "busy slaves are spared");
    assert_eq!(pick(&["10.0.0.20", "10.0.0.20", "10.0.0.23"], 2), ["server-2", "server-3"], "then those with least work");
    assert_eq!(pick(&[], 2), ["server-3", "server-2"], "among equals the youngest, as Heat would");
}

#[test]
fn slaves_that_leave_already_are_not_named_again() {
    let mut cluster = large();
    cluster.groups[1].nodes_to_remove = vec!["server-3".into()];
    let world = with_slaves(marathon("pong", leading(), &[]));
    assert_eq!(world.run(|| Mesos::pick_removals(&cluster, &cluster.groups[1].uuid, 1)).unwrap(), ["server-2"]);
}

#[test]
fn if_nobody_can_be_asked_heat_chooses() {
    let cluster = large();
    let world = with_slaves(world_on(trusting()));
    let (picked, trace) = world.observe(|| Mesos::pick_removals(&cluster, &cluster.groups[1].uuid, 1));
    assert_eq!(picked, Ok(vec![]));
    assert_eq!(trace.log.len(), 1, "the operator can read why");
}

#[test]
fn what_mesos_cannot_do_is_not_promised() {
    assert_eq!(Mesos::describe().features, Features::HEALTH);
    let cluster = large();
    let error = world_on(trusting()).run(|| Mesos::plan_upgrade(&cluster, &cluster.template, None, 1)).unwrap_err();
    assert!(matches!(error, Error::Unsupported(text) if text.contains("new cluster")));
    let group = StackScope::NodeGroup(cluster.groups[1].uuid.clone());
    let error = world_on(trusting()).run(|| Mesos::define_stack(&cluster, &group)).unwrap_err();
    assert!(matches!(error, Error::Unsupported(_)));
}

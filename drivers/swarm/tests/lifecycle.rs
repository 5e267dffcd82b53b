//! What the driver does with a cluster that is there: outputs, health, removals, and what it does not do.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_driver_sdk::{
    Cluster, Driver, Error, Features, HealthStatus, Output, StackScope,
    coe_api::{Request, Response},
    testing::World,
};
use jeroboam_driver_swarm::Swarm;
use serde_json::{Value as Json, json};
use support::{large, small, trusting, world_on};

#[test]
fn outputs_tell_addresses() {
    let outputs: Vec<Output> = [
        ("api_address", json!("203.0.113.7")),
        ("swarm_masters", json!(["203.0.113.1"])),
        ("swarm_masters_private", json!(["10.0.0.1"])),
        ("swarm_nodes", json!(["203.0.113.2", null])),
        ("swarm_nodes_private", json!(["10.0.0.2", null])),
    ]
    .into_iter()
    .map(|(name, value)| Output { name: name.to_owned(), value: value.to_string() })
    .collect();
    let mut cluster = small();
    let read = |cluster: &Cluster| {
        let observed = Swarm::read_stack(cluster, &StackScope::Cluster, &outputs).unwrap();
        let nodes: Vec<Vec<String>> = observed.groups.into_iter().map(|group| group.node_addresses).collect();
        (observed.api_address.unwrap(), nodes.concat())
    };
    assert_eq!(read(&cluster), ("tcp://203.0.113.7:2376".into(), vec!["203.0.113.1".into(), "203.0.113.2".into()]));
    cluster.floating_ip_enabled = false;
    cluster.template.apiserver_port = Some(4243);
    assert_eq!(read(&cluster), ("tcp://203.0.113.7:4243".into(), vec!["10.0.0.1".into(), "10.0.0.2".into()]));
}

fn node_name(index: u32) -> String {
    format!("{}-node-{index}", large().stack_name)
}

/// A manager as Swarm 1.2 answers, with these nodes and the containers on them.
fn manager(ping: &'static str, nodes: &[(String, &str)], containers: &[String]) -> World {
    let mut status = vec![json!(["Role", "primary"]), json!(["Strategy", "spread"]), json!(["Nodes", nodes.len().to_string()])];
    for (name, state) in nodes {
        status.push(json!([format!(" {name}"), "10.0.0.5:2375"]));
        status.push(json!(["  └ ID", "ABCD"]));
        status.push(json!(["  └ Status", state]));
        status.push(json!(["  └ Containers", "2 (2 Running, 0 Paused, 0 Stopped)"]));
    }
    let containers: Vec<Json> = containers.iter().map(|name| json!({"Id": "0", "Names": [name]})).collect();
    world_on(trusting()).coe_api(move |request: &Request| {
        let body = match request.path.as_str() {
            "/_ping" => ping.to_owned(),
            "/info" => json!({"Containers": 4, "SystemStatus": status}).to_string(),
            "/containers/json" => json!(containers).to_string(),
            path => panic!("{path}"),
        };
        Ok(Response { status: if body == "down" { 500 } else { 200 }, headers: vec![], body: body.into_bytes() })
    })
}

#[test]
fn a_cluster_is_healthy_if_a_manager_answers_and_all_nodes_are() {
    let check = |world: World| world.run(|| Swarm::check_health(&large())).unwrap();
    let two = |state: &'static str| vec![(node_name(0), "Healthy"), (node_name(1), state)];
    let healthy = check(manager("OK", &two("Healthy"), &[]));
    assert_eq!(healthy.status, HealthStatus::Healthy);
    let status = |index| format!("{}.Status", node_name(index));
    let expected = [("api".into(), "ok"), (status(0), "Healthy"), (status(1), "Healthy")];
    assert_eq!(healthy.reasons, expected.map(|(name, value)| (name, value.to_owned())));
    assert_eq!(check(manager("OK", &two("Pending"), &[])).status, HealthStatus::Unhealthy);
    assert_eq!(check(manager("down", &two("Healthy"), &[])).status, HealthStatus::Unhealthy);
    let missing = check(manager("OK", &two("Healthy")[..1], &[]));
    assert_eq!(missing.status, HealthStatus::Unhealthy);
    assert!(missing.reasons.contains(&("nodes".into(), "1 of 2 have joined".into())));
}

#[test]
fn an_api_that_does_not_answer_is_unhealthy_only_where_it_should_be_reachable() {
    let mut cluster = large();
    let check = |cluster: &Cluster| world_on(trusting()).run(|| Swarm::check_health(cluster)).unwrap().status;
    assert_eq!(check(&cluster), HealthStatus::Unhealthy);
    cluster.floating_ip_enabled = false;
    assert_eq!(check(&cluster), HealthStatus::Unknown);
}

#[test]
fn nodes_that_are_lost_or_idle_go_first() {
    let cluster = large();
    let nodes = [(node_name(0), "Healthy"), (node_name(1), "Unhealthy"), (node_name(2), "Healthy"), (node_name(3), "Healthy")];
    let on = |index, name: &str| format!("/{}/{name}", node_name(index));
    let containers = [on(0, "swarm-agent"), on(0, "jeroboam-flannel"), on(2, "web"), on(2, "db"), on(3, "web")];
    let pick = |count| {
        manager("OK", &nodes, &containers).run(|| Swarm::pick_removals(&cluster, &cluster.groups[1].uuid, count)).unwrap()
    };
    assert_eq!(pick(1), ["1"], "Swarm has lost it");
    assert_eq!(pick(2), ["1", "0"], "what the driver put on a node is no work");
    assert_eq!(pick(4), ["1", "0", "3", "2"]);
}

#[test]
fn nodes_that_leave_already_are_not_named_again() {
    let mut cluster = large();
    cluster.groups[1].nodes_to_remove = vec!["1".into()];
    let nodes = [(node_name(0), "Healthy"), (node_name(1), "Unhealthy"), ("stranger".to_owned(), "Healthy")];
    let picked = manager("OK", &nodes, &[]).run(|| Swarm::pick_removals(&cluster, &cluster.groups[1].uuid, 2)).unwrap();
    assert_eq!(picked, ["0"]);
}

#[test]
fn if_nobody_can_be_asked_heat_chooses() {
    let cluster = large();
    let (picked, trace) = world_on(trusting()).observe(|| Swarm::pick_removals(&cluster, &cluster.groups[1].uuid, 1));
    assert_eq!(picked, Ok(vec![]));
    assert_eq!(trace.log.len(), 1, "the operator can read why");
}

#[test]
fn what_standalone_swarm_cannot_do_is_not_promised() {
    let description = Swarm::describe();
    assert_eq!(description.features, Features::HEALTH);
    assert_eq!(description.extras, [("discovery".to_owned(), "etcd".to_owned())]);
    let cluster = large();
    let error = world_on(trusting()).run(|| Swarm::plan_upgrade(&cluster, &cluster.template, None, 1)).unwrap_err();
    assert!(matches!(error, Error::Unsupported(text) if text.contains("swarm-mode")));
    let group = StackScope::NodeGroup(cluster.groups[1].uuid.clone());
    let error = world_on(trusting()).run(|| Swarm::define_stack(&cluster, &group)).unwrap_err();
    assert!(matches!(error, Error::Unsupported(_)));
}

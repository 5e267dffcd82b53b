//! What the driver does with a cluster that is there: outputs, health, removals, upgrades.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, Driver, Error, HealthStatus, Observation, Output, StackScope, UpgradePlan, testing::World,
};
use jeroboam_driver_swarm_mode::SwarmMode;
use serde_json::{Value as Json, json};
use support::{
    define_in, docker, fields, group_scope, json as parameter_json, large, parameter, small, text, trusting, with_group, world_on,
};

fn outputs(values: &[(&str, Json)]) -> Vec<Output> {
    values.iter().map(|(name, value)| Output { name: (*name).to_owned(), value: value.to_string() }).collect()
}

fn complete() -> Vec<Output> {
    outputs(&[
        ("api_address", json!("203.0.113.7")),
        ("swarm_primary_master", json!(["203.0.113.1"])),
        ("swarm_primary_master_private", json!(["10.0.0.5"])),
        ("swarm_secondary_masters", json!(["203.0.113.2", "203.0.113.3"])),
        ("swarm_secondary_masters_private", json!(["10.0.0.6", "10.0.0.7"])),
        ("swarm_nodes", json!(["203.0.113.4", null])),
        ("swarm_nodes_private", json!(["10.0.0.8"])),
        ("fixed_network", json!("network-id")),
        ("fixed_subnet", json!("subnet-id")),
        ("worker_security_groups", json!(["sg-1", "sg-2"])),
        ("primary_server", json!("server-id")),
    ])
}

fn read(cluster: &Cluster, outputs: &[Output]) -> Observation {
    SwarmMode::read_stack(cluster, &StackScope::Cluster, outputs).unwrap()
}

#[test]
fn outputs_tell_addresses_as_docker_wants_them() {
    let mut cluster = large();
    let observed = read(&cluster, &complete());
    assert_eq!(observed.api_address.as_deref(), Some("tcp://203.0.113.7:2376"));
    assert_eq!(observed.groups[0].node_addresses, ["203.0.113.1", "203.0.113.2", "203.0.113.3"], "the primary first");
    assert_eq!(observed.groups[1].node_addresses, ["203.0.113.4"]);
    cluster.floating_ip_enabled = false;
    cluster.template.apiserver_port = Some(2375);
    let observed = read(&cluster, &complete());
    assert_eq!(observed.api_address.as_deref(), Some("tcp://203.0.113.7:2375"));
    assert_eq!(observed.groups[0].node_addresses, ["10.0.0.5", "10.0.0.6", "10.0.0.7"]);
    cluster.template.apiserver_port = None;
    cluster.template.tls_disabled = true;
    assert_eq!(read(&cluster, &complete()).api_address.as_deref(), Some("tcp://203.0.113.7:2375"));
}

#[test]
fn a_failed_stack_has_outputs_that_say_nothing() {
    let observed = read(&small(), &outputs(&[("api_address", Json::Null)]));
    assert_eq!(observed.api_address, None);
    assert!(observed.extras.is_empty() && observed.groups.iter().all(|group| group.node_addresses.is_empty()));
}

#[test]
fn what_was_read_of_the_cluster_defines_the_stacks_of_its_groups() {
    let mut cluster = with_group();
    let expected = define_in(world_on(trusting()), &cluster, &group_scope(&cluster));
    cluster.extras.clear();
    let early = world_on(trusting()).run(|| SwarmMode::define_stack(&cluster, &group_scope(&cluster)));
    assert!(matches!(early, Err(Error::Unavailable(_))), "not before the cluster's stack is there");
    cluster.extras = read(&cluster, &complete()).extras;
    let now = define_in(world_on(trusting()), &cluster, &group_scope(&cluster));
    assert_eq!(parameter(&now, "fixed_subnet"), parameter(&expected, "fixed_subnet"));
    assert_eq!(parameter_json(&now, "secondary_addresses"), json!(["10.0.0.6", "10.0.0.7"]));
    assert_eq!(text(&now, "primary_address"), "10.0.0.5");
    let observed = SwarmMode::read_stack(&cluster, &group_scope(&cluster), &complete()).unwrap();
    assert_eq!(observed.groups[0].node_addresses, ["203.0.113.4"]);
    assert_eq!(observed.groups[0].group, cluster.groups[2].uuid);
}

struct Worker(&'static str, String, &'static str, &'static str, &'static str);

fn node(Worker(id, name, group, state, availability): Worker) -> Json {
    json!({
        "ID": id, "Version": {"Index": 5}, "Spec": {"Role": "worker", "Availability": availability},
        "Description": {"Hostname": name, "Engine": {"Labels": {"org.openstack.magnum.nodegroup": group}}},
        "Status": {"State": state, "Addr": "10.0.0.9"},
    })
}

fn manager(name: &str, state: &str, reachability: &str) -> Json {
    json!({
        "ID": name, "Spec": {"Role": "manager", "Availability": "active"}, "Description": {"Hostname": name, "Engine": {"Labels": null}},
        "Status": {"State": state}, "ManagerStatus": {"Leader": true, "Reachability": reachability},
    })
}

fn swarm(state: &str, controls: bool, error: &str) -> Json {
    json!({"Name": "m0", "Swarm": {"LocalNodeState": state, "ControlAvailable": controls, "Error": error}})
}

fn cluster_of(ping: &str, swarm: Json, nodes: Vec<Json>) -> World {
    docker(vec![
        ("/_ping", if ping == "OK" { 200 } else { 500 }, json!(ping)),
        ("/info", 200, swarm),
        ("/nodes", 200, json!(nodes)),
    ])
}

#[test]
fn a_cluster_is_healthy_if_docker_the_swarm_and_all_nodes_are() {
    let check = |world: World| world.run(|| SwarmMode::check_health(&large())).unwrap();
    let worker = |state| node(Worker("w", "w0".into(), "default-worker", state, "drain"));
    let fine = swarm("active", true, "");
    let healthy = check(cluster_of("OK", fine.clone(), vec![manager("m0", "ready", "reachable"), worker("ready")]));
    assert_eq!(healthy.status, HealthStatus::Healthy, "{:?}", healthy.reasons);
    let said = [("api", "ok"), ("swarm", "active"), ("m0.Ready", "True"), ("m0.Manager", "reachable"), ("w0.Ready", "True")];
    assert_eq!(healthy.reasons, said.map(|(name, value)| (name.to_owned(), value.to_owned())));

    for (case, world) in [
        ("a worker is down", cluster_of("OK", fine.clone(), vec![worker("down")])),
        ("a manager is away", cluster_of("OK", fine.clone(), vec![manager("m1", "ready", "unreachable")])),
        ("the master left", cluster_of("OK", swarm("inactive", false, ""), vec![])),
        ("Docker is ill", cluster_of("no", fine.clone(), vec![])),
    ] {
        assert_eq!(check(world).status, HealthStatus::Unhealthy, "{case}");
    }
}

#[test]
fn a_swarm_without_a_leader_is_told_in_dockers_words() {
    let words = "rpc error: The swarm does not have a leader.";
    let world = docker(vec![
        ("/_ping", 200, json!("OK")),
        ("/info", 200, swarm("active", true, "")),
        ("/nodes", 503, json!({"message": words})),
    ]);
    let health = world.run(|| SwarmMode::check_health(&large())).unwrap();
    assert_eq!(health.status, HealthStatus::Unhealthy);
    assert!(health.reasons.iter().any(|(_, value)| value.contains(words)), "{:?}", health.reasons);
}

#[test]
fn an_api_that_does_not_answer_is_unhealthy_only_where_it_should_be_reachable() {
    let mut cluster = large();
    let check = |cluster: &Cluster| world_on(trusting()).run(|| SwarmMode::check_health(cluster)).unwrap().status;
    assert_eq!(check(&cluster), HealthStatus::Unhealthy);
    cluster.floating_ip_enabled = false;
    assert_eq!(check(&cluster), HealthStatus::Unknown);
}

#[test]
fn the_workers_that_do_least_go_first() {
    let cluster = large();
    let worker = |id, index: u32, state, availability| {
        node(Worker(id, format!("{}-node-{index}", cluster.stack_name), "default-worker", state, availability))
    };
    let nodes = json!([
        worker("busy", 0, "ready", "active"),
        worker("idle", 1, "ready", "active"),
        worker("drained", 2, "ready", "drain"),
        worker("gone", 3, "down", "active"),
        worker("one", 4, "ready", "active"),
        node(Worker("other", "else-0".into(), "big-disks", "down", "active")),
        manager("m0", "ready", "reachable"),
    ]);
    let task =
        |node: &str, slot: Option<u32>| json!({"ID": "t", "NodeID": node, "Slot": slot.unwrap_or(0), "DesiredState": "running"});
    let tasks =
        json!([task("busy", Some(1)), task("busy", Some(2)), task("one", Some(3)), task("idle", None), task("idle", None),]);
    let pick = |count| {
        let world = docker(vec![("/nodes", 200, nodes.clone()), ("/tasks", 200, tasks.clone())]);
        world.run(|| SwarmMode::pick_removals(&cluster, &cluster.groups[1].uuid, count)).unwrap()
    };
    assert_eq!(pick(1), ["3"]);
    assert_eq!(pick(5), ["3", "2", "1", "4", "0"], "tasks that run on every node are no reason to stay");
    let silent = world_on(trusting()).run(|| SwarmMode::pick_removals(&cluster, &cluster.groups[1].uuid, 1)).unwrap();
    assert!(silent.is_empty(), "Heat chooses if nobody can be asked");
}

fn newer() -> ClusterTemplate {
    ClusterTemplate { image: "newer".into(), ..small().template }
}

fn plan(cluster: &Cluster, target: &ClusterTemplate, group: Option<&str>) -> Result<UpgradePlan, Error> {
    world_on(trusting()).run(|| SwarmMode::plan_upgrade(cluster, target, group, 2))
}

#[test]
fn an_upgrade_replaces_the_primary_after_the_other_masters_and_workers_last() {
    let plan = plan(&large(), &newer(), None).unwrap();
    let images: Vec<[String; 3]> = plan
        .steps
        .iter()
        .map(|step| ["secondary_master_image", "primary_master_image", "node_image"].map(|name| text(&step.definition, name)))
        .collect();
    let (old, new) = ("fedora-coreos".to_owned(), "newer".to_owned());
    assert_eq!(images[0], [new.clone(), old.clone(), old.clone()]);
    assert_eq!(images[1], [new.clone(), new.clone(), old]);
    assert_eq!(images[2], [new.clone(), new.clone(), new]);
    assert_eq!(plan.steps[2].summary, "Replacing 2 workers of default-worker, 2 at a time");
    assert_eq!(parameter(&plan.steps[2].definition, "update_max_batch_size"), &2u32.into());
}

#[test]
fn the_last_step_is_what_the_cluster_is_then_defined_as() {
    let plan = plan(&large(), &newer(), None).unwrap();
    let mut after = large();
    after.groups.iter_mut().for_each(|group| group.image = "newer".into());
    let defined = define_in(world_on(trusting()), &after, &StackScope::Cluster);
    let differing: Vec<&str> = defined
        .parameters
        .iter()
        .zip(&plan.steps[2].definition.parameters)
        .filter(|(now, then)| now != then)
        .map(|(now, _)| now.0.as_str())
        .collect();
    assert_eq!(differing, ["update_max_batch_size"], "or the next change of the cluster would touch its nodes again");
}

#[test]
fn one_group_can_be_upgraded_by_itself() {
    let cluster = with_group();
    let plan = plan(&cluster, &newer(), Some(&cluster.groups[2].uuid)).unwrap();
    assert_eq!(plan.steps.len(), 1);
    assert_eq!(plan.steps[0].scope, group_scope(&cluster));
    assert_eq!(text(&plan.steps[0].definition, "node_image"), "newer");
}

#[test]
fn the_only_master_is_replaced_if_a_volume_keeps_the_swarm() {
    let refused = plan(&small(), &newer(), None).unwrap_err();
    assert!(matches!(refused, Error::Unsupported(text) if text.contains("docker_volume_size")));
    let mut kept = small();
    kept.docker_volume_size = Some(10);
    let plan = plan(&kept, &newer(), None).unwrap();
    assert_eq!(plan.steps.len(), 2);
    assert_eq!(plan.warnings.len(), 1, "the API is away meanwhile");
}

#[test]
fn a_template_for_another_kind_of_cluster_is_no_upgrade() {
    type Case = (fn(&mut ClusterTemplate), &'static str);
    let cases: &[Case] = &[
        (|t| t.cluster_type.os_distro = "ubuntu".into(), "cluster_template_id"),
        (|t| t.tls_disabled = true, "apiserver_port"),
        (|t| t.apiserver_port = Some(2375), "apiserver_port"),
        (|t| t.docker_storage_driver = Some("vfs".into()), "docker_storage_driver"),
    ];
    for (change, blamed) in cases {
        let mut target = newer();
        change(&mut target);
        assert_eq!(fields(&plan(&large(), &target, None).unwrap_err()), [*blamed]);
    }
}

#[test]
fn a_new_ca_changes_what_every_node_is_told_and_replaces_none() {
    let mut cluster = large();
    let before = define_in(world_on(trusting()), &cluster, &StackScope::Cluster);
    cluster.extras.push(("ca-generation".into(), "1".into()));
    let after = define_in(world_on(trusting()), &cluster, &StackScope::Cluster);
    let changed: Vec<_> = before.parameters.iter().zip(&after.parameters).filter(|(old, new)| old != new).collect();
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].0.0, "node_settings");
    assert_eq!(parameter_json(&after, "node_settings")["CA_GENERATION"], "1");
    assert_eq!((before.files, before.template), (after.files, after.template));
}

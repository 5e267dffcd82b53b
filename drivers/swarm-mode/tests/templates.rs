//! The templates hang together, and follow from what a cluster asks for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_driver_common::testing::{checks, hot};
use jeroboam_driver_sdk::{Cluster, SecretName, StackScope, Value, testing::World};
use jeroboam_driver_swarm_mode::resources;
use serde_json::{Value as Json, json};
use support::{
    SYSTEMS, define, define_in, file, group_scope, json as parameter_json, large, on, small, text, trusting, with_group, world_on,
};

fn names(cluster: &Cluster) -> std::collections::BTreeSet<String> {
    let definition = define(cluster);
    hot::resources(&hot::templates(&definition), "cluster.yaml", &hot::given(&definition))
}

#[test]
fn the_templates_hang_together_on_every_operating_system() {
    for system in SYSTEMS {
        checks::check(&define(&on(system)));
    }
    checks::check(&define(&large()));
}

#[test]
fn the_stack_of_a_further_group_hangs_together() {
    let cluster = with_group();
    checks::check(&define_in(world_on(trusting()), &cluster, &group_scope(&cluster)));
}

#[test]
fn all_secrets_are_passed_by_name() {
    let cluster = with_group();
    for scope in [StackScope::Cluster, group_scope(&cluster)] {
        let definition = define_in(world_on(trusting()), &cluster, &scope);
        for secret in [SecretName::TrusteePassword, SecretName::TrustId] {
            let passed = definition.parameters.iter().any(|(_, value)| *value == Value::Secret(secret.clone()));
            assert!(passed, "{secret:?}");
        }
    }
}

#[test]
fn heat_never_sees_a_join_token() {
    let cluster = with_group();
    for scope in [StackScope::Cluster, group_scope(&cluster)] {
        for (name, template) in hot::templates(&define_in(world_on(trusting()), &cluster, &scope)) {
            let text = Json::Object(template).to_string().to_lowercase();
            assert!(!text.contains("token"), "{name}");
        }
    }
}

/// A cluster that is changed, a resource, and whether it is then there.
type Case = (&'static str, fn(&mut Cluster), &'static str, bool);

fn alone(cluster: &mut Cluster) {
    cluster.master_lb_enabled = false;
    cluster.groups[0].node_count = 1;
}

#[test]
fn each_wish_adds_or_removes_its_resources() {
    let cases: &[Case] = &[
        ("own network", |_| {}, "network/extrouter_inside", true),
        ("existing network", |c| c.fixed_network = Some("mine".into()), "network/private_network", false),
        ("existing subnet", |c| c.fixed_subnet = Some("mine-v4".into()), "network/private_subnet", false),
        ("load balancer", |_| {}, "api_lb/listener", true),
        ("no load balancer", alone, "api_lb", false),
        ("the primary in the pool", |_| {}, "swarm_primary_master/api_pool_member", true),
        ("the others in the pool", |_| {}, "swarm_secondary_masters/1/api_pool_member", true),
        ("no member without pool", alone, "swarm_primary_master/api_pool_member", false),
        ("no other masters", alone, "swarm_secondary_masters/0", false),
        ("public load balancer", |_| {}, "api_lb/floating", true),
        ("private by default", |c| c.floating_ip_enabled = false, "api_lb/floating", false),
        ("public masters", |_| {}, "swarm_primary_master/swarm_master_floating", true),
        ("public workers", |_| {}, "swarm_nodes/1/swarm_node_floating", true),
        ("private masters", |c| c.floating_ip_enabled = false, "swarm_secondary_masters/0/swarm_master_floating", false),
        ("private workers", |c| c.floating_ip_enabled = false, "swarm_nodes/0/swarm_node_floating", false),
        ("no volume", |_| {}, "swarm_nodes/0/docker_volume", false),
        ("volumes", |c| c.docker_volume_size = Some(20), "swarm_nodes/0/docker_volume_attach", true),
        ("volumes of masters", |c| c.docker_volume_size = Some(20), "swarm_primary_master/docker_volume", true),
        ("a list of members", |_| {}, "swarm_members/node_config_deployment", true),
    ];
    for (case, change, resource, there) in cases {
        let mut cluster = large();
        change(&mut cluster);
        assert_eq!(names(&cluster).contains(*resource), *there, "{case}");
    }
}

/// What `resources` counts: real resources, without this reader's own entries for members of a group that have no nested stack.
fn counted(cluster: &Cluster, scope: &StackScope) -> u64 {
    let definition = define_in(world_on(trusting()), cluster, scope);
    let found = hot::resources(&hot::templates(&definition), "cluster.yaml", &hot::given(&definition));
    found.len() as u64
}

#[test]
fn the_count_of_resources_is_that_of_the_templates() {
    let mut with_volumes = large();
    with_volumes.docker_volume_size = Some(20);
    let mut existing = large();
    existing.fixed_network = Some("mine".into());
    existing.floating_ip_enabled = false;
    for cluster in [small(), large(), with_volumes, existing] {
        let world = world_on(trusting());
        let said = world.run(|| resources(&cluster, &StackScope::Cluster)).unwrap();
        assert_eq!(said, counted(&cluster, &StackScope::Cluster), "{cluster:?}");
    }
    let cluster = with_group();
    let scope = group_scope(&cluster);
    assert_eq!(World::new().run(|| resources(&cluster, &scope)).unwrap(), counted(&cluster, &scope));
}

#[test]
fn nodes_take_fewer_resources_than_upstream() {
    let cost = |group: usize| {
        let mut cluster = large();
        cluster.docker_volume_size = Some(20);
        let count = |cluster: &Cluster| World::new().run(|| resources(cluster, &StackScope::Cluster)).unwrap();
        let before = count(&cluster);
        cluster.groups[group].node_count += 1;
        count(&cluster) - before
    };
    assert_eq!((cost(0), cost(1)), (8, 7), "upstream has 22 and 20");
}

#[test]
fn only_the_primary_starts_a_swarm_and_all_know_all_masters() {
    let template = hot::parse(&define(&large()).template);
    let resources = hot::section(&template, "resources");
    let (_, primary) = hot::nested(&resources["swarm_primary_master"]).unwrap();
    let (_, secondary) = hot::nested(&resources["swarm_secondary_masters"]).unwrap();
    let (_, worker) = hot::nested(&resources["swarm_nodes"]).unwrap();
    assert_eq!((&primary["primary"], &secondary["primary"]), (&json!(true), &json!(false)));
    for node in [primary, secondary, worker] {
        assert_eq!(node["primary_address"], json!({"get_attr": ["primary_port", "fixed_ips", 0, "ip_address"]}));
        assert_eq!(node["secondary_addresses"], json!({"get_attr": ["secondary_ports", "fixed_ips"]}));
    }
    assert_eq!(resources["swarm_secondary_masters"]["depends_on"], "swarm_primary_master");
}

/// Heat orders by dependencies only.
#[test]
fn workers_are_drained_before_their_group_changes_and_counted_after() {
    let cluster = with_group();
    for scope in [StackScope::Cluster, group_scope(&cluster)] {
        let definition = define_in(world_on(trusting()), &cluster, &scope);
        let template = hot::parse(&definition.template);
        let resources = hot::section(&template, "resources");
        let depends = resources["swarm_nodes"]["depends_on"].to_string();
        assert!(depends.contains("swarm_leavers"), "{depends}");
        assert_eq!(resources["swarm_members"]["properties"]["addresses"], json!({"get_attr": ["swarm_nodes", "swarm_node_ip"]}));
        let leavers = hot::parse(&file(&definition, "leavers.yaml"));
        assert_eq!(leavers["resources"]["node_config_deployment"]["properties"]["actions"], json!(["UPDATE"]));
    }
}

#[test]
fn servers_have_names_that_are_host_names() {
    let mut cluster = with_group();
    cluster.stack_name = "s".repeat(43);
    let definition = define_in(world_on(trusting()), &cluster, &group_scope(&cluster));
    let name = format!("{}-9999", text(&definition, "node_name_prefix"));
    assert!(name.len() <= 63, "{name}");
    assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'), "{name}");
}

#[test]
fn a_further_group_lives_in_the_clusters_network() {
    let cluster = with_group();
    let definition = define_in(world_on(trusting()), &cluster, &group_scope(&cluster));
    assert_eq!(text(&definition, "fixed_network"), "network-id");
    assert_eq!(text(&definition, "primary_server"), "server-id");
    assert_eq!(parameter_json(&definition, "worker_security_groups"), json!(["sg-1", "sg-2"]));
    assert_eq!(parameter_json(&definition, "secondary_addresses"), json!(["10.0.0.6", "10.0.0.7"]));
    assert_eq!(parameter_json(&definition, "nodegroup_names"), json!(["default-worker", "Big_Disks"]));
}

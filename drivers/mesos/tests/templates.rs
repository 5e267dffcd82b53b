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
use jeroboam_driver_mesos::resources;
use jeroboam_driver_sdk::{Cluster, SecretName, StackDefinition, Value};
use support::{define, define_in, large, small, trusting, world, world_on};

#[test]
fn the_templates_hang_together() {
    for cluster in [small(), large()] {
        checks::check(&define(&cluster));
    }
}

fn passes(definition: &StackDefinition, secret: SecretName) -> bool {
    definition.parameters.iter().any(|(_, value)| *value == Value::Secret(secret.clone()))
}

#[test]
fn nodes_get_a_login_only_for_the_volume_plugin() {
    for secret in [SecretName::TrusteePassword, SecretName::TrustId] {
        assert!(passes(&define(&large()), secret.clone()));
        assert!(!passes(&define(&small()), secret.clone()), "nobody would use it");
        assert!(!passes(&define_in(world(), &large()), secret), "it could do nothing for the owner");
    }
}

/// A cluster that is changed, a resource, and whether it is then there.
type Case = (&'static str, fn(&mut Cluster), &'static str, bool);

#[test]
fn each_wish_adds_or_removes_its_resources() {
    let cases: &[Case] = &[
        ("own network", |_| {}, "network/extrouter_inside", true),
        ("existing network", |c| c.fixed_network = Some("mine".into()), "network/private_network", false),
        ("existing subnet", |c| c.fixed_subnet = Some("mine-v4".into()), "network/private_subnet", false),
        ("load balancer", |_| {}, "api_lb/listener", true),
        ("member of the pool", |_| {}, "mesos_masters/2/api_pool_member", true),
        ("no load balancer", |c| c.master_lb_enabled = false, "api_lb", false),
        ("no member without pool", |c| c.master_lb_enabled = false, "mesos_masters/0/api_pool_member", false),
        ("no health monitor", |c| c.labels.push(("octavia_lb_healthcheck".into(), "false".into())), "api_lb/monitor", false),
        ("public load balancer", |_| {}, "api_lb/floating", true),
        ("private by default", |c| c.floating_ip_enabled = false, "api_lb/floating", false),
        (
            "private load balancer",
            |c| c.labels.push(("master_lb_floating_ip_enabled".into(), "false".into())),
            "api_lb/floating",
            false,
        ),
        ("floating IP of a master", |_| {}, "mesos_masters/0/mesos_master_floating", true),
        ("no floating IP of a master", |c| c.floating_ip_enabled = false, "mesos_masters/0/mesos_master_floating", false),
        ("floating IP of a slave", |_| {}, "mesos_slaves/1/mesos_slave_floating", true),
        ("no floating IP of a slave", |c| c.floating_ip_enabled = false, "mesos_slaves/1/mesos_slave_floating", false),
        ("no container volumes", |_| {}, "mesos_slaves/0/docker_volume", false),
        ("container volumes", |c| c.docker_volume_size = Some(5), "mesos_slaves/0/docker_volume_attach", true),
        ("a port for each master", |_| {}, "master_ports/2", true),
        ("a deployment for each node", |_| {}, "mesos_slaves/1/node_config_deployment", true),
        ("a server for each master", |_| {}, "mesos_masters/2/mesos-master", true),
        ("a server for each slave", |_| {}, "mesos_slaves/1/mesos-slave", true),
        ("no slave too many", |_| {}, "mesos_slaves/2", false),
        ("no slaves at all", |c| c.groups[1].node_count = 0, "mesos_slaves/0", false),
    ];
    for (name, change, resource, present) in cases {
        let mut cluster = large();
        change(&mut cluster);
        let definition = define(&cluster);
        let found = hot::resources(&hot::templates(&definition), "cluster.yaml", &hot::given(&definition));
        assert_eq!(found.contains(*resource), *present, "{name}: {resource} in {found:#?}");
        let counted = world_on(trusting()).run(|| resources(&cluster)).unwrap();
        assert_eq!(counted, found.len() as u64, "{name}: the resources that are counted before anything is made");
    }
}

#[test]
fn a_cluster_takes_few_resources_for_each_node() {
    let count = |masters, slaves, volume| {
        let mut cluster = large();
        cluster.docker_volume_size = volume;
        cluster.groups[0].node_count = masters;
        cluster.groups[1].node_count = slaves;
        world_on(trusting()).run(|| resources(&cluster)).unwrap()
    };
    assert_eq!(count(5, 1, None) - count(3, 1, None), 2 * 6);
    assert_eq!(count(3, 2, None) - count(3, 1, None), 5);
    assert_eq!(count(3, 2, Some(5)) - count(3, 1, Some(5)), 7);
    let room = "the crate's documentation says how many slaves there can be";
    assert!(count(3, 192, None) <= 1000 && count(3, 193, None) > 1000, "{room}");
    assert_eq!(world_on(trusting()).run(|| resources(&small())).unwrap(), 14 + 5 + 5);
}

#[test]
fn names_that_other_clients_reach_for_are_there() {
    let templates = hot::templates(&define(&large()));
    for (name, section, wanted) in [
        ("cluster.yaml", "resources", &["mesos_masters", "mesos_slaves", "network", "api_lb"][..]),
        (
            "cluster.yaml",
            "outputs",
            &["api_address", "mesos_master", "mesos_master_private", "mesos_slaves", "mesos_slaves_private"],
        ),
        ("slave.yaml", "resources", &["node_config_deployment"]),
        ("master.yaml", "resources", &["node_config_deployment"]),
    ] {
        for wanted in wanted {
            assert!(hot::section(&templates[name], section).contains_key(*wanted), "{name}: {wanted}");
        }
    }
    for (template, server) in [("slave.yaml", "mesos-slave"), ("master.yaml", "mesos-master")] {
        let id = &templates[template]["outputs"]["OS::stack_id"]["value"];
        assert_eq!(id["get_resource"], server, "removals name servers");
    }
}

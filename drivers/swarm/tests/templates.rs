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
use jeroboam_driver_sdk::{Cluster, SecretName, StackDefinition, Value};
use jeroboam_driver_swarm::resources;
use support::{define, large, small, trusting, world_on};

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
fn nodes_get_a_login_only_if_they_have_a_use_for_it() {
    let mut plain = small();
    plain.template.tls_disabled = true;
    for secret in [SecretName::TrusteePassword, SecretName::TrustId] {
        assert!(passes(&define(&small()), secret.clone()), "certificates are signed for who logs in");
        assert!(!passes(&define(&plain), secret), "without TLS nobody logs in");
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
        ("member of the pool", |_| {}, "swarm_masters/2/api_pool_member", true),
        ("no load balancer", |c| c.master_lb_enabled = false, "api_lb", false),
        ("no member without pool", |c| c.master_lb_enabled = false, "swarm_masters/0/api_pool_member", false),
        ("no health monitor", |c| c.labels.push(("octavia_lb_healthcheck".into(), "false".into())), "api_lb/monitor", false),
        ("public load balancer", |_| {}, "api_lb/floating", true),
        ("private by default", |c| c.floating_ip_enabled = false, "api_lb/floating", false),
        (
            "private load balancer",
            |c| c.labels.push(("master_lb_floating_ip_enabled".into(), "false".into())),
            "api_lb/floating",
            false,
        ),
        ("floating IP of a master", |_| {}, "swarm_masters/0/swarm_master_floating", true),
        ("no floating IP of a master", |c| c.floating_ip_enabled = false, "swarm_masters/0/swarm_master_floating", false),
        ("floating IP of a node", |_| {}, "swarm_nodes/1/swarm_node_floating", true),
        ("no floating IP of a node", |c| c.floating_ip_enabled = false, "swarm_nodes/1/swarm_node_floating", false),
        ("no container volumes", |_| {}, "swarm_nodes/0/docker_volume", false),
        ("container volumes", |c| c.docker_volume_size = Some(5), "swarm_nodes/0/docker_volume_attach", true),
        ("those of masters", |c| c.docker_volume_size = Some(5), "swarm_masters/2/docker_volume_attach", true),
        ("only of nodes", |c| c.groups[1].docker_volume_size = Some(5), "swarm_masters/0/docker_volume", false),
        ("a port for each master", |_| {}, "master_ports/2", true),
        ("a deployment for each node", |_| {}, "swarm_nodes/1/node_config_deployment", true),
        ("a server for each master", |_| {}, "swarm_masters/2/swarm-master", true),
        ("a server for each node", |_| {}, "swarm_nodes/1/swarm-node", true),
        ("no node too many", |_| {}, "swarm_nodes/2", false),
        ("no nodes at all", |c| c.groups[1].node_count = 0, "swarm_nodes/0", false),
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
    let count = |masters, nodes, volume| {
        let mut cluster = large();
        cluster.docker_volume_size = volume;
        cluster.groups[0].node_count = masters;
        cluster.groups[1].node_count = nodes;
        world_on(trusting()).run(|| resources(&cluster)).unwrap()
    };
    assert_eq!(count(5, 1, None) - count(3, 1, None), 2 * 6);
    assert_eq!(count(3, 2, None) - count(3, 1, None), 5);
    assert_eq!(count(3, 2, Some(5)) - count(3, 1, Some(5)), 7);
    assert_eq!(count(5, 1, Some(5)) - count(3, 1, Some(5)), 2 * 8);
    let room = "the crate's documentation says how many nodes there can be";
    assert!(count(3, 192, None) <= 1000 && count(3, 193, None) > 1000, "{room}");
    assert_eq!(world_on(trusting()).run(|| resources(&small())).unwrap(), 14 + 5 + 5);
}

#[test]
fn names_that_other_clients_reach_for_are_there() {
    let templates = hot::templates(&define(&large()));
    for (name, section, wanted) in [
        ("cluster.yaml", "resources", &["swarm_masters", "swarm_nodes", "network", "api_lb"][..]),
        (
            "cluster.yaml",
            "outputs",
            &["api_address", "swarm_masters", "swarm_masters_private", "swarm_nodes", "swarm_nodes_private"],
        ),
        ("node.yaml", "resources", &["node_config_deployment"]),
        ("master.yaml", "resources", &["node_config_deployment"]),
    ] {
        for wanted in wanted {
            assert!(hot::section(&templates[name], section).contains_key(*wanted), "{name}: {wanted}");
        }
    }
    for (template, server) in [("node.yaml", "swarm-node"), ("master.yaml", "swarm-master")] {
        let id = &templates[template]["outputs"]["OS::stack_id"]["value"];
        assert_eq!(id["get_resource"], server, "removals name servers");
    }
}

#[test]
fn the_engines_own_port_is_open_to_nobody_else() {
    let templates = hot::templates(&define(&large()));
    let groups = hot::section(&templates["cluster.yaml"], "resources");
    let rules = groups["secgroup_swarm_node"]["properties"]["rules"].as_array().unwrap();
    let open = |protocol: &str, port: u64| {
        rules.iter().any(|rule| {
            let (from, to) = (rule["port_range_min"].as_u64().unwrap(), rule["port_range_max"].as_u64().unwrap());
            rule["protocol"] == protocol && (from..=to).contains(&port)
        })
    };
    assert!(open("tcp", 80) && open("tcp", 65535) && open("udp", 53), "published ports");
    assert!(!open("tcp", 2375) && !open("udp", 4789) && !open("udp", 8472) && !open("udp", 8285));
}

#[test]
fn flannels_addresses_pass_the_ports_of_nodes_only_where_flannel_is() {
    let mut docker = large();
    docker.template.network_driver = Some("docker".into());
    for (cluster, flannel) in [(large(), true), (docker, false)] {
        let given = hot::given(&define(&cluster));
        assert_eq!(given["flannel_enabled"], flannel);
    }
}

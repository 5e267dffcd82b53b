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
use jeroboam_driver_kubernetes::{group_resources, resources};
use jeroboam_driver_sdk::{Cluster, SecretName, Value, testing::samples};
use support::{define, define_further, large, trusting, with_further_group, with_labels, world_on};

#[test]
fn the_templates_hang_together() {
    let mut with_registry = with_labels(large(), &[("cert_manager_api", "true")]);
    with_registry.template.registry_enabled = true;
    for cluster in [samples::cluster(), large(), with_registry] {
        checks::check(&define(&cluster));
    }
    checks::check(&define_further(&with_further_group(large())));
}

#[test]
fn all_secrets_are_passed_by_name() {
    let definition = define(&large());
    for secret in [SecretName::TrusteePassword, SecretName::TrustId, SecretName::ServiceAccountPrivateKey] {
        let passed = definition.parameters.iter().any(|(_, value)| *value == Value::Secret(secret.clone()));
        assert!(passed, "{secret:?}");
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
        (
            "no load balancer",
            |c| {
                c.master_lb_enabled = false;
                c.groups[0].node_count = 1
            },
            "api_lb",
            false,
        ),
        ("member of the pool", |_| {}, "kube_masters/2/api_pool_member", true),
        (
            "no member without pool",
            |c| {
                c.master_lb_enabled = false;
                c.groups[0].node_count = 1
            },
            "kube_masters/0/api_pool_member",
            false,
        ),
        ("health monitor", |_| {}, "api_lb/monitor", true),
        ("no health monitor", |c| c.labels.push(("octavia_lb_healthcheck".into(), "false".into())), "api_lb/monitor", false),
        ("public load balancer", |_| {}, "api_lb/floating", true),
        (
            "private load balancer",
            |c| c.labels.push(("master_lb_floating_ip_enabled".into(), "false".into())),
            "api_lb/floating",
            false,
        ),
        ("private by default", |c| c.floating_ip_enabled = false, "api_lb/floating", false),
        (
            "public by label",
            |c| {
                c.floating_ip_enabled = false;
                c.labels.push(("master_lb_floating_ip_enabled".into(), "True".into()))
            },
            "api_lb/floating",
            true,
        ),
        ("floating IP of a master", |_| {}, "kube_masters/0/kube_master_floating", true),
        ("no floating IP of a master", |c| c.floating_ip_enabled = false, "kube_masters/0/kube_master_floating", false),
        ("floating IP of a worker", |_| {}, "kube_minions/1/kube_minion_floating", true),
        ("no floating IP of a worker", |c| c.floating_ip_enabled = false, "kube_minions/1/kube_minion_floating", false),
        ("no etcd volume", |_| {}, "kube_masters/0/etcd_volume", false),
        ("etcd volume", |c| c.labels.push(("etcd_volume_size".into(), "5".into())), "kube_masters/0/etcd_volume_attach", true),
        ("no container volumes", |_| {}, "kube_minions/0/docker_volume", false),
        ("container volumes", |c| c.docker_volume_size = Some(5), "kube_minions/0/docker_volume_attach", true),
        (
            "container volumes of workers only",
            |c| c.groups[1].docker_volume_size = Some(5),
            "kube_masters/0/docker_volume",
            false,
        ),
        ("a port for each master", |_| {}, "master_ports/2", true),
        ("a deployment for each node", |_| {}, "kube_minions/1/node_config_deployment", true),
        ("a server for each worker", |_| {}, "kube_minions/1/kube-minion", true),
        ("a deployment that drains each worker", |_| {}, "kube_minions/1/drain_deployment", true),
        ("a deployment for workers that leave", |_| {}, "leaving_nodes", true),
        ("a server for each master", |_| {}, "kube_masters/2/kube-master", true),
        ("no worker too many", |_| {}, "kube_minions/2", false),
        ("no workers at all", |c| c.groups[1].node_count = 0, "kube_minions/0", false),
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
fn a_cluster_with_everything_stays_below_upstreams_resources_per_node() {
    let count = |cluster: &Cluster| world_on(trusting()).run(|| resources(cluster)).unwrap();
    let most = |masters, workers| {
        let mut cluster = with_labels(large(), &[("etcd_volume_size", "5"), ("boot_volume_size", "30")]);
        cluster.docker_volume_size = Some(10);
        cluster.groups[0].node_count = masters;
        cluster.groups[1].node_count = workers;
        count(&cluster)
    };
    assert_eq!(most(5, 1) - most(3, 1), 2 * 10);
    assert_eq!(most(3, 2) - most(3, 1), 8);
    let room = |workers| {
        let mut cluster = large();
        cluster.groups[1].node_count = workers;
        count(&cluster)
    };
    assert!(room(160) <= 1000 && room(161) > 1000, "the crate's documentation says how many workers there can be");
    assert_eq!(count(&samples::cluster()), 16 + 5 + 6);
}

#[test]
fn the_resources_of_a_further_group_are_counted_too() {
    for size in [None, Some(10)] {
        let mut cluster = with_further_group(large());
        cluster.docker_volume_size = size;
        let definition = define_further(&cluster);
        let found = hot::resources(&hot::templates(&definition), "cluster.yaml", &hot::given(&definition));
        assert_eq!(group_resources(&cluster, &cluster.groups[2]), found.len() as u64, "{found:#?}");
    }
}

#[test]
fn pods_move_before_their_node_leaves_or_is_replaced() {
    for definition in [define(&large()), define_further(&with_further_group(large()))] {
        let templates = hot::templates(&definition);
        let main = hot::section(&templates["cluster.yaml"], "resources");
        let worker = hot::section(&templates["worker.yaml"], "resources");
        assert_eq!(main["kube_minions"]["depends_on"], "leaving_nodes");
        assert_eq!(worker["kube-minion"]["depends_on"], "drain_deployment");
        for deployment in [&main["leaving_nodes"], &worker["drain_deployment"]] {
            assert_eq!(deployment["properties"]["actions"], serde_json::json!(["UPDATE"]), "nothing to move at first");
        }
        // What replaces a server is among the inputs, so that the deployment runs in the same update.
        let replaced_by = &worker["kube-minion"]["properties"]["scheduler_hints"]["node_version"];
        let inputs = hot::uses(&worker["drain_deployment"], "get_param");
        assert!(inputs.contains(&&replaced_by["get_param"]));
        assert!(inputs.iter().any(|input| *input == "image"));
    }
}

#[test]
fn names_that_other_clients_reach_for_are_there() {
    let templates = hot::templates(&define(&large()));
    let resources = |template: &str| hot::section(&templates[template], "resources").clone();
    for (template, names) in [
        ("cluster.yaml", &["kube_masters", "kube_minions", "network", "api_lb"][..]),
        ("worker.yaml", &["kube-minion", "node_config_deployment"]),
        ("master.yaml", &["kube-master", "node_config_deployment"]),
    ] {
        for name in names {
            assert!(resources(template).contains_key(*name), "{template}: {name}");
        }
    }
    for (template, server) in [("worker.yaml", "kube-minion"), ("master.yaml", "kube-master")] {
        let id = &templates[template]["outputs"]["OS::stack_id"]["value"];
        assert_eq!(id["get_resource"], server, "the autoscaler reads server ids from refs_map");
    }
}

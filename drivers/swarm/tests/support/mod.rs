//! Clusters and clouds.
#![allow(dead_code, reason = "each test file uses a part")]

use jeroboam_driver_sdk::{
    Cluster, ClusterType, Driver, Error, FieldError, StackDefinition, StackScope, Value,
    lookup::{Image, Network, Subnet},
    settings::Platform,
    testing::{World, samples},
};
use jeroboam_driver_swarm::Swarm;

pub const EXTERNAL: &str = "e0000000-0000-4000-8000-000000000000";
pub const NETWORK: &str = "a0000000-0000-4000-8000-000000000000";
pub const SUBNET: &str = "b0000000-0000-4000-8000-000000000000";

/// A cloud with what the sample cluster names.
pub fn world() -> World {
    world_on(samples::platform())
}

pub fn world_on(platform: Platform) -> World {
    let network = |id: &str, name: &str, external, subnets: &[&str]| Network {
        id: id.into(),
        name: name.into(),
        external,
        subnets: subnets.iter().map(|id| (*id).to_owned()).collect(),
    };
    World::new()
        .platform(platform)
        .image(Image {
            id: "image-id".into(),
            name: "fedora-atomic".into(),
            min_disk: 10,
            os_distro: Some("fedora-atomic".into()),
            properties: vec![],
        })
        .flavor("m1.small", 2, 4096, 20)
        .flavor("diskless", 2, 4096, 0)
        .network(network(EXTERNAL, "public", true, &[]))
        .network(network(NETWORK, "mine", false, &[SUBNET]))
        .subnet(Subnet {
            id: SUBNET.into(),
            name: "mine-v4".into(),
            network_id: NETWORK.into(),
            cidr: "192.168.7.0/24".into(),
            ip_version: 4,
        })
        .keypair("key", "ssh-ed25519 AAAA owner")
        .volume_type("slow", false)
        .volume_type("fast", true)
}

/// What the host's own discovery service answers at.
pub const DISCOVERY: &str = "https://cloud.example/container-infra/discovery/0123";

/// One master and one node.
pub fn small() -> Cluster {
    let mut cluster = samples::cluster();
    let template = &mut cluster.template;
    template.cluster_type = ClusterType { server_type: "vm".into(), os_distro: "fedora-atomic".into(), coe: "swarm".into() };
    template.image = "fedora-atomic".into();
    template.network_driver = Some("docker".into());
    template.volume_driver = None;
    cluster.discovery_url = Some(DISCOVERY.into());
    for group in &mut cluster.groups {
        group.image = "fedora-atomic".into();
    }
    cluster
}

/// Three masters behind a load balancer and two nodes in flannel's network.
pub fn large() -> Cluster {
    let mut cluster = small();
    cluster.master_lb_enabled = true;
    cluster.template.registry_enabled = true;
    cluster.template.volume_driver = Some("rexray".into());
    cluster.template.network_driver = Some("flannel".into());
    cluster.groups[0].node_count = 3;
    cluster.groups[1].node_count = 2;
    cluster
}

pub fn trusting() -> Platform {
    Platform { cluster_user_trust: true, ..samples::platform() }
}

pub fn with_labels(mut cluster: Cluster, labels: &[(&str, &str)]) -> Cluster {
    cluster.labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    cluster
}

pub fn define(cluster: &Cluster) -> StackDefinition {
    define_in(world_on(trusting()), cluster)
}

pub fn define_in(world: World, cluster: &Cluster) -> StackDefinition {
    world.run(|| Swarm::define_stack(cluster, &StackScope::Cluster)).unwrap()
}

pub fn parameter<'a>(definition: &'a StackDefinition, name: &str) -> &'a Value {
    &definition.parameters.iter().find(|(given, _)| given == name).unwrap_or_else(|| panic!("no parameter {name}")).1
}

/// The variables of `node_settings`.
pub fn settings(definition: &StackDefinition) -> serde_json::Map<String, serde_json::Value> {
    let Value::Json(text) = parameter(definition, "node_settings") else { panic!("node_settings is no JSON") };
    serde_json::from_str(text).unwrap()
}

pub fn fields(error: &Error) -> Vec<&str> {
    match error {
        Error::Invalid(errors) => errors.iter().map(|FieldError { field, .. }| field.as_str()).collect(),
        other => panic!("{other:?}"),
    }
}

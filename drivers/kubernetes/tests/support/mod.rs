//! Clusters and clouds.
#![allow(dead_code, reason = "each test file uses a part")]

pub mod addons;

use jeroboam_driver_kubernetes::Kubernetes;
use jeroboam_driver_sdk::{
    Cluster, Driver, Error, FieldError, NodeGroup, StackDefinition, StackScope, Value,
    lookup::{Image, Network, Subnet},
    settings::Platform,
    testing::{World, samples},
};

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
        .image(image("image-id", "fedora-coreos"))
        .image(image("ubuntu-id", "ubuntu"))
        .image(image("atomic-image-id", "fedora-atomic"))
        .image(image("coreos-id", "coreos"))
        .image(image("fedora-id", "fedora"))
        .flavor("m1.small", 2, 4096, 20)
        .flavor("diskless", 2, 4096, 0)
        .flavor("tiny", 1, 512, 5)
        .network(network(EXTERNAL, "public", true, &[]))
        .network(network(NETWORK, "mine", false, &["v6", SUBNET]))
        .subnet(subnet("v6", "mine-v6", "2001:db8::/64", 6))
        .subnet(subnet(SUBNET, "mine-v4", "192.168.7.0/24", 4))
        .keypair("key", "ssh-ed25519 AAAA owner")
        .volume_type("slow", false)
        .volume_type("fast", true)
}

/// Named for the operating system in it.
fn image(id: &str, distro: &str) -> Image {
    Image { id: id.into(), name: distro.into(), min_disk: 10, os_distro: Some(distro.into()), properties: vec![] }
}

fn subnet(id: &str, name: &str, cidr: &str, ip_version: u8) -> Subnet {
    Subnet { id: id.into(), name: name.into(), network_id: NETWORK.into(), cidr: cidr.into(), ip_version }
}

/// Three masters behind a load balancer and two workers, in a cloud that lets clusters act for their owners.
pub fn large() -> Cluster {
    let mut cluster = samples::cluster();
    cluster.master_lb_enabled = true;
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
    world.run(|| Kubernetes::define_stack(cluster, &StackScope::Cluster)).unwrap()
}

/// The stack of the further group.
pub fn define_further(cluster: &Cluster) -> StackDefinition {
    world_on(trusting()).run(|| Kubernetes::define_stack(cluster, &StackScope::NodeGroup(FURTHER.into()))).unwrap()
}

pub fn parameter<'a>(definition: &'a StackDefinition, name: &str) -> &'a Value {
    &definition.parameters.iter().find(|(given, _)| given == name).unwrap_or_else(|| panic!("no parameter {name}")).1
}

pub fn text(definition: &StackDefinition, name: &str) -> String {
    match parameter(definition, name) {
        Value::Text(text) => text.clone(),
        other => panic!("{name} is {other:?}"),
    }
}

/// The variables of `node_settings`.
pub fn settings(definition: &StackDefinition) -> serde_json::Map<String, serde_json::Value> {
    variables_of(definition, "node_settings")
}

/// The variables of a parameter that holds some.
pub fn variables_of(definition: &StackDefinition, name: &str) -> serde_json::Map<String, serde_json::Value> {
    let Value::Json(text) = parameter(definition, name) else { panic!("{name} is no JSON") };
    serde_json::from_str(text).unwrap()
}

/// The same cluster on another operating system.
pub fn on(mut cluster: Cluster, server_type: &str, distro: &str) -> Cluster {
    cluster.template.cluster_type.server_type = server_type.into();
    cluster.template.cluster_type.os_distro = distro.into();
    cluster.template.image = distro.into();
    for group in &mut cluster.groups {
        group.image = distro.into();
    }
    cluster
}

/// One that exists: with what its stack told, and a further group of three.
pub fn with_further_group(mut cluster: Cluster) -> Cluster {
    let known = [
        ("fixed-network", "network-id"),
        ("fixed-subnet", "subnet-id"),
        ("worker-security-groups", "group-1,group-2"),
        ("api-private-address", "10.0.0.3"),
        ("first-master", "master-id"),
        ("masters", "3"),
    ];
    cluster.extras.extend(known.map(|(name, value)| (name.to_owned(), value.to_owned())));
    cluster.stack_id = Some("stack-id".into());
    cluster.groups.push(NodeGroup {
        uuid: FURTHER.into(),
        name: "gpu".into(),
        role_name: "gpu".into(),
        is_default: false,
        node_count: 3,
        ..cluster.groups[1].clone()
    });
    cluster
}

pub const FURTHER: &str = "55555555-5555-4555-8555-555555555555";

pub fn fields(error: &Error) -> Vec<&str> {
    match error {
        Error::Invalid(errors) => errors.iter().map(|FieldError { field, .. }| field.as_str()).collect(),
        other => panic!("{other:?}"),
    }
}

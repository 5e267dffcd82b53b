//! Clusters and clouds.
#![allow(dead_code, reason = "each test file uses a part")]

use jeroboam_driver_sdk::{
    Cluster, ClusterType, Driver, Error, FieldError, NodeGroup, StackDefinition, StackScope, Value,
    coe_api::{Request, Response},
    lookup::{Image, Network, Subnet},
    settings::Platform,
    testing::{World, samples},
};
use jeroboam_driver_swarm_mode::SwarmMode;
use serde_json::Value as Json;

pub const EXTERNAL: &str = "e0000000-0000-4000-8000-000000000000";
pub const NETWORK: &str = "a0000000-0000-4000-8000-000000000000";
pub const SUBNET: &str = "b0000000-0000-4000-8000-000000000000";
pub const SYSTEMS: [&str; 3] = ["fedora-atomic", "fedora-coreos", "ubuntu"];

/// A cloud with what the sample clusters name.
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
        .image(image("fedora-coreos"))
        .image(image("newer"))
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

fn image(name: &str) -> Image {
    Image { id: format!("{name}-id"), name: name.into(), min_disk: 10, os_distro: None, properties: vec![] }
}

pub fn trusting() -> Platform {
    Platform { cluster_user_trust: true, ..samples::platform() }
}

/// One master and one worker.
pub fn small() -> Cluster {
    let mut cluster = on("fedora-coreos");
    cluster.template.network_driver = Some("docker".into());
    cluster.template.volume_driver = None;
    cluster
}

pub fn on(distro: &str) -> Cluster {
    let mut cluster = samples::cluster();
    cluster.template.cluster_type = ClusterType { server_type: "vm".into(), os_distro: distro.into(), coe: "swarm-mode".into() };
    cluster.template.network_driver = None;
    cluster.template.volume_driver = Some("rexray".into());
    cluster
}

/// Three masters behind a load balancer and two workers.
pub fn large() -> Cluster {
    let mut cluster = small();
    cluster.master_lb_enabled = true;
    cluster.groups[0].node_count = 3;
    cluster.groups[1].node_count = 2;
    cluster
}

/// `large` with a further group, whose stack can be made.
pub fn with_group() -> Cluster {
    let mut cluster = large();
    cluster.groups.push(NodeGroup {
        uuid: "5c5c5c5c-5555-4555-8555-555555555555".into(),
        name: "Big_Disks".into(),
        is_default: false,
        node_count: 4,
        docker_volume_size: Some(50),
        ..cluster.groups[1].clone()
    });
    let extras = [
        ("fixed-network", "network-id"),
        ("fixed-subnet", "subnet-id"),
        ("worker-security-groups", "sg-1,sg-2"),
        ("primary-server", "server-id"),
        ("primary-address", "10.0.0.5"),
        ("secondary-addresses", "10.0.0.6,10.0.0.7"),
    ];
    cluster.extras = extras.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    cluster
}

pub fn group_scope(cluster: &Cluster) -> StackScope {
    StackScope::NodeGroup(cluster.groups[2].uuid.clone())
}

pub fn with_labels(mut cluster: Cluster, labels: &[(&str, &str)]) -> Cluster {
    cluster.labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    cluster
}

pub fn define(cluster: &Cluster) -> StackDefinition {
    define_in(world_on(trusting()), cluster, &StackScope::Cluster)
}

pub fn define_in(world: World, cluster: &Cluster, scope: &StackScope) -> StackDefinition {
    world.run(|| SwarmMode::define_stack(cluster, scope)).unwrap()
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

/// A parameter that is JSON.
pub fn json(definition: &StackDefinition, name: &str) -> Json {
    match parameter(definition, name) {
        Value::Json(text) => serde_json::from_str(text).unwrap(),
        other => panic!("{name} is {other:?}"),
    }
}

/// The file of this name.
pub fn file(definition: &StackDefinition, name: &str) -> String {
    definition.files.iter().find(|(given, _)| given == name).unwrap_or_else(|| panic!("no file {name}")).1.clone()
}

pub fn fields(error: &Error) -> Vec<&str> {
    match error {
        Error::Invalid(errors) => errors.iter().map(|FieldError { field, .. }| field.as_str()).collect(),
        other => panic!("{other:?}"),
    }
}

/// A cloud in which Docker answers with these bodies by path.
pub fn docker(answers: Vec<(&'static str, u16, Json)>) -> World {
    world_on(trusting()).coe_api(move |request: &Request| {
        let path = request.path.split('?').next().unwrap();
        let (_, status, body) = answers.iter().find(|(known, _, _)| *known == path).unwrap_or_else(|| panic!("{path}"));
        let body = body.as_str().map_or_else(|| body.to_string(), str::to_owned).into_bytes();
        Ok(Response { status: *status, headers: vec![], body })
    })
}

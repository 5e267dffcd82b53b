//! Who this driver is.

use jeroboam_driver_common::OperatingSystem;
use jeroboam_driver_sdk::{Capability, ClusterType, Description, Features};

use crate::labels;

/// What nodes run on.
pub const SYSTEMS: &[OperatingSystem] = &[OperatingSystem::FedoraAtomic, OperatingSystem::FedoraCoreos, OperatingSystem::Ubuntu];

pub fn description() -> Description {
    let capability = |name: &str, reason: &str| Capability { name: name.to_owned(), reason: reason.to_owned() };
    let cluster_type = |system: &OperatingSystem| ClusterType {
        server_type: "vm".to_owned(),
        os_distro: system.distro().to_owned(),
        coe: "swarm-mode".to_owned(),
    };
    Description {
        name: "swarm-mode".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        summary: "Docker in swarm mode on servers with Fedora Atomic, Fedora CoreOS or Ubuntu.".to_owned(),
        cluster_types: SYSTEMS.iter().map(cluster_type).collect(),
        labels: labels::all(),
        features: Features::UPGRADE | Features::HEALTH | Features::NODE_GROUPS | Features::ROTATE_CA,
        capabilities: vec![
            capability("lookup", "Turns names of networks, images, flavors and keypairs into what the stack needs."),
            capability("coe-api", "Asks Docker on the masters for the health of the swarm and for nodes without work."),
        ],
        extras: Vec::new(),
    }
}

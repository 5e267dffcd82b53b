//! Who this driver is.

use jeroboam_driver_common::OperatingSystem;
use jeroboam_driver_sdk::{Capability, ClusterType, Description, Features};

use crate::labels;

pub fn description() -> Description {
    let capability = |name: &str, reason: &str| Capability { name: name.to_owned(), reason: reason.to_owned() };
    Description {
        name: "swarm".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        summary: "Standalone Swarm, with etcd, on Fedora Atomic servers.".to_owned(),
        cluster_types: vec![ClusterType {
            server_type: "vm".to_owned(),
            os_distro: OperatingSystem::FedoraAtomic.distro().to_owned(),
            coe: "swarm".to_owned(),
        }],
        labels: labels::all(),
        features: Features::HEALTH,
        capabilities: vec![
            capability("lookup", "Turns names of networks, images, flavors and keypairs into what the stack needs."),
            capability("coe-api", "Asks Swarm for its health, and for the nodes that run containers."),
        ],
        // The host brings a discovery URL.
        extras: vec![("discovery".to_owned(), "etcd".to_owned())],
    }
}

//! Who this driver is.

use jeroboam_driver_common::OperatingSystem;
use jeroboam_driver_sdk::{Capability, ClusterType, Description, Features};

use crate::labels;

/// Server type and operating system.
const CLUSTER_TYPES: [(&str, OperatingSystem); 5] = [
    ("vm", OperatingSystem::FedoraCoreos),
    ("vm", OperatingSystem::Ubuntu),
    ("vm", OperatingSystem::FedoraAtomic),
    ("vm", OperatingSystem::Coreos),
    ("bm", OperatingSystem::Fedora),
];

fn cluster_type((server_type, system): &(&str, OperatingSystem)) -> ClusterType {
    ClusterType { server_type: (*server_type).to_owned(), os_distro: system.distro().to_owned(), coe: "kubernetes".to_owned() }
}

pub fn description() -> Description {
    let capability = |name: &str, reason: &str| Capability { name: name.to_owned(), reason: reason.to_owned() };
    Description {
        name: "kubernetes".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        summary: "Kubernetes on Fedora CoreOS, Ubuntu, Fedora Atomic, CoreOS Container Linux, and Fedora on bare metal."
            .to_owned(),
        cluster_types: CLUSTER_TYPES.iter().map(cluster_type).collect(),
        labels: labels::all(),
        features: Features::all(),
        capabilities: vec![
            capability("lookup", "Turns names of networks, images, flavors and keypairs into what the stack needs."),
            capability("load-balancers", "Removes the load balancers of Kubernetes services before a cluster is deleted."),
            capability("floating-ips", "Removes the floating IPs of those load balancers."),
            capability("ca-key", "Gives masters the CA's key where the label cert_manager_api asks for it, and nowhere else."),
            capability("volumes", "Removes the volumes of claims before a cluster is deleted, if delete_volumes is set."),
            capability("coe-api", "Asks the cluster's API for its health, that of its nodes, and to let go of volumes."),
        ],
        extras: Vec::new(),
    }
}

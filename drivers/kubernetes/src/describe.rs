//! Who this driver is.

use jeroboam_driver_sdk::{Capability, ClusterType, Description, Features};

use crate::labels;

pub fn description() -> Description {
    let capability = |name: &str, reason: &str| Capability { name: name.to_owned(), reason: reason.to_owned() };
    Description {
        name: "kubernetes".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        summary: "Kubernetes on Fedora CoreOS servers.".to_owned(),
        cluster_types: vec![ClusterType {
            server_type: "vm".to_owned(),
            os_distro: "fedora-coreos".to_owned(),
            coe: "kubernetes".to_owned(),
        }],
        labels: labels::all(),
        features: Features::UPGRADE | Features::HEALTH,
        capabilities: vec![
            capability("lookup", "Turns names of networks, images, flavors and keypairs into what the stack needs."),
            capability("load-balancers", "Removes the load balancers of Kubernetes services before a cluster is deleted."),
            capability("floating-ips", "Removes the floating IPs of those load balancers."),
            capability("coe-api", "Asks the cluster's API for its health and that of its nodes."),
        ],
        extras: Vec::new(),
    }
}

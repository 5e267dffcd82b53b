//! Who this driver is.

use jeroboam_driver_common::OperatingSystem;
use jeroboam_driver_sdk::{Capability, ClusterType, Description, Features};

use crate::labels;

pub fn description() -> Description {
    let capability = |name: &str, reason: &str| Capability { name: name.to_owned(), reason: reason.to_owned() };
    Description {
        name: "mesos".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        summary: "Mesos with Marathon on Ubuntu servers.".to_owned(),
        cluster_types: vec![ClusterType {
            server_type: "vm".to_owned(),
            os_distro: OperatingSystem::Ubuntu.distro().to_owned(),
            coe: "mesos".to_owned(),
        }],
        labels: labels::all(),
        features: Features::HEALTH,
        capabilities: vec![
            capability("lookup", "Turns names of networks, images, flavors and keypairs into what the stack needs."),
            capability("stacks", "Finds the servers of slaves by their addresses, when some are to be removed."),
            capability("coe-api", "Asks Marathon for its health, and for the slaves that run tasks."),
        ],
        extras: Vec::new(),
    }
}

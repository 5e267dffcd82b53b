//! The labels that this driver reads. A label is read through its line here or in one of the shared tables, so none is missing from the schema.

use jeroboam_driver_common::{images, load_balancer, machine, network, rexray, volumes};
use jeroboam_driver_sdk::{LabelSpec, labels};

labels! {
    SWARM_NETWORK_CIDR = "swarm_network_cidr": cidr, default "10.100.0.0/16", since "0.1.0", "Addresses of containers: the swarm takes its overlay networks from here. Docker before 18.09, as on Fedora Atomic, chooses for itself.";
    SWARM_NETWORK_SUBNETLEN = "swarm_network_subnetlen": integer(8, 29), default "24", since "0.1.0", "Prefix length of each overlay network.";
}

/// The whole schema.
pub fn all() -> Vec<LabelSpec> {
    let mut all = label_specs();
    for shared in [
        network::label_specs,
        load_balancer::label_specs,
        machine::label_specs,
        volumes::label_specs,
        images::label_specs,
        rexray::label_specs,
    ] {
        all.extend(shared());
    }
    all
}

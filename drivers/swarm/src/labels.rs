//! The labels that this driver reads. A label is read through its line here or in one of the shared tables, so none is missing from the schema.

use jeroboam_driver_common::{images, load_balancer, machine, network, rexray, volumes};
use jeroboam_driver_sdk::{LabelSpec, labels};

labels! {
    SWARM_STRATEGY = "swarm_strategy": choice("spread", "binpack", "random"), default "spread", since "0.1.0", "Where Swarm puts containers: on the node with fewest, on the fullest that has room, or on any.";
    SWARM_TAG = "swarm_tag": text, default "1.2.9", since "0.1.0", "The tag of the image swarm, of managers and agents.";
    REGISTRY_TAG = "registry_tag": text, default "2.8.3", since "0.1.0", "The tag of the image registry, with registry_enabled; it has to know Swift, as version 2 does.";
    ETCD_TAG = "etcd_tag": text, default "v3.4.35", since "0.1.0", "The tag of the image etcd; it has to know version 2 of etcd's API, as up to v3.5.";
    FLANNEL_TAG = "flannel_tag": text, default "v0.11.0-amd64", since "0.1.0", "The tag of the image flannel, with the network driver flannel; it has to know version 2 of etcd's API.";
    FLANNEL_NETWORK_CIDR = "flannel_network_cidr": cidr, default "10.100.0.0/16", since "0.1.0", "Addresses of containers, with the network driver flannel.";
    FLANNEL_NETWORK_SUBNETLEN = "flannel_network_subnetlen": integer(16, 28), default "24", since "0.1.0", "Prefix length of the containers' addresses on one node.";
    FLANNEL_BACKEND = "flannel_backend": choice("udp", "vxlan", "host-gw"), default "udp", since "0.1.0", "How flannel carries packets between nodes.";
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

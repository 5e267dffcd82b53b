//! How many resources a cluster's stack holds.

use jeroboam_driver_common::{DefaultGroups, Request, budget, load_balancer, request::container_volume};
use jeroboam_driver_sdk::{Cluster, Error};

/// What every stack has: the network with its subnet, router and interface, security groups, server groups, software config, and three groups.
const CLUSTER: u64 = 14;
/// A node: its nested stack, server, port and deployment.
const NODE: u64 = 4;

/// The resources of the cluster's stack, those of nested stacks included.
pub fn resources(cluster: &Cluster) -> Result<u64, Error> {
    let request = Request::from(cluster);
    let DefaultGroups { masters, workers: slaves } = DefaultGroups::of(cluster)?;
    let public = u64::from(cluster.floating_ip_enabled);

    let mut fixed = CLUSTER + load_balancer::resources(&request)?;
    if !request.makes_network() {
        fixed -= budget::OWN_NETWORK;
    }
    let master = NODE + public + u64::from(cluster.master_lb_enabled);
    let slave = NODE + public + budget::VOLUME * u64::from(container_volume(cluster, slaves) > 0);
    Ok(fixed + master * u64::from(masters.node_count) + slave * u64::from(slaves.node_count))
}

/// Refuses a cluster that Heat would refuse.
pub fn check(cluster: &Cluster) -> Result<(), Error> {
    budget::check("the cluster's stack", resources(cluster)?)
}

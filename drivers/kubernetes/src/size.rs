//! How many resources a cluster's stack holds: Heat refuses more than so many, and it is better to say so before anything is made.

use jeroboam_driver_common::{DefaultGroups, Request, budget, load_balancer, request::container_volume};
use jeroboam_driver_sdk::{Cluster, Error, settings};

use crate::etcd;

/// What every stack has: the network with its subnet, router and interface, security groups, server groups, software config, and three groups.
const CLUSTER: u64 = 14;
/// A node: its nested stack, server, port and deployment.
pub const NODE: u64 = 4;
/// The resources of the cluster's stack, those of nested stacks included.
pub fn resources(cluster: &Cluster) -> Result<u64, Error> {
    let request = Request::from(cluster);
    let groups = DefaultGroups::of(cluster)?;
    let platform = settings::get_platform();
    let public = u64::from(cluster.floating_ip_enabled);
    let volume = |present: bool| budget::VOLUME * u64::from(present);

    let mut fixed = CLUSTER + load_balancer::resources(&request)?;
    if !request.makes_network() {
        fixed -= budget::OWN_NETWORK;
    }
    let mut master = NODE + public + volume(etcd::volume(&cluster.labels, &platform)?.size > 0);
    master += volume(container_volume(cluster, groups.masters) > 0);
    if cluster.master_lb_enabled {
        master += 1;
    }
    let worker = NODE + public + volume(container_volume(cluster, groups.workers) > 0);
    Ok(fixed + master * u64::from(groups.masters.node_count) + worker * u64::from(groups.workers.node_count))
}

/// Refuses a cluster that Heat would refuse.
pub fn check(cluster: &Cluster) -> Result<(), Error> {
    budget::check("the cluster's stack", resources(cluster)?)
}

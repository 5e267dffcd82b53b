//! How many resources a cluster's stacks hold: Heat refuses more than so many in one, and it is better to say so before anything is made.

use jeroboam_driver_common::{DefaultGroups, Request, budget, load_balancer, request::container_volume};
use jeroboam_driver_sdk::{Cluster, Error, NodeGroup};

use crate::{bare_metal, etcd};

/// What every cluster's stack has: the network with its subnet, router and interface, security groups, server groups, software configs, the deployment for
/// nodes that leave, and three groups.
const CLUSTER: u64 = 16;
/// What every further group's stack has: a server group, software configs, the deployment for nodes that leave, and the group.
const GROUP: u64 = 5;
/// A master: its nested stack, server, port and deployment.
const MASTER: u64 = 4;
/// A worker has a deployment more, which moves its pods elsewhere before it is replaced.
const WORKER: u64 = 5;

/// The resources of the cluster's own stack, those of nested stacks included.
pub fn resources(cluster: &Cluster) -> Result<u64, Error> {
    let request = Request::from(cluster);
    let groups = DefaultGroups::of(cluster)?;
    let platform = bare_metal::platform(&cluster.template);

    let mut fixed = CLUSTER + load_balancer::resources(&request)?;
    if !request.makes_network() {
        fixed -= budget::OWN_NETWORK;
    }
    let mut master = MASTER + u64::from(cluster.floating_ip_enabled) + u64::from(cluster.master_lb_enabled);
    if etcd::volume(&cluster.labels, &platform)?.size > 0 {
        master += budget::VOLUME;
    }
    if container_volume(cluster, groups.masters) > 0 {
        master += budget::VOLUME;
    }
    Ok(fixed + master * u64::from(groups.masters.node_count) + workers(cluster, groups.workers))
}

/// The resources of a further group's stack.
pub fn group_resources(cluster: &Cluster, group: &NodeGroup) -> u64 {
    GROUP + workers(cluster, group)
}

fn workers(cluster: &Cluster, group: &NodeGroup) -> u64 {
    let volume = if container_volume(cluster, group) > 0 { budget::VOLUME } else { 0 };
    (WORKER + u64::from(cluster.floating_ip_enabled) + volume) * u64::from(group.node_count)
}

/// Refuses a cluster that Heat would refuse.
pub fn check(cluster: &Cluster) -> Result<(), Error> {
    budget::check("the cluster's stack", resources(cluster)?)?;
    for group in cluster.groups.iter().filter(|group| !group.is_default) {
        budget::check(&format!("the stack of node group {}", group.name), group_resources(cluster, group))?;
    }
    Ok(())
}

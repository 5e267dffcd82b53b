//! How many resources stacks hold: Heat refuses more than so many, and it is better to say so before anything is made.

use jeroboam_driver_common::{DefaultGroups, Request, budget, load_balancer, request::container_volume};
use jeroboam_driver_sdk::{Cluster, Error, NodeGroup, StackScope};

/// What every cluster's stack has: the network with its subnet, router and interface, security groups, server groups, software config, the primary's port, the
/// groups of ports, masters and workers, and the nested stack, config and deployment each of `leavers.yaml` and `members.yaml`. The primary itself is counted as a master, and its port
/// belongs to it.
const CLUSTER: u64 = 20;
/// Server group, software config, the group of workers, `leavers.yaml` and `members.yaml`.
const GROUP: u64 = 9;
/// A node: its nested stack, server, port and deployment.
const NODE: u64 = 4;

/// The resources of a stack, those of nested stacks included.
pub fn resources(cluster: &Cluster, scope: &StackScope) -> Result<u64, Error> {
    let public = u64::from(cluster.floating_ip_enabled);
    let node = |group: &NodeGroup| NODE + public + budget::VOLUME * u64::from(container_volume(cluster, group) > 0);
    if let StackScope::NodeGroup(uuid) = scope {
        let group = jeroboam_driver_common::request::group(cluster, uuid)?;
        return Ok(GROUP + node(group) * u64::from(group.node_count));
    }
    let request = Request::from(cluster);
    let groups = DefaultGroups::of(cluster)?;
    let mut fixed = CLUSTER + load_balancer::resources(&request)?;
    if !request.makes_network() {
        fixed -= budget::OWN_NETWORK;
    }
    let master = node(groups.masters) + u64::from(cluster.master_lb_enabled);
    Ok(fixed + master * u64::from(groups.masters.node_count) + node(groups.workers) * u64::from(groups.workers.node_count))
}

/// Refuses a cluster that Heat would refuse.
pub fn check(cluster: &Cluster) -> Result<(), Error> {
    budget::check("the cluster's stack", resources(cluster, &StackScope::Cluster)?)?;
    for group in cluster.groups.iter().filter(|group| !group.is_default) {
        let stack = format!("the stack of node group {}", group.name);
        budget::check(&stack, resources(cluster, &StackScope::NodeGroup(group.uuid.clone()))?)?;
    }
    Ok(())
}

//! How many resources a cluster's stack holds: Heat refuses more than so many, and it is better to say so before anything is made.

use jeroboam_driver_sdk::{Cluster, Error, invalid, settings};

use crate::{
    request::{DefaultGroups, Request, container_volume},
    volumes,
};

/// What every stack has: the network with its subnet, router and interface, security groups, server groups, software config, and three groups.
const CLUSTER: u64 = 14;
/// What an existing network saves.
const OWN_NETWORK: u64 = 4;
/// The nested stack with load balancer, listener and pool.
const LOAD_BALANCER: u64 = 4;
/// A node: its nested stack, server, port and deployment.
pub const NODE: u64 = 4;
/// Volume and attachment.
const VOLUME: u64 = 2;

/// Heat's own default of `max_resources_per_stack`, which counts nested stacks too.
const HEAT_LIMIT: u64 = 1000;

/// The resources of the cluster's stack, those of nested stacks included.
pub fn resources(cluster: &Cluster) -> Result<u64, Error> {
    let request = Request::from(cluster);
    let groups = DefaultGroups::of(cluster)?;
    let platform = settings::get_platform();
    let public = u64::from(cluster.floating_ip_enabled);
    let volume = |present: bool| VOLUME * u64::from(present);

    let mut fixed = CLUSTER;
    if request.fixed_network.is_some() || request.fixed_subnet.is_some() {
        fixed -= OWN_NETWORK;
    }
    let mut master = NODE + public + volume(volumes::etcd(&cluster.labels, &platform)?.size > 0);
    master += volume(container_volume(cluster, groups.masters) > 0);
    if cluster.master_lb_enabled {
        fixed += LOAD_BALANCER + u64::from(crate::labels::OCTAVIA_LB_HEALTHCHECK.get(&cluster.labels)?);
        fixed += u64::from(request.public_load_balancer()?);
        master += 1;
    }
    let worker = NODE + public + volume(container_volume(cluster, groups.workers) > 0);
    Ok(fixed + master * u64::from(groups.masters.node_count) + worker * u64::from(groups.workers.node_count))
}

/// Refuses a cluster that Heat would refuse.
pub fn check(cluster: &Cluster) -> Result<(), Error> {
    let limit = match settings::get("max_resources_per_stack").map(|text| text.parse::<u64>()) {
        Some(Ok(limit)) => limit,
        Some(Err(_)) | None => HEAT_LIMIT,
    };
    let resources = resources(cluster)?;
    if resources > limit {
        let message = format!(
            "the cluster's stack would hold {resources} resources, and Heat allows {limit} (max_resources_per_stack): ask for fewer nodes"
        );
        return Err(invalid("node_count", message));
    }
    Ok(())
}

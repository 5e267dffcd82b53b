//! The parameters of `cluster.yaml`, and those that `group.yaml` has too.

use jeroboam_driver_common::{
    DefaultGroups, Parameters, Request, load_balancer, machine, network::NodeNetwork, request::container_volume, volumes,
};
use jeroboam_driver_sdk::{Cluster, Error, NodeGroup, Role, Value, settings};
use serde_json::json;

use crate::{node_settings, request::SwarmRequest};

/// What an upgrade does differently from one step to the next.
#[derive(Clone, Debug, Default)]
pub struct Rollout {
    /// The primary's image, while it is not that of the other masters.
    pub primary_image: Option<String>,
    /// How many workers are replaced at a time, if any are.
    pub batch: u32,
}

/// Name and value of each, in the template's order.
pub fn of_cluster(cluster: &Cluster, rollout: &Rollout) -> Result<Vec<(String, Value)>, Error> {
    let request = Request::from(cluster);
    let groups = DefaultGroups::of(cluster)?;
    let network = NodeNetwork::resolve(&request)?;

    let mut list = Parameters::default();
    list.add("cluster_uuid", cluster.uuid.as_str());
    network.add_to(&mut list, &request, &cluster.name);
    list.add("floating_ip_enabled", cluster.floating_ip_enabled);
    list.add("swarm_port", u32::from(request.api_port()));
    load_balancer::add_to(&mut list, &request, network.cidr)?;
    masters(&mut list, cluster, groups.masters, rollout);
    workers(&mut list, cluster, groups.workers, rollout.batch);
    machines(&mut list, cluster, &[groups.masters, groups.workers])?;
    list.add("node_settings", node_settings::of(cluster, &network)?);
    list.add_trustee();
    Ok(list.finish())
}

fn masters(list: &mut Parameters, cluster: &Cluster, group: &NodeGroup, rollout: &Rollout) {
    list.add("number_of_secondary_masters", group.node_count.saturating_sub(1));
    list.add("primary_master_image", rollout.primary_image.as_deref().unwrap_or(&group.image));
    list.add("secondary_master_image", group.image.as_str());
    list.add("master_flavor", group.flavor.as_str());
    list.add("master_docker_volume_size", container_volume(cluster, group));
}

/// Those of a group of workers, in whichever stack.
pub fn workers(list: &mut Parameters, cluster: &Cluster, group: &NodeGroup, batch: u32) {
    let names: Vec<&str> =
        cluster.groups.iter().filter(|group| group.role == Role::Worker).map(|group| group.name.as_str()).collect();
    list.add("number_of_nodes", group.node_count);
    list.add("node_image", group.image.as_str());
    list.add("node_flavor", group.flavor.as_str());
    list.add("node_docker_volume_size", container_volume(cluster, group));
    list.add_list("nodes_to_remove", &group.nodes_to_remove);
    list.add("worker_nodegroup_name", group.name.as_str());
    list.add("nodegroup_names", json!(names));
    list.add("update_max_batch_size", batch.max(1));
}

/// What all servers of a stack have alike.
pub fn machines(list: &mut Parameters, cluster: &Cluster, groups: &[&NodeGroup]) -> Result<(), Error> {
    let platform = settings::get_platform();
    let largest = groups.iter().map(|group| container_volume(cluster, group)).max().unwrap_or(0);
    let boot = volumes::boot(&cluster.labels, &platform)?;
    list.add("docker_volume_type", volumes::containers(largest, &cluster.labels, &platform)?.volume_type);
    list.add("boot_volume_size", boot.size);
    list.add("boot_volume_type", boot.volume_type);
    list.add("availability_zone", machine::AVAILABILITY_ZONE.get(&cluster.labels)?);
    list.add("nodes_affinity_policy", platform.affinity_policy);
    Ok(())
}

//! The parameters of servers: how many, of which shape, with which volumes.

use jeroboam_driver_common::{Parameters, machine, request::container_volume, volumes};
use jeroboam_driver_sdk::{Cluster, Error, NodeGroup};

use crate::{bare_metal, etcd, node_settings::group_settings};

/// `batch`: how many are changed at a time; nothing: all. When authorities are rotated, masters have to change together.
pub fn masters(list: &mut Parameters, cluster: &Cluster, group: &NodeGroup, batch: Option<u32>) -> Result<(), Error> {
    let etcd = etcd::volume(&cluster.labels, &bare_metal::platform(&cluster.template))?;
    list.add("number_of_masters", group.node_count);
    list.add("master_image", group.image.as_str());
    list.add("master_flavor", group.flavor.as_str());
    list.add("master_docker_volume_size", container_volume(cluster, group));
    list.add("etcd_volume_size", etcd.size);
    list.add("etcd_volume_type", etcd.volume_type);
    list.add("master_batch_size", batch.unwrap_or(group.node_count).max(1));
    list.add("master_settings", group_settings(cluster, group)?);
    Ok(())
}

/// Those of a group of workers, in the cluster's stack or one of its own.
pub fn workers(list: &mut Parameters, cluster: &Cluster, group: &NodeGroup, batch: Option<u32>) -> Result<(), Error> {
    list.add("number_of_minions", group.node_count);
    list.add("minion_image", group.image.as_str());
    list.add("minion_flavor", group.flavor.as_str());
    list.add("minion_docker_volume_size", container_volume(cluster, group));
    list.add_list("minions_to_remove", &group.nodes_to_remove);
    list.add("update_max_batch_size", batch.unwrap_or(group.node_count).max(1));
    list.add("minion_settings", group_settings(cluster, group)?);
    Ok(())
}

/// What all servers of a stack have alike.
pub fn all(list: &mut Parameters, cluster: &Cluster, groups: &[&NodeGroup]) -> Result<(), Error> {
    let platform = bare_metal::platform(&cluster.template);
    let largest = groups.iter().map(|group| container_volume(cluster, group)).max().unwrap_or(0);
    let boot = volumes::boot(&cluster.labels, &platform)?;
    list.add("docker_volume_type", volumes::containers(largest, &cluster.labels, &platform)?.volume_type);
    list.add("boot_volume_size", boot.size);
    list.add("boot_volume_type", boot.volume_type);
    list.add("availability_zone", machine::AVAILABILITY_ZONE.get(&cluster.labels)?);
    list.add("nodes_affinity_policy", platform.affinity_policy);
    Ok(())
}

//! The parameters of `cluster.yaml`, from the cluster's fields and labels.

use jeroboam_driver_common::{
    DefaultGroups, Parameters, Request, load_balancer, machine, network::NodeNetwork, request::container_volume, rexray, volumes,
};
use jeroboam_driver_sdk::{Cluster, Error, Value, settings};

use crate::node_settings::node_settings;

/// Where Marathon answers, unless the template says otherwise.
const MARATHON_PORT: u16 = 8080;

pub fn marathon_port(cluster: &Cluster) -> u16 {
    cluster.template.apiserver_port.unwrap_or(MARATHON_PORT)
}

/// Name and value of each, in the template's order.
pub fn of(cluster: &Cluster) -> Result<Vec<(String, Value)>, Error> {
    let request = Request::from(cluster);
    let DefaultGroups { masters, workers: slaves } = DefaultGroups::of(cluster)?;
    let platform = settings::get_platform();
    let network = NodeNetwork::resolve(&request)?;
    let containers = volumes::containers(container_volume(cluster, slaves), &cluster.labels, &platform)?;
    let boot = volumes::boot(&cluster.labels, &platform)?;

    let mut list = Parameters::default();
    list.add("cluster_uuid", cluster.uuid.as_str());
    network.add_to(&mut list, &request, &cluster.name);
    list.add("floating_ip_enabled", cluster.floating_ip_enabled);
    list.add("marathon_port", u32::from(marathon_port(cluster)));
    load_balancer::add_to(&mut list, &request, network.cidr)?;
    list.add("number_of_masters", masters.node_count);
    list.add("master_image", masters.image.as_str());
    list.add("master_flavor", masters.flavor.as_str());
    list.add("number_of_slaves", slaves.node_count);
    list.add("slave_image", slaves.image.as_str());
    list.add("slave_flavor", slaves.flavor.as_str());
    list.add_list("slaves_to_remove", &slaves.nodes_to_remove);
    list.add("docker_volume_size", containers.size);
    list.add("docker_volume_type", containers.volume_type);
    list.add("boot_volume_size", boot.size);
    list.add("boot_volume_type", boot.volume_type);
    list.add("availability_zone", machine::AVAILABILITY_ZONE.get(&cluster.labels)?);
    list.add("node_settings", node_settings(cluster)?);
    if rexray::is_enabled(&request, &platform)? {
        list.add_trustee();
    }
    list.add("nodes_affinity_policy", platform.affinity_policy);
    Ok(list.finish())
}

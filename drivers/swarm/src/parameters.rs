//! The parameters of `cluster.yaml`, from the cluster's fields and labels.

use jeroboam_driver_common::{
    DefaultGroups, Parameters, Request, given, load_balancer, machine, network::NodeNetwork, request::container_volume, rexray,
    volumes,
};
use jeroboam_driver_sdk::{Cluster, Error, Value, settings};

use crate::{
    labels,
    node_settings::node_settings,
    registry,
    request::{NetworkDriver, SwarmRequest},
};

/// Name and value of each, in the template's order.
pub fn of(cluster: &Cluster) -> Result<Vec<(String, Value)>, Error> {
    let request = Request::from(cluster);
    let network = NodeNetwork::resolve(&request)?;
    let platform = settings::get_platform();

    let mut list = Parameters::default();
    list.add("cluster_uuid", cluster.uuid.as_str());
    list.add("discovery_url", given(cluster.discovery_url.as_deref()).unwrap_or_default());
    network.add_to(&mut list, &request, &cluster.name);
    list.add("floating_ip_enabled", cluster.floating_ip_enabled);
    list.add("swarm_port", u32::from(request.api_port()));
    load_balancer::add_to(&mut list, &request, network.cidr)?;
    list.add("flannel_enabled", request.network_driver(network.cidr)? != NetworkDriver::Docker);
    list.add("flannel_network_cidr", labels::FLANNEL_NETWORK_CIDR.get(request.labels)?.to_string());
    nodes(&mut list, cluster)?;
    list.add("availability_zone", machine::AVAILABILITY_ZONE.get(request.labels)?);
    list.add("node_settings", node_settings(cluster, &network)?);
    // For certificates, the volume plugin and the registry; otherwise nobody would use it.
    let has_registry = registry::is_enabled(&request, &platform);
    if request.has_tls() || rexray::is_enabled(&request, &platform)? || has_registry {
        list.add_trustee();
    }
    if has_registry {
        registry::add_login(&mut list);
    }
    list.add("nodes_affinity_policy", platform.affinity_policy);
    Ok(list.finish())
}

fn nodes(list: &mut Parameters, cluster: &Cluster) -> Result<(), Error> {
    let DefaultGroups { masters, workers } = DefaultGroups::of(cluster)?;
    let platform = settings::get_platform();
    let (on_masters, on_workers) = (container_volume(cluster, masters), container_volume(cluster, workers));
    let boot = volumes::boot(&cluster.labels, &platform)?;
    list.add("number_of_masters", masters.node_count);
    list.add("master_image", masters.image.as_str());
    list.add("master_flavor", masters.flavor.as_str());
    list.add("number_of_nodes", workers.node_count);
    list.add("node_image", workers.image.as_str());
    list.add("node_flavor", workers.flavor.as_str());
    list.add_list("nodes_to_remove", &workers.nodes_to_remove);
    list.add("master_docker_volume_size", on_masters);
    list.add("node_docker_volume_size", on_workers);
    let largest = on_masters.max(on_workers);
    list.add("docker_volume_type", volumes::containers(largest, &cluster.labels, &platform)?.volume_type);
    list.add("boot_volume_size", boot.size);
    list.add("boot_volume_type", boot.volume_type);
    Ok(())
}

//! The parameters of `cluster.yaml`, from the cluster's fields and labels.

use jeroboam_driver_common::{
    DefaultGroups, Parameters, Request, load_balancer, machine, network::NodeNetwork, request::container_volume, volumes,
};
use jeroboam_driver_sdk::{Cluster, Error, NodeGroup, Pair, SecretName, Value, settings};

use crate::{addresses::Addresses, etcd, node_settings::node_settings, request::KubernetesRequest, version};

/// Name and value of each, in the template's order.
pub fn of(cluster: &Cluster, batch: u32) -> Result<Vec<(String, Value)>, Error> {
    let request = Request::from(cluster);
    let groups = DefaultGroups::of(cluster)?;
    let network = NodeNetwork::resolve(&request)?;
    let addresses = Addresses::resolve(&request, network.cidr)?;

    let mut list = Parameters::default();
    list.add("cluster_uuid", cluster.uuid.as_str());
    network.add_to(&mut list, &request, &cluster.name);
    list.add("floating_ip_enabled", cluster.floating_ip_enabled);
    list.add("pods_network_cidr", addresses.pods.to_string());
    list.add("kubernetes_port", u32::from(request.api_port()));
    load_balancer::add_to(&mut list, &request, network.cidr)?;
    masters(&mut list, cluster, groups.masters)?;
    workers(&mut list, cluster, groups.workers);
    machines(&mut list, cluster, &groups)?;
    versions(&mut list, &groups, &cluster.labels, batch)?;
    list.add("node_settings", node_settings(cluster, &addresses, network.external.as_deref())?);
    list.add_trustee();
    list.add("kube_service_account_key", SecretName::ServiceAccountPublicKey);
    list.add("kube_service_account_private_key", SecretName::ServiceAccountPrivateKey);
    Ok(list.finish())
}

fn masters(list: &mut Parameters, cluster: &Cluster, group: &NodeGroup) -> Result<(), Error> {
    let etcd = etcd::volume(&cluster.labels, &settings::get_platform())?;
    list.add("number_of_masters", group.node_count);
    list.add("master_image", group.image.as_str());
    list.add("master_flavor", group.flavor.as_str());
    list.add("master_docker_volume_size", container_volume(cluster, group));
    list.add("etcd_volume_size", etcd.size);
    list.add("etcd_volume_type", etcd.volume_type);
    Ok(())
}

fn workers(list: &mut Parameters, cluster: &Cluster, group: &NodeGroup) {
    list.add("number_of_minions", group.node_count);
    list.add("minion_image", group.image.as_str());
    list.add("minion_flavor", group.flavor.as_str());
    list.add("minion_docker_volume_size", container_volume(cluster, group));
    list.add_list("minions_to_remove", &group.nodes_to_remove);
    list.add("worker_nodegroup_name", group.name.as_str());
    list.add("worker_role", group.role_name.as_str());
}

/// What all servers have alike.
fn machines(list: &mut Parameters, cluster: &Cluster, groups: &DefaultGroups<'_>) -> Result<(), Error> {
    let platform = settings::get_platform();
    let largest = container_volume(cluster, groups.masters).max(container_volume(cluster, groups.workers));
    let boot = volumes::boot(&cluster.labels, &platform)?;
    list.add("docker_volume_type", volumes::containers(largest, &cluster.labels, &platform)?.volume_type);
    list.add("boot_volume_size", boot.size);
    list.add("boot_volume_type", boot.volume_type);
    list.add("availability_zone", machine::AVAILABILITY_ZONE.get(&cluster.labels)?);
    list.add("nodes_affinity_policy", platform.affinity_policy);
    Ok(())
}

fn versions(list: &mut Parameters, groups: &DefaultGroups<'_>, labels: &[Pair], batch: u32) -> Result<(), Error> {
    let masters = version::tag_of(groups.masters, labels)?;
    let workers = version::tag_of(groups.workers, labels)?;
    list.add("update_max_batch_size", batch);
    list.add("kube_tag", masters);
    list.add("master_kube_tag", masters);
    list.add("minion_kube_tag", workers);
    Ok(())
}

//! The parameters of `cluster.yaml`, from the cluster's fields and labels.

use jeroboam_driver_sdk::{Cluster, Error, NodeGroup, Pair, SecretName, Value, settings};
use serde_json::json;

use crate::{
    addresses::Addresses,
    labels, network,
    node_settings::node_settings,
    request::{DefaultGroups, Request, container_volume},
    version, volumes,
};

/// Name and value of each, in the template's order.
pub fn of(cluster: &Cluster, batch: u32) -> Result<Vec<(String, Value)>, Error> {
    let request = Request::from(cluster);
    let groups = DefaultGroups::of(cluster)?;
    let existing = network::existing(&request)?;
    let external = network::external(&request)?;
    let addresses = Addresses::resolve(&request, existing.as_ref().map(|existing| existing.cidr))?;

    let mut list = List::default();
    list.add("cluster_uuid", cluster.uuid.as_str());
    list.add("external_network", external.clone().unwrap_or_default());
    list.add("fixed_network", existing.as_ref().map_or("", |existing| &existing.network));
    list.add("fixed_subnet", existing.as_ref().map_or("", |existing| &existing.subnet));
    list.add("fixed_network_name", cluster.name.as_str());
    list.add("fixed_subnet_cidr", addresses.nodes.to_string());
    list.add("dns_nameserver", json!(cluster.template.dns_nameservers));
    list.add("floating_ip_enabled", cluster.floating_ip_enabled);
    list.add("pods_network_cidr", addresses.pods.to_string());
    load_balancer(&mut list, &request, &addresses)?;
    masters(&mut list, cluster, groups.masters)?;
    workers(&mut list, cluster, groups.workers);
    machines(&mut list, cluster, &groups)?;
    versions(&mut list, &groups, &cluster.labels, batch)?;
    list.add("node_settings", node_settings(cluster, &addresses, external.as_deref())?);
    secrets(&mut list);
    Ok(list.0)
}

#[derive(Default)]
struct List(Vec<(String, Value)>);

impl List {
    fn add(&mut self, name: &str, value: impl Into<Value>) {
        self.0.push((name.to_owned(), value.into()));
    }
}

fn load_balancer(list: &mut List, request: &Request<'_>, addresses: &Addresses) -> Result<(), Error> {
    let labels = request.labels;
    let mut allowed: Vec<String> = labels::MASTER_LB_ALLOWED_CIDRS.get(labels)?.into_iter().map(str::to_owned).collect();
    let restricted = !allowed.is_empty();
    if restricted {
        // Workers come to the API through the load balancer as well.
        allowed.push(addresses.nodes.to_string());
    }
    list.add("kubernetes_port", u32::from(request.api_port()));
    list.add("master_lb_enabled", request.master_lb_enabled);
    list.add("master_lb_floating_ip_enabled", request.public_load_balancer()?);
    list.add("master_lb_restricted", restricted);
    list.add("master_lb_allowed_cidrs", json!(allowed));
    list.add("octavia_provider", labels::OCTAVIA_PROVIDER.get(labels)?);
    list.add("octavia_lb_algorithm", labels::OCTAVIA_LB_ALGORITHM.get(labels)?);
    list.add("octavia_lb_healthcheck", labels::OCTAVIA_LB_HEALTHCHECK.get(labels)?);
    Ok(())
}

fn masters(list: &mut List, cluster: &Cluster, group: &NodeGroup) -> Result<(), Error> {
    let etcd = volumes::etcd(&cluster.labels, &settings::get_platform())?;
    list.add("number_of_masters", group.node_count);
    list.add("master_image", group.image.as_str());
    list.add("master_flavor", group.flavor.as_str());
    list.add("master_docker_volume_size", container_volume(cluster, group));
    list.add("etcd_volume_size", etcd.size);
    list.add("etcd_volume_type", etcd.volume_type);
    Ok(())
}

fn workers(list: &mut List, cluster: &Cluster, group: &NodeGroup) {
    list.add("number_of_minions", group.node_count);
    list.add("minion_image", group.image.as_str());
    list.add("minion_flavor", group.flavor.as_str());
    list.add("minion_docker_volume_size", container_volume(cluster, group));
    list.add("minions_to_remove", json!(group.nodes_to_remove));
    list.add("worker_nodegroup_name", group.name.as_str());
    list.add("worker_role", group.role_name.as_str());
}

/// What all servers have alike.
fn machines(list: &mut List, cluster: &Cluster, groups: &DefaultGroups<'_>) -> Result<(), Error> {
    let platform = settings::get_platform();
    let largest = container_volume(cluster, groups.masters).max(container_volume(cluster, groups.workers));
    let boot = volumes::boot(&cluster.labels, &platform)?;
    list.add("docker_volume_type", volumes::containers(largest, &cluster.labels, &platform)?.volume_type);
    list.add("boot_volume_size", boot.size);
    list.add("boot_volume_type", boot.volume_type);
    list.add("availability_zone", labels::AVAILABILITY_ZONE.get(&cluster.labels)?);
    list.add("nodes_affinity_policy", platform.affinity_policy);
    Ok(())
}

fn versions(list: &mut List, groups: &DefaultGroups<'_>, labels: &[Pair], batch: u32) -> Result<(), Error> {
    let masters = version::tag_of(groups.masters, labels)?;
    let workers = version::tag_of(groups.workers, labels)?;
    list.add("update_max_batch_size", batch);
    list.add("kube_tag", masters);
    list.add("master_kube_tag", masters);
    list.add("minion_kube_tag", workers);
    Ok(())
}

/// By name: the host puts the values in after this driver has returned.
fn secrets(list: &mut List) {
    list.add("trust_id", SecretName::TrustId);
    list.add("trustee_user_id", SecretName::TrusteeUserId);
    list.add("trustee_password", SecretName::TrusteePassword);
    list.add("kube_service_account_key", SecretName::ServiceAccountPublicKey);
    list.add("kube_service_account_private_key", SecretName::ServiceAccountPrivateKey);
}

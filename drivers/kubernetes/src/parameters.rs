//! The parameters of `cluster.yaml`, from the cluster's fields and labels.

use jeroboam_driver_common::{DefaultGroups, Parameters, Request, load_balancer, network::NodeNetwork};
use jeroboam_driver_sdk::{Cluster, Error, SecretName, Value, settings};

use crate::{
    addons,
    addresses::Addresses,
    machines,
    node_settings::node_settings,
    request::KubernetesRequest,
    secrets,
    version::{self, Version},
};

/// How many nodes are changed at a time; nothing: all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Batches {
    pub masters: Option<u32>,
    pub workers: Option<u32>,
}

/// Name and value of each, in the template's order.
pub fn of(cluster: &Cluster, batches: Batches) -> Result<Vec<(String, Value)>, Error> {
    let request = Request::from(cluster);
    let groups = DefaultGroups::of(cluster)?;
    let network = NodeNetwork::resolve(&request)?;
    let addresses = Addresses::resolve(&request, network.cidr)?;
    let (masters_tag, workers_tag) =
        (version::tag_of(groups.masters, &cluster.labels)?, version::tag_of(groups.workers, &cluster.labels)?);

    let mut list = Parameters::default();
    list.add("cluster_uuid", cluster.uuid.as_str());
    network.add_to(&mut list, &request, &cluster.name);
    list.add("floating_ip_enabled", cluster.floating_ip_enabled);
    list.add("pods_network_cidr", addresses.pods.to_string());
    list.add("kubernetes_port", u32::from(request.api_port()));
    list.add("tls_disabled", cluster.template.tls_disabled);
    load_balancer::add_to(&mut list, &request, network.cidr)?;
    machines::masters(&mut list, cluster, groups.masters, batches.masters)?;
    machines::workers(&mut list, cluster, groups.workers, batches.workers)?;
    machines::all(&mut list, cluster, &[groups.masters, groups.workers])?;
    list.add("kube_tag", masters_tag);
    list.add("master_kube_tag", masters_tag);
    list.add("minion_kube_tag", workers_tag);
    list.add("node_settings", node_settings(cluster, &addresses, network.external.as_deref())?);
    let addons = addons::chosen(&request, &settings::get_platform(), Version::of_label(masters_tag)?)?;
    list.add("addon_settings", addons::settings(cluster, &addons, masters_tag)?);
    list.add("addons", addons::archive(&addons));
    secrets::of_nodes(&mut list, cluster);
    secrets::of_masters(&mut list);
    if addons::labels::CERT_MANAGER_API.get(&cluster.labels)? {
        list.add("ca_key", SecretName::CaPrivateKey);
    }
    Ok(list.finish())
}

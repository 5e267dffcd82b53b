//! What the scripts in `node/` read from `/etc/sysconfig/heat-params`, as far as it is known before the stack is made.

use jeroboam_driver_common::{
    NodeSettings, OperatingSystem, Request,
    docker::{Docker, StorageDriver},
    network::NodeNetwork,
    proxies::Proxies,
    rexray,
};
use jeroboam_driver_sdk::{Cluster, Error, settings};
use serde_json::Map;

use crate::{labels, registry, request::SwarmRequest};

/// A packet that a node forwards comes from a container, on whatever network. None of them gets to the server's metadata.
const CONTAINERS: &str = "0.0.0.0/0";

/// The parameter `node_settings`.
pub fn node_settings(cluster: &Cluster, network: &NodeNetwork) -> Result<NodeSettings, Error> {
    let request = Request::from(cluster);
    let labels = request.labels;
    let system = OperatingSystem::of(&cluster.template.cluster_type)?;
    let mut settings = NodeSettings::of(cluster, system, &proxies(cluster)?, &[CONTAINERS.to_owned()])?;
    let storage_driver = StorageDriver::of(&request, system)?;
    Docker { storage_driver, tls: request.has_tls(), options: &Map::new() }.add_to(&mut settings);
    let platform = settings::get_platform();
    rexray::add_to(&mut settings, &request, &platform)?;
    registry::add_to(&mut settings, &request, &platform)?;
    settings.hand_on(&[&labels::SWARM_TAG, &labels::ETCD_TAG, &labels::FLANNEL_TAG], labels)?;
    settings.set("SWARM_PORT", request.api_port().to_string());
    settings.set("SWARM_STRATEGY", labels::SWARM_STRATEGY.get(labels)?);
    settings.set("NETWORK_DRIVER", request.network_driver(network.cidr)?.name());
    settings.set("FLANNEL_NETWORK_CIDR", labels::FLANNEL_NETWORK_CIDR.get(labels)?.to_string());
    settings.set("FLANNEL_NETWORK_SUBNETLEN", labels::FLANNEL_NETWORK_SUBNETLEN.get(labels)?.to_string());
    settings.set("FLANNEL_BACKEND", labels::FLANNEL_BACKEND.get(labels)?);
    Ok(settings)
}

/// Nodes never reach each other through a proxy.
pub fn proxies(cluster: &Cluster) -> Result<Proxies, Error> {
    let network = NodeNetwork::resolve(&Request::from(cluster))?;
    Ok(Proxies::of(&cluster.template, &[network.cidr.to_string()]))
}

//! What the scripts in `node/` read from `/etc/sysconfig/heat-params`, as far as it is known before the stack is made. The templates add what Heat knows
//! (addresses, ids of volumes) and the secrets.

use jeroboam_driver_common::{
    NodeSettings, OperatingSystem, Request,
    docker::{Docker, StorageDriver},
    network::NodeNetwork,
    proxies::Proxies,
    request::value_of,
    rexray,
};
use jeroboam_driver_sdk::{Cluster, Error, settings};
use serde_json::Map;

use crate::{addresses::Overlay, request::SwarmRequest};

/// A packet that a node forwards comes from a container, on whatever network. None of them gets to the server's metadata.
const CONTAINERS: &str = "0.0.0.0/0";

/// The parameter `node_settings`.
pub fn of(cluster: &Cluster, network: &NodeNetwork) -> Result<NodeSettings, Error> {
    let request = Request::from(cluster);
    let system = OperatingSystem::of(&cluster.template.cluster_type)?;
    let overlay = Overlay::resolve(request.labels, network.cidr)?;
    let mut variables = NodeSettings::of(cluster, system, &proxies(cluster, network), &[CONTAINERS.to_owned()])?;
    let storage_driver = StorageDriver::of(&request, system)?;
    Docker { storage_driver, tls: request.has_tls(), options: &Map::new() }.add_to(&mut variables);
    rexray::add_to(&mut variables, &request, &settings::get_platform())?;
    variables.set("SWARM_PORT", request.api_port().to_string());
    variables.set("SWARM_NETWORK_CIDR", overlay.pool.to_string());
    variables.set("SWARM_NETWORK_SUBNETLEN", overlay.prefix.to_string());
    variables.set("CA_GENERATION", value_of(&cluster.extras, "ca-generation").unwrap_or("0"));
    Ok(variables)
}

/// What nodes reach the world through. Each other they reach directly.
pub fn proxies(cluster: &Cluster, network: &NodeNetwork) -> Proxies {
    Proxies::of(&cluster.template, &[network.cidr.to_string()])
}

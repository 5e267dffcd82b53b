//! What the scripts in `node/` read from `/etc/sysconfig/heat-params`, as far as it is known before the stack is made.

use jeroboam_driver_common::{
    OperatingSystem, Request,
    docker::{Docker, StorageDriver},
    network::NodeNetwork,
    node_settings::NodeSettings,
    proxies::Proxies,
    rexray,
};
use jeroboam_driver_sdk::{Cluster, Error, settings};
use serde_json::{Map, Value, json};

use crate::{parameters::marathon_port, slave_labels::Slave};

/// Docker's own bridge: its containers have no business with the server's metadata.
const DOCKER_BRIDGE: &str = "172.17.0.0/16";

/// The parameter `node_settings`.
pub fn node_settings(cluster: &Cluster) -> Result<NodeSettings, Error> {
    let request = Request::from(cluster);
    let system = OperatingSystem::of(&cluster.template.cluster_type)?;
    let slave = Slave::of(&cluster.labels)?;
    let mut settings = NodeSettings::of(cluster, system, &proxies(cluster)?, &[DOCKER_BRIDGE.to_owned()])?;
    settings.set("MESOS_CLUSTER_NAME", cluster.name.as_str());
    settings.set("MARATHON_PORT", marathon_port(cluster).to_string());
    let options = docker_options();
    Docker { storage_driver: StorageDriver::of(&request, system)?, tls: false, options: &options }.add_to(&mut settings);
    // Only the node itself talks to its Docker.
    settings.set("DOCKER_API_PORT", "");
    settings.set("MESOS_SLAVE_ISOLATION", slave.isolation);
    settings.set("MESOS_SLAVE_IMAGE_PROVIDERS", slave.image_providers);
    settings.set("MESOS_SLAVE_WORK_DIR", slave.work_dir);
    settings.set("MESOS_SLAVE_EXECUTOR_ENV_VARIABLES", slave.executor_environment);
    settings.set("MESOS_SLAVE_FLAGS", slave.flags);
    rexray::add_to(&mut settings, &request, &settings::get_platform())?;
    Ok(settings)
}

/// Tasks may write without end: the disk does not.
fn docker_options() -> Map<String, Value> {
    let limits = json!({"max-size": "10m", "max-file": "5"});
    [("log-driver".to_owned(), json!("json-file")), ("log-opts".to_owned(), limits)].into_iter().collect()
}

/// Nodes never reach each other through a proxy.
pub fn proxies(cluster: &Cluster) -> Result<Proxies, Error> {
    let network = NodeNetwork::resolve(&Request::from(cluster))?;
    Ok(Proxies::of(&cluster.template, &[network.cidr.to_string()]))
}

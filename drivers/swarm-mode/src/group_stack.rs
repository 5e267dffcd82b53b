//! The parameters of `group.yaml`: the stack of a group of workers beyond the default one.

use jeroboam_driver_common::{Parameters, Request, network::NodeNetwork};
use jeroboam_driver_sdk::{Cluster, Error, NodeGroup, Value};
use serde_json::json;

use crate::{memory::Memory, node_settings, parameters};

/// Name and value of each, in the template's order.
pub fn parameters(cluster: &Cluster, group: &NodeGroup, batch: u32) -> Result<Vec<(String, Value)>, Error> {
    let memory = Memory::of(cluster)?;
    let network = NodeNetwork::resolve(&Request::from(cluster))?;
    let mut list = Parameters::default();
    list.add("cluster_uuid", cluster.uuid.as_str());
    list.add("external_network", network.external.as_deref().unwrap_or_default());
    list.add("fixed_network", memory.fixed_network);
    list.add("fixed_subnet", memory.fixed_subnet);
    list.add_list("worker_security_groups", &memory.worker_security_groups);
    list.add("floating_ip_enabled", cluster.floating_ip_enabled);
    list.add("primary_server", memory.primary_server);
    list.add("primary_address", memory.primary_address);
    list.add("secondary_addresses", json!(memory.secondary_addresses));
    list.add("node_name_prefix", name_prefix(cluster, group));
    parameters::workers(&mut list, cluster, group, batch);
    parameters::machines(&mut list, cluster, &[group])?;
    list.add("node_settings", node_settings::of(cluster, &network)?);
    list.add_trustee();
    Ok(list.finish())
}

/// How the names of a group's servers start, before `-<index>`. A host name has at most 63 characters: the stack's name takes 43, the index 4.
pub fn name_prefix(cluster: &Cluster, group: &NodeGroup) -> String {
    if group.is_default {
        return format!("{}-node", cluster.stack_name);
    }
    let fits = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    let name: String = group.name.chars().take(11).map(fits).collect();
    // Two names may begin alike; the uuids of two groups differ.
    let unique: String = group.uuid.chars().take(3).collect();
    format!("{}-{}-{unique}", cluster.stack_name, name.trim_matches('-'))
}

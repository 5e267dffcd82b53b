//! The stack of a further group: workers in the network of the cluster's own stack.

use jeroboam_driver_common::{Parameters, Request, network, request};
use jeroboam_driver_sdk::{Cluster, Error, Role, StackDefinition, Value, unsupported};

use crate::{
    addresses::Addresses,
    definition, machines,
    memory::{API_PRIVATE_ADDRESS, FIRST_MASTER, FIXED_NETWORK, FIXED_SUBNET, SECURITY_GROUPS},
    node_settings, secrets, version,
};

const GROUP: &str = include_str!("../templates/group.yaml");

/// `batch`: how many workers are changed at a time; nothing: all.
pub fn define(cluster: &Cluster, uuid: &str, batch: Option<u32>) -> Result<StackDefinition, Error> {
    Ok(StackDefinition {
        template: GROUP.to_owned(),
        files: definition::files_of_group(cluster)?,
        environment: String::new(),
        parameters: parameters(cluster, uuid, batch)?,
    })
}

fn parameters(cluster: &Cluster, uuid: &str, batch: Option<u32>) -> Result<Vec<(String, Value)>, Error> {
    let group = request::group(cluster, uuid)?;
    if group.role != Role::Worker {
        return Err(unsupported(format!("node group {}: there is one group of masters", group.name)));
    }
    let request = Request::from(cluster);
    let addresses = Addresses::of_nodes(&request)?;
    let external = network::external(&request)?;
    let groups: Vec<&str> = SECURITY_GROUPS.get(cluster)?.split(',').collect();

    let mut list = Parameters::default();
    list.add("external_network", external.clone().unwrap_or_default());
    list.add("fixed_network", FIXED_NETWORK.get(cluster)?);
    list.add("fixed_subnet", FIXED_SUBNET.get(cluster)?);
    list.add_list("security_groups", &groups);
    list.add("api_private_address", API_PRIVATE_ADDRESS.get(cluster)?);
    list.add("first_master", FIRST_MASTER.get(cluster)?);
    list.add("floating_ip_enabled", cluster.floating_ip_enabled);
    list.add("pods_network_cidr", addresses.pods.to_string());
    machines::workers(&mut list, cluster, group, batch)?;
    machines::all(&mut list, cluster, &[group])?;
    list.add("minion_kube_tag", version::tag_of(group, &cluster.labels)?);
    list.add("node_settings", node_settings::node_settings(cluster, &addresses, external.as_deref())?);
    secrets::of_nodes(&mut list, cluster);
    Ok(list.finish())
}

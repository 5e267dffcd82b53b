//! Clusters, groups and scopes, to guests.

use jeroboam_model::{Cluster, ClusterView, NodeGroup, Role, driver::StackScope};

use super::{pairs, template::template};
use crate::bindings::jeroboam::coe::types;

pub(crate) fn cluster(view: &ClusterView) -> types::Cluster {
    let cluster = &view.cluster;
    types::Cluster {
        uuid: cluster.uuid.to_string(),
        name: cluster.name.clone(),
        project_id: cluster.project_id.to_string(),
        user_id: cluster.user_id.to_string(),
        stack_name: cluster.stack_name.to_string(),
        stack_id: cluster.stack_id.clone(),
        template: template(&view.template),
        groups: view.groups.iter().map(group).collect(),
        keypair: cluster.keypair.clone(),
        labels: pairs(&cluster.labels),
        fixed_network: cluster.fixed_network.clone(),
        fixed_subnet: cluster.fixed_subnet.clone(),
        docker_volume_size: cluster.docker_volume_size,
        master_lb_enabled: cluster.master_lb_enabled,
        floating_ip_enabled: cluster.floating_ip_enabled,
        discovery_url: cluster.discovery_url.clone(),
        api_address: cluster.api_address.clone(),
        coe_version: cluster.coe_version.clone(),
        extras: extras(cluster),
    }
}

/// The name under which drivers are told how often the authorities were replaced; no driver can remember something else under it.
pub(super) const CA_GENERATION: &str = "ca-generation";

/// What the driver remembers of the cluster, and what the contract has been extended by.
fn extras(cluster: &Cluster) -> Vec<(String, String)> {
    let mut extras: Vec<_> = cluster.driver_memory.clone().into_iter().collect();
    if cluster.ca_generation > 0 {
        extras.push((CA_GENERATION.to_owned(), cluster.ca_generation.to_string()));
    }
    extras
}

/// What the contract has been extended by.
fn group_extras(group: &NodeGroup) -> Vec<(String, String)> {
    let labels: Vec<String> = group.node_labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let taints: Vec<String> = group.node_taints.iter().map(ToString::to_string).collect();
    let pairs = [("node-labels", labels.join(",")), ("node-taints", taints.join(","))];
    pairs.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value)).collect()
}

fn group(group: &NodeGroup) -> types::NodeGroup {
    types::NodeGroup {
        uuid: group.uuid.to_string(),
        name: group.name.clone(),
        role: match group.role {
            Role::Master => types::Role::Master,
            Role::Worker => types::Role::Worker,
        },
        role_name: group.role_name.clone(),
        is_default: group.is_default,
        node_count: group.node_count,
        min_node_count: group.min_node_count,
        max_node_count: group.max_node_count,
        image: group.image_id.clone(),
        flavor: group.flavor_id.clone().unwrap_or_default(),
        docker_volume_size: group.docker_volume_size,
        labels: pairs(&group.labels),
        nodes_to_remove: group.nodes_to_remove.clone(),
        stack_id: group.stack_id.clone(),
        extras: group_extras(group),
    }
}

pub(crate) fn scope(scope: StackScope) -> types::StackScope {
    match scope {
        StackScope::Cluster => types::StackScope::Cluster,
        StackScope::NodeGroup(group) => types::StackScope::NodeGroup(group.to_string()),
    }
}

//! The stack: templates, and values for their parameters.

use jeroboam_driver_sdk::{Cluster, Error, NodeGroup, Role, StackDefinition, StackScope, unsupported};
use serde_json::json;

use crate::{labels::Values, networks::Networks};

const TEMPLATE: &str = include_str!("../templates/cluster.yaml");

/// Everything that a template names; Heat fetches nothing.
const FILES: &[(&str, &str)] = &[
    ("network.yaml", include_str!("../templates/network.yaml")),
    ("node.yaml", include_str!("../templates/node.yaml")),
    ("user-data.yaml", include_str!("../templates/user-data.yaml")),
];

pub fn define(cluster: &Cluster, scope: &StackScope) -> Result<StackDefinition, Error> {
    if let StackScope::NodeGroup(_) = scope {
        return Err(unsupported("this driver makes no node groups beyond the two default ones"));
    }
    let labels = Values::read(&cluster.labels)?;
    let networks = Networks::of(cluster)?;
    let (masters, workers) = (default_group(cluster, Role::Master)?, default_group(cluster, Role::Worker)?);
    let parameters = [
        ("cluster_name", cluster.stack_name.as_str().into()),
        ("keypair", cluster.keypair.clone().unwrap_or_default().into()),
        ("external_network", networks.external.into()),
        ("fixed_network", networks.fixed.into()),
        ("fixed_subnet", networks.subnet.into()),
        ("subnet_cidr", labels.subnet_cidr.to_string().into()),
        ("dns_nameserver", json!(cluster.template.dns_nameservers).into()),
        ("ssh_cidr", labels.ssh_cidr.to_string().into()),
        ("floating_ip", cluster.floating_ip_enabled.into()),
        ("master_count", masters.node_count.into()),
        ("master_image", masters.image.as_str().into()),
        ("master_flavor", masters.flavor.as_str().into()),
        ("worker_count", workers.node_count.into()),
        ("worker_image", workers.image.as_str().into()),
        ("worker_flavor", workers.flavor.as_str().into()),
        ("workers_to_remove", json!(workers.nodes_to_remove).into()),
        ("motd", labels.motd.into()),
        ("availability_zone", labels.availability_zone.into()),
    ];
    Ok(StackDefinition {
        template: TEMPLATE.to_owned(),
        files: FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
        environment: String::new(),
        parameters: parameters.map(|(name, value)| (name.to_owned(), value)).into(),
    })
}

/// The group of the role that every cluster has.
pub fn default_group(cluster: &Cluster, role: Role) -> Result<&NodeGroup, Error> {
    let found = cluster.groups.iter().find(|group| group.is_default && group.role == role);
    found.ok_or_else(|| Error::NotFound(format!("the cluster has no default group of role {role:?}")))
}

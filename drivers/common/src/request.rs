//! What a template and a cluster have in common.

use jeroboam_driver_sdk::{Cluster, ClusterTemplate, Error, NodeGroup, Pair, Role, internal};

/// A template, or a cluster with what it changes of its template.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub template: &'a ClusterTemplate,
    pub labels: &'a [Pair],
    pub fixed_network: Option<&'a str>,
    pub fixed_subnet: Option<&'a str>,
    pub master_lb_enabled: bool,
    pub floating_ip_enabled: bool,
}

impl<'a> From<&'a ClusterTemplate> for Request<'a> {
    fn from(template: &'a ClusterTemplate) -> Self {
        Self {
            template,
            labels: &template.labels,
            fixed_network: given(template.fixed_network.as_deref()),
            fixed_subnet: given(template.fixed_subnet.as_deref()),
            master_lb_enabled: template.master_lb_enabled,
            floating_ip_enabled: template.floating_ip_enabled,
        }
    }
}

impl<'a> From<&'a Cluster> for Request<'a> {
    fn from(cluster: &'a Cluster) -> Self {
        Self {
            template: &cluster.template,
            labels: &cluster.labels,
            fixed_network: given(cluster.fixed_network.as_deref()),
            fixed_subnet: given(cluster.fixed_subnet.as_deref()),
            master_lb_enabled: cluster.master_lb_enabled,
            floating_ip_enabled: cluster.floating_ip_enabled,
        }
    }
}

impl Request<'_> {
    /// Whether the stack makes the nodes' network.
    pub fn makes_network(&self) -> bool {
        self.fixed_network.is_none() && self.fixed_subnet.is_none()
    }
}

/// The two groups that the cluster's own stack holds.
#[derive(Clone, Copy)]
pub struct DefaultGroups<'a> {
    pub masters: &'a NodeGroup,
    pub workers: &'a NodeGroup,
}

impl<'a> DefaultGroups<'a> {
    pub fn of(cluster: &'a Cluster) -> Result<Self, Error> {
        let of_role = |role| cluster.groups.iter().find(|group| group.is_default && group.role == role);
        match (of_role(Role::Master), of_role(Role::Worker)) {
            (Some(masters), Some(workers)) => Ok(Self { masters, workers }),
            _ => Err(internal(format!("cluster {} lacks a default group", cluster.uuid))),
        }
    }
}

/// The group with this uuid.
pub fn group<'a>(cluster: &'a Cluster, uuid: &str) -> Result<&'a NodeGroup, Error> {
    let found = cluster.groups.iter().find(|group| group.uuid == uuid);
    found.ok_or_else(|| Error::NotFound(format!("the cluster has no node group {uuid}")))
}

/// What an empty text says is nothing.
pub fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// A pair's value.
pub fn value_of<'a>(pairs: &'a [Pair], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// The size of a group's volume for containers, GB; 0: none.
pub fn container_volume(cluster: &Cluster, group: &NodeGroup) -> u32 {
    group.docker_volume_size.or(cluster.docker_volume_size).unwrap_or(0)
}

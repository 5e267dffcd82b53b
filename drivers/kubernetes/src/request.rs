//! What a template and a cluster have in common, and which of their fields this driver understands.

use jeroboam_driver_sdk::{Cluster, ClusterTemplate, Error, NodeGroup, Pair, Role, internal, invalid};

use crate::labels;

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

/// How pods reach each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkDriver {
    Flannel,
    Calico,
}

impl NetworkDriver {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flannel => "flannel",
            Self::Calico => "calico",
        }
    }
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
    /// The network driver; flannel if nobody chose one.
    pub fn network_driver(&self) -> Result<NetworkDriver, Error> {
        match given(self.template.network_driver.as_deref()) {
            None | Some("flannel") => Ok(NetworkDriver::Flannel),
            Some("calico") => Ok(NetworkDriver::Calico),
            Some(other) => Err(invalid("network_driver", format!("network driver {other} is not one of: flannel, calico"))),
        }
    }

    /// Whether pods are to have Cinder volumes.
    pub fn wants_cinder(&self) -> Result<bool, Error> {
        match given(self.template.volume_driver.as_deref()) {
            None => Ok(false),
            Some("cinder") => Ok(true),
            Some(other) => {
                Err(invalid("volume_driver", format!("volume driver {other} is not cinder, the only one for Kubernetes")))
            }
        }
    }

    /// Whether the load balancer of the API has a public address.
    pub fn public_load_balancer(&self) -> Result<bool, Error> {
        let asked = labels::MASTER_LB_FLOATING_IP_ENABLED.find(self.labels)?;
        Ok(self.master_lb_enabled && asked.unwrap_or(self.floating_ip_enabled))
    }

    /// The port of the API.
    pub fn api_port(&self) -> u16 {
        self.template.apiserver_port.unwrap_or(6443)
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

/// What an empty text says is nothing.
pub fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// The size of a group's volume for containers, GB; 0: none.
pub fn container_volume(cluster: &Cluster, group: &NodeGroup) -> u32 {
    group.docker_volume_size.or(cluster.docker_volume_size).unwrap_or(0)
}

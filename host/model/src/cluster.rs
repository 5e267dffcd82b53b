//! Clusters.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{
    ClusterId, ClusterTemplate, HealthStatus, Labels, NodeGroup, ProjectId, Role, Sealed, Status, TemplateId, UserId,
    driver::Digest, name::StackName,
};

/// A cluster as its project sees it, and what it takes to act for it. Node counts, addresses and flavors are those of its groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cluster {
    pub uuid: ClusterId,
    pub name: String,
    pub project_id: ProjectId,
    pub user_id: UserId,
    pub cluster_template_id: TemplateId,
    /// The driver that made it, by name. Decided at creation; a change of the template's does not move clusters.
    pub driver: String,
    /// The version of it that the cluster is on: the one that was asked when it was made, or that it was moved to. `None`: made before versions were kept.
    #[serde(default)]
    pub driver_digest: Option<Digest>,
    pub keypair: Option<String>,
    pub labels: Labels,
    pub flavor_id: Option<String>,
    pub master_flavor_id: Option<String>,
    pub docker_volume_size: Option<u32>,
    pub fixed_network: Option<String>,
    pub fixed_subnet: Option<String>,
    pub floating_ip_enabled: bool,
    pub master_lb_enabled: bool,
    /// Minutes. `None` and 0: no limit of the user's; the operator's holds.
    pub create_timeout: Option<u32>,
    pub discovery_url: Option<String>,
    /// Decided before the stack is made.
    pub stack_name: StackName,
    /// Heat's id, once known.
    pub stack_id: Option<String>,
    pub status: Status,
    pub status_reason: Option<String>,
    pub health_status: Option<HealthStatus>,
    pub health_status_reason: BTreeMap<String, String>,
    pub api_address: Option<String>,
    pub coe_version: Option<String>,
    pub container_version: Option<String>,
    /// What its driver remembers of the cluster's stack, by names of the driver's own; handed back in every later call.
    #[serde(default)]
    pub driver_memory: BTreeMap<String, String>,
    /// How often the authorities were replaced.
    #[serde(default)]
    pub ca_generation: u32,
    /// The template of an upgrade that has begun to change stacks and has not ended well: until one has, nobody can tell what the stacks are.
    #[serde(default)]
    pub upgrading_to: Option<TemplateId>,
    /// The cluster's own user and its trust, once made.
    pub trustee: Option<Trustee>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub updated_at: Option<OffsetDateTime>,
}

/// A user in the trustee domain that a cluster's nodes log in as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trustee {
    /// `<cluster uuid>_<project id>`.
    pub user_name: String,
    /// Decided before the user is made.
    pub password: Sealed,
    /// What takes its place, while that is being done: one of the two is the user's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_password: Option<Sealed>,
    /// `None` while the user is being made.
    pub user_id: Option<UserId>,
    /// `None` while the trust is being made.
    pub trust_id: Option<String>,
}

/// A cluster with everything a driver is told about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterView {
    pub cluster: Cluster,
    pub template: ClusterTemplate,
    /// The default groups first, then by name.
    pub groups: Vec<NodeGroup>,
}

impl Cluster {
    /// The name that the trustee has, and can be found again under.
    pub fn trustee_user_name(&self) -> String {
        format!("{}_{}", self.uuid, self.project_id)
    }
}

impl ClusterView {
    /// Nodes of all groups of the role.
    pub fn count(&self, role: Role) -> u32 {
        self.groups.iter().filter(|group| group.role == role).map(|group| group.node_count).sum()
    }

    /// Addresses of all groups of the role, in the order of the groups.
    pub fn addresses(&self, role: Role) -> impl Iterator<Item = &str> {
        self.groups.iter().filter(move |group| group.role == role).flat_map(|group| &group.node_addresses).map(String::as_str)
    }

    /// The group of the role that came with the cluster.
    pub fn default_group(&self, role: Role) -> Option<&NodeGroup> {
        self.groups.iter().find(|group| group.is_default && group.role == role)
    }
}

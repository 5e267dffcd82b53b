//! Node groups.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{ClusterId, Labels, NodeGroupId, ProjectId, Status, name::StackName};

/// What nodes of a group do for the cluster, whatever users call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Master,
    Worker,
}

/// Nodes of one shape within a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeGroup {
    pub uuid: NodeGroupId,
    pub cluster_id: ClusterId,
    pub project_id: ProjectId,
    /// Unique within the cluster.
    pub name: String,
    pub role: Role,
    /// As users see it: `master`, `worker`, or what they chose for a group of workers.
    pub role_name: String,
    /// One of the two that came with the cluster and go with it.
    pub is_default: bool,
    pub node_count: u32,
    pub min_node_count: u32,
    /// `None`: no limit.
    pub max_node_count: Option<u32>,
    pub image_id: String,
    pub flavor_id: Option<String>,
    /// GB.
    pub docker_volume_size: Option<u32>,
    pub labels: Labels,
    pub node_addresses: Vec<String>,
    /// Nodes given up so far; Heat has to be told each time.
    pub nodes_to_remove: Vec<String>,
    /// What Kubernetes is to call the group's nodes.
    #[serde(default)]
    pub node_labels: BTreeMap<String, String>,
    #[serde(default)]
    pub node_taints: Vec<Taint>,
    /// The name of the group's own stack, decided before it is made; `None` for the default groups, which are in the cluster's.
    #[serde(default)]
    pub stack_name: Option<StackName>,
    /// The stack that the group is in: the cluster's, or its own.
    pub stack_id: Option<String>,
    pub status: Status,
    pub status_reason: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub updated_at: Option<OffsetDateTime>,
}

/// What keeps workload off a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taint {
    pub key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    pub effect: TaintEffect,
}

/// What a taint does to workload that does not tolerate it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaintEffect {
    NoSchedule,
    PreferNoSchedule,
    NoExecute,
}

impl TaintEffect {
    pub const ALL: &[Self] = &[Self::NoSchedule, Self::PreferNoSchedule, Self::NoExecute];

    /// As Kubernetes writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoSchedule => "NoSchedule",
            Self::PreferNoSchedule => "PreferNoSchedule",
            Self::NoExecute => "NoExecute",
        }
    }
}

impl std::fmt::Display for Taint {
    /// `key=value:NoSchedule`, as `kubectl taint` and the kubelet write it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={}:{}", self.key, self.value.as_deref().unwrap_or_default(), self.effect.as_str())
    }
}

impl NodeGroup {
    pub const DEFAULT_MASTER: &str = "default-master";
    pub const DEFAULT_WORKER: &str = "default-worker";
}

impl Role {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Master => "master",
            Self::Worker => "worker",
        }
    }
}

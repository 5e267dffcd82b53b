//! Node groups.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{ClusterId, Labels, NodeGroupId, ProjectId, Status};

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
    /// The stack that the group is in: the cluster's, or its own.
    pub stack_id: Option<String>,
    pub status: Status,
    pub status_reason: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub updated_at: Option<OffsetDateTime>,
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

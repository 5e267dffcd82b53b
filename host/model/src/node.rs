//! Nodes of `/v1/nodes`: records that clients of Liberty write and read, and nothing else does.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{NodeId, ProjectId, UserId};

/// What somebody has written down about a server. Nothing is looked up, and nothing follows from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    pub uuid: NodeId,
    pub project_id: ProjectId,
    pub user_id: UserId,
    /// `type` to clients.
    pub node_type: Option<String>,
    pub image_id: Option<String>,
    pub ironic_node_id: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub updated_at: Option<OffsetDateTime>,
}

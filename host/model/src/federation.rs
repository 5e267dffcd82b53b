//! Federations: clusters that were asked to act as one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{ClusterId, FederationId, ProjectId, Status};

/// What somebody has asked for. No driver can make it so, which its status says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Federation {
    pub uuid: FederationId,
    pub name: String,
    pub project_id: ProjectId,
    /// The cluster that would hold the control plane.
    pub hostcluster_id: ClusterId,
    pub member_ids: Vec<ClusterId>,
    pub status: Status,
    pub status_reason: Option<String>,
    /// `dns-zone` at least.
    pub properties: BTreeMap<String, String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub updated_at: Option<OffsetDateTime>,
}

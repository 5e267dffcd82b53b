//! How much a project may have.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::ProjectId;

/// A limit that an administrator has set for one project. Projects without one have the operator's default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// Counts from 1.
    pub id: u32,
    pub project_id: ProjectId,
    pub resource: QuotaResource,
    pub hard_limit: u32,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub updated_at: Option<OffsetDateTime>,
}

/// What is limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuotaResource {
    #[default]
    Cluster,
}

impl QuotaResource {
    pub const ALL: &[Self] = &[Self::Cluster];

    /// As the REST API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cluster => "Cluster",
        }
    }

    /// The resource of exactly that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|resource| resource.as_str() == name)
    }
}

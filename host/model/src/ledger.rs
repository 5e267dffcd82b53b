//! The ledger: every object outside that exists because of a cluster, written down before it is made and struck off when it is gone.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::ClusterId;

/// An object outside, by what it can be found again under.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum External {
    /// A Keystone user in the trustee domain.
    Trustee { name: String },
    /// A Keystone trust to that user; trusts have no names, so they are found by their trustee.
    Trust { trustee_name: String },
    /// A Heat stack in the cluster's project.
    Stack { name: String },
    /// Barbican secrets of this service's own project: all that have this name, however many.
    Secrets { name: String },
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    pub cluster: ClusterId,
    pub object: External,
    /// The service's id, once it has answered.
    pub id: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub intended_at: OffsetDateTime,
}

impl External {
    /// A cluster's private keys, where they are in Barbican.
    pub fn private_keys(cluster: ClusterId) -> Self {
        Self::Secrets { name: format!("jeroboam-{cluster}") }
    }

    /// What the service knows it by.
    pub fn name(&self) -> &str {
        match self {
            Self::Trustee { name } | Self::Trust { trustee_name: name } | Self::Stack { name } | Self::Secrets { name } => name,
        }
    }

    /// Distinguishes it within its cluster; the last part of its key in the store.
    pub fn key(&self) -> String {
        match self {
            Self::Trustee { name } => format!("trustee/{name}"),
            Self::Trust { trustee_name } => format!("trust/{trustee_name}"),
            Self::Stack { name } => format!("stack/{name}"),
            Self::Secrets { name } => format!("secrets/{name}"),
        }
    }
}

impl fmt::Display for External {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trustee { name } => write!(f, "trustee {name}"),
            Self::Trust { trustee_name } => write!(f, "trust to {trustee_name}"),
            Self::Stack { name } => write!(f, "stack {name}"),
            Self::Secrets { name } => write!(f, "Barbican secrets named {name}"),
        }
    }
}

//! What another version of its driver would do to a cluster.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Digest;
use crate::ClusterId;

/// Bounded, and without secrets: definitions name secrets only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It defines the same stacks.
    Same,
    /// Nothing would be replaced.
    InPlace { changes: Vec<Change> },
    /// Resources would be deleted and made again.
    Replaces { resources: Vec<String>, changes: Vec<Change> },
    /// It does not define the stacks.
    Fails { error: String },
}

/// One difference between two definitions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// `template.resources.kube_masters.properties.flavor`, `parameters.kube_tag`, `files/script.sh`.
    pub path: String,
    /// `None`: was not there.
    pub before: Option<String>,
    /// `None`: will not be there.
    pub after: Option<String>,
}

/// A verdict on one cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterVerdict {
    pub cluster: ClusterId,
    pub driver: String,
    pub from: Digest,
    pub to: Digest,
    pub verdict: Verdict,
    /// Somebody has said that it is to move whatever the verdict is.
    pub moved: bool,
    /// What the recordings were that it was made from: it holds as long as they are the same.
    pub recorded: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

impl Verdict {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::InPlace { .. } => "in place",
            Self::Replaces { .. } => "replaces",
            Self::Fails { .. } => "fails",
        }
    }
}

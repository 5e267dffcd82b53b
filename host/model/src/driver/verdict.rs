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
    /// `resources/kube_masters/*/kube-master/properties/flavor` (`*`: each member of the group), `parameters/kube_tag`, `outputs/api_address`.
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
    /// The version that it is on would by now define it otherwise itself: not all of the difference is the other version's doing.
    #[serde(default)]
    pub drifted: bool,
    /// Heat was asked as well.
    #[serde(default)]
    pub previewed: bool,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

impl ClusterVerdict {
    /// What would become of the cluster, in a few words: for a table.
    pub fn what(&self) -> String {
        let some = |texts: &mut dyn Iterator<Item = &str>, count: usize| {
            let first: Vec<&str> = texts.take(SHOWN).collect();
            let more = count.saturating_sub(first.len());
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            format!("{}{more}", first.join("; "))
        };
        match &self.verdict {
            Verdict::Same => String::new(),
            Verdict::InPlace { changes } => some(&mut changes.iter().map(|change| change.path.as_str()), changes.len()),
            Verdict::Replaces { resources, .. } => some(&mut resources.iter().map(String::as_str), resources.len()),
            Verdict::Fails { error } => error.clone(),
        }
    }
}

/// Resources or changes that a row of a table shows.
const SHOWN: usize = 2;

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

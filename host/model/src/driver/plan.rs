//! A plan: what a version would do to each cluster of the driver, counted.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{ClusterVerdict, Digest, Verdict};

/// A plan to bring a driver's clusters to a version. There is one for each driver and version; what it has found on each cluster are its rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriverPlan {
    pub driver: String,
    pub to: Digest,
    /// Whether Heat is asked as well.
    pub preview: bool,
    pub state: PlanState,
    pub counts: PlanCounts,
    #[serde(with = "time::serde::rfc3339")]
    pub began_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended_at: Option<OffsetDateTime>,
    /// Why it did not end well.
    pub error: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanState {
    Running,
    Done,
    Cancelled,
    Failed,
    /// The process that ran it is no more. Begun again, it goes on where it was.
    Interrupted,
}

/// Clusters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCounts {
    /// Of the driver, when the plan began.
    pub total: u64,
    /// Looked at so far.
    pub done: u64,
    pub same: u64,
    pub in_place: u64,
    pub replaces: u64,
    pub fails: u64,
    /// On the version already.
    pub current: u64,
    /// Without a recording: their stacks have not been defined yet.
    pub unrecorded: u64,
    /// For which the version that they are on would by now define something else itself.
    pub drifted: u64,
    /// Whose verdict was there already, from the same recording.
    pub known: u64,
}

impl PlanCounts {
    /// One more that has a verdict.
    pub fn count(&mut self, row: &ClusterVerdict) {
        self.done += 1;
        self.drifted += u64::from(row.drifted);
        match row.verdict {
            Verdict::Same => self.same += 1,
            Verdict::InPlace { .. } => self.in_place += 1,
            Verdict::Replaces { .. } => self.replaces += 1,
            Verdict::Fails { .. } => self.fails += 1,
        }
    }

    /// Whether bringing every cluster to the version loses nothing.
    pub const fn is_harmless(&self) -> bool {
        self.replaces == 0 && self.fails == 0
    }
}

impl std::fmt::Display for PlanCounts {
    /// One line for people.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { total, done, same, in_place, replaces, fails, current, unrecorded, drifted, .. } = self;
        write!(f, "{done} of {total} clusters: {same} same, {in_place} in place, {replaces} replaced in part, {fails} fail")?;
        let asides = [
            (current, "on the version already"),
            (unrecorded, "without a recording"),
            (drifted, "that their own version would define otherwise by now"),
        ];
        for (count, what) in asides.into_iter().filter(|(count, _)| **count > 0) {
            write!(f, "; {count} {what}")?;
        }
        Ok(())
    }
}

//! How the store fares.

use std::time::Duration;

use jeroboam_telemetry::metrics::Times;

use crate::CommitError;

jeroboam_telemetry::metrics! {
    /// The table.
    pub struct StoreMetrics {
        commits: Times<1> = "jeroboam_store_commit_seconds", ["result"],
            "How long commits took, the wait for the disk included. Results: done, conflict (somebody else wrote the same records, or they exist), failed.";
    }
}

impl StoreMetrics {
    pub(crate) fn committed(&self, outcome: &Result<(), CommitError>, took: Duration) {
        let result = match outcome {
            Ok(()) => "done",
            Err(CommitError::Conflict { .. } | CommitError::Exists { .. }) => "conflict",
            Err(_) => "failed",
        };
        self.commits.of([result]).observe(took.as_secs_f64());
    }
}

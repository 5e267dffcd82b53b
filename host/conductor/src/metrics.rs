//! How operations fare.

use std::time::Duration;

use jeroboam_model::{Operation, Step};
use jeroboam_telemetry::metrics::{Counters, Gauges, LongTimes, Times};

use crate::now::now;

jeroboam_telemetry::metrics! {
    /// The table. Kinds and steps are those of `jeroboam_model::operation`.
    pub struct ConductorMetrics {
        ends: Counters<2> = "jeroboam_operations", ["kind", "end"],
            "Operations that are over. Ends: done, failed, aborted (a later operation made it pointless, or somebody stopped it).";
        seconds: LongTimes<2> = "jeroboam_operation_seconds", ["kind", "end"],
            "How long operations took from being accepted to being done or failed.";
        waiting: Gauges<0> = "jeroboam_operations_waiting", [],
            "Operations that are not over and not being worked on: they wait for Heat, for their turn, or for a worker.";
        due: Gauges<0> = "jeroboam_operations_due", [],
            "Of those, the ones that could go on if there were a worker.";
        working: Gauges<0> = "jeroboam_operations_working", [],
            "Operations that are being worked on.";
        steps: Times<2> = "jeroboam_operation_step_seconds", ["step", "result"],
            "How long each try of a step took. Results: done, later (Heat is not ready), failed.";
    }
}

/// How an operation ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    Done,
    Failed,
}

impl ConductorMetrics {
    pub(crate) fn ended(&self, operation: &Operation, end: End) {
        let (kind, end) = (operation.kind.name(), end.as_str());
        self.ends.of([kind, end]).inc();
        let took = Duration::try_from(now() - operation.created_at).unwrap_or_default();
        self.seconds.of([kind, end]).observe(took.as_secs_f64());
    }

    pub(crate) fn aborted(&self, kind: &'static str) {
        self.ends.of([kind, "aborted"]).inc();
    }

    pub(crate) fn stepped(&self, step: Step, result: &'static str, took: Duration) {
        self.steps.of([step.to_string(), result.to_owned()]).observe(took.as_secs_f64());
    }
}

impl End {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

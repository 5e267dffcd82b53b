//! What the operator is told of a call, beside what the guest itself writes: whose it was, and how it ended. Each is a line of the log and a metric.

use std::sync::Arc;

use jeroboam_model::RequestId;

use crate::{DriverError, Phase, Redactor, StopReason, limits::Limit, metrics::Counted, state::Identity};

/// What every line about a call says.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub(crate) driver: Identity,
    pub(crate) phase: Phase,
    pub(crate) request_id: RequestId,
    /// For whatever the guest has a word in.
    pub(crate) redactor: Redactor,
    pub(crate) counted: Arc<Counted>,
}

/// A line of the log with the call's fields.
macro_rules! notice {
    ($level:ident, $about:expr, $($rest:tt)+) => {{
        let crate::notices::About { driver: crate::state::Identity { name, version }, phase, request_id, .. } = $about;
        tracing::$level!(target: "jeroboam::driver", driver = %name, %version, function = phase.as_str(), %request_id, $($rest)+)
    }};
}
pub(crate) use notice;

impl About {
    pub(crate) fn span(&self) -> tracing::Span {
        tracing::info_span!(
            "driver_call",
            driver = %self.driver.name,
            version = %self.driver.version,
            function = self.phase.as_str(),
            request_id = %self.request_id,
        )
    }

    /// The host ended it.
    pub(crate) fn stopped(&self, reason: &StopReason) {
        self.counted.stopped(self.phase, reason);
        notice!(error, self, reason = reason.as_str(), "a call was stopped: {reason}");
    }

    /// It went over a limit that is only reported.
    pub(crate) fn over(&self, limit: Limit) {
        self.counted.passed(limit.as_str());
        notice!(warn, self, limit = limit.as_str(), "a call went over a limit that is only reported");
    }

    /// It wrote more lines than it may.
    pub(crate) fn dropped(&self, lines: u32) {
        if lines > 0 {
            self.counted.dropped(lines);
            notice!(warn, self, dropped = lines, "the driver wrote more lines than it may");
        }
    }

    /// What it answered breaks the contract.
    pub(crate) fn answered_wrongly(&self, what: &str) {
        self.counted.answered_badly(self.phase);
        notice!(error, self, reason = "bad-answer", "a call was answered wrongly: {what}");
    }

    /// It said no, for whatever reason.
    pub(crate) fn refused(&self, error: &DriverError) {
        self.counted.refused(self.phase, error);
    }

    /// It failed by its own account.
    pub(crate) fn failed(&self, what: &str) {
        notice!(error, self, reason = "internal", "the driver failed: {what}");
    }
}

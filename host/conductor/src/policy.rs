//! Whether a failure is tried again. The only place that decides it.

use std::time::Duration;

use jeroboam_model::{Cause, CauseKind, Fault, Step};
use time::OffsetDateTime;

/// A step that did not succeed: what happened, who has to change something, and whether time may help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    pub kind: CauseKind,
    pub fault: Fault,
    pub message: String,
    /// The resource it came from, down to the leaf.
    pub resource: Option<String>,
    /// Heat's type of it.
    pub resource_type: Option<String>,
    /// What to change.
    pub advice: Option<String>,
    /// Whether the same step may succeed later; not before this long, if it is more than nothing.
    pub retry: Option<Duration>,
}

/// How long to wait between tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    pub min: Duration,
    pub max: Duration,
}

/// What to do about a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Retry { after: Duration },
    Fail(Cause),
}

/// Tries again what time may mend, ever more slowly, until the deadline; gives up on everything else at once. `attempts` counts failures of this step
/// before this one.
pub fn decide(
    failure: Failure,
    step: Step,
    attempts: u32,
    backoff: Backoff,
    now: OffsetDateTime,
    deadline: OffsetDateTime,
) -> Verdict {
    match failure.retry {
        None => Verdict::Fail(failure.into_cause(step)),
        Some(_) if now >= deadline => Verdict::Fail(failure.out_of_time().into_cause(step)),
        Some(asked) => {
            let left = Duration::try_from(deadline - now).unwrap_or_default();
            let grown = backoff.min.saturating_mul(2u32.saturating_pow(attempts.min(31))).min(backoff.max);
            Verdict::Retry { after: grown.max(asked).min(left) }
        }
    }
}

impl Failure {
    /// One that time does not mend.
    pub fn lasting(fault: Fault, message: impl Into<String>) -> Self {
        let kind = CauseKind::by(fault);
        Self { kind, fault, message: message.into(), resource: None, resource_type: None, advice: None, retry: None }
    }

    /// One that may be over after a while.
    pub fn passing(fault: Fault, message: impl Into<String>) -> Self {
        Self { retry: Some(Duration::ZERO), ..Self::lasting(fault, message) }
    }

    pub fn advise(self, advice: impl Into<String>) -> Self {
        Self { advice: Some(advice.into()), ..self }
    }

    fn out_of_time(self) -> Self {
        Self { kind: CauseKind::Timeout, message: format!("Gave up at the deadline; last: {}", self.message), ..self }
    }

    fn into_cause(self, step: Step) -> Cause {
        let Self { kind, fault, message, resource, resource_type, advice, retry: _ } = self;
        Cause { kind, fault, step, message, resource, resource_type, advice }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BACKOFF: Backoff = Backoff { min: Duration::from_secs(1), max: Duration::from_secs(60) };

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + time::Duration::seconds(seconds)
    }

    fn after(failure: Failure, attempts: u32) -> Duration {
        match decide(failure, Step::Stack, attempts, BACKOFF, at(0), at(3600)) {
            Verdict::Retry { after } => after,
            Verdict::Fail(cause) => panic!("{cause:?}"),
        }
    }

    #[test]
    fn a_lasting_failure_fails_at_once() {
        let failure = Failure::lasting(Fault::User, "no such flavor").advise("choose another");
        let Verdict::Fail(cause) = decide(failure, Step::Stack, 0, BACKOFF, at(0), at(3600)) else { panic!() };
        assert_eq!((cause.fault, cause.step, cause.message.as_str()), (Fault::User, Step::Stack, "no such flavor"));
        assert_eq!(cause.advice.as_deref(), Some("choose another"));
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let waits: Vec<_> = (0..8).map(|attempts| after(Failure::passing(Fault::Cloud, "down"), attempts).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
    }

    #[test]
    fn a_service_that_asks_for_patience_gets_it() {
        let failure = Failure { retry: Some(Duration::from_secs(120)), ..Failure::passing(Fault::Cloud, "busy") };
        assert_eq!(after(failure, 0).as_secs(), 120);
    }

    #[test]
    fn a_passing_failure_fails_at_the_deadline_and_says_what_it_was() {
        let failure = Failure::passing(Fault::Cloud, "Heat is down");
        let Verdict::Fail(cause) = decide(failure, Step::Wait, 9, BACKOFF, at(3600), at(3600)) else { panic!() };
        assert!(cause.message.contains("Heat is down"), "{}", cause.message);
    }

    proptest! {
        #[test]
        fn no_wait_ends_after_the_deadline(attempts: u32, asked in 0u64..10_000, left in 1i64..10_000) {
            let failure = Failure { retry: Some(Duration::from_secs(asked)), ..Failure::passing(Fault::Cloud, "down") };
            let Verdict::Retry { after } = decide(failure, Step::Wait, attempts, BACKOFF, at(0), at(left)) else { panic!() };
            prop_assert!(after <= Duration::from_secs(left.unsigned_abs()));
        }
    }
}

//! What it means to stop an operation at each of its steps. The only place that decides it.
//!
//! The wish is written into the operation first, so that it outlives the process. The step in flight still records what it has done; the next one is not begun.
//! Whatever was made stays in the ledger, for a deletion to remove, and for a retry to go on with.

use jeroboam_model::{Abort, Cause, CauseKind, Fault, Operation, OperationKind, Step};
use time::OffsetDateTime;

/// How long Heat is waited for to leave off. After that the operation ends, and says that Heat did not.
const PATIENCE: time::Duration = time::Duration::minutes(10);

/// What it takes to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Nothing goes on outside that would be changed by it: the operation ends as it is.
    Here,
    /// Heat may be making or changing a stack: it is asked to leave off, and waited for.
    Heat,
}

/// How it stands outside when the operation ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    AtRest,
    /// Heat did not leave off in time.
    Going(String),
    /// Heat could not be asked.
    Unknown(String),
}

/// What it takes at a step; nothing where it is too late, since all that is left is one commit that tells of what has been done.
pub(crate) const fn at(kind: &OperationKind, step: Step) -> Option<Stop> {
    match step {
        Step::Stack | Step::Wait => Some(Stop::Heat),
        // The stacks are gone, and only the rows are left: a cluster that failed to be deleted would be a lie.
        Step::Finish if matches!(kind, OperationKind::Delete | OperationKind::DeleteGroup { .. }) => None,
        // A deletion that Heat has begun cannot be called off: it is no longer waited for.
        Step::BeforeDelete | Step::DeleteStack | Step::WaitGone => Some(Stop::Here),
        Step::Certificates
        | Step::Trustee
        | Step::Trust
        | Step::Plan
        | Step::Rotate
        | Step::Credential
        | Step::Removals
        | Step::Observe
        | Step::DeleteTrust
        | Step::DeleteTrustee
        | Step::DeleteCertificates
        | Step::Retire
        | Step::Finish => Some(Stop::Here),
    }
}

/// The same for an operation that somebody wants to stop.
pub(crate) fn wanted(operation: &Operation) -> Option<Stop> {
    operation.abort.as_ref().and_then(|_| at(&operation.kind, operation.step))
}

/// Whether Heat may still be waited for.
pub(crate) fn has_time(operation: &Operation, now: OffsetDateTime) -> bool {
    operation.abort.as_ref().is_some_and(|abort| now < abort.at + PATIENCE)
}

/// Why the operation ended.
pub(crate) fn cause(operation: &Operation, by: &Abort, left: &Left) -> Cause {
    let who = if by.user_name.is_empty() || by.user_name == by.user_id.0 {
        by.user_id.0.clone()
    } else {
        format!("{} ({})", by.user_name, by.user_id)
    };
    let mut message = format!("Aborted by {who} before {} was done, request {}", operation.step, by.request_id);
    let outside = match (left, operation.step) {
        (Left::Going(what) | Left::Unknown(what), _) => Some(what.as_str()),
        (Left::AtRest, Step::WaitGone) => Some("Heat goes on deleting"),
        (Left::AtRest, _) => None,
    };
    if let Some(outside) = outside {
        message.push_str(": ");
        message.push_str(outside);
    }
    Cause {
        kind: CauseKind::Aborted,
        fault: Fault::User,
        step: operation.step,
        message,
        resource: None,
        resource_type: None,
        advice: Some("Retry the operation to go on with it, or delete the cluster.".to_owned()),
    }
}

//! What a driver's refusal, or its end, means to an operation.

use jeroboam_model::CauseKind;
use jeroboam_plugins::CallError;

use super::tidy;
use crate::policy::Failure;

pub(crate) fn of_driver(error: &CallError) -> Failure {
    Failure {
        kind: CauseKind::by(error.fault()),
        fault: error.fault(),
        message: tidy(&error.user_message()),
        resource: None,
        resource_type: None,
        advice: None,
        retry: error.retry_after(),
    }
}

//! What a driver's refusal, or its end, means to an operation.

use jeroboam_plugins::CallError;

use super::tidy;
use crate::policy::Failure;

pub(crate) fn of_driver(error: &CallError) -> Failure {
    Failure {
        fault: error.fault(),
        message: tidy(&error.user_message()),
        resource: None,
        advice: None,
        retry: error.retry_after(),
    }
}

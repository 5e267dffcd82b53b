//! Errors and warnings, from guests.

use std::time::Duration;

use jeroboam_model::driver::{FieldError, Warning};

use crate::{Redactor, bindings::jeroboam::coe::types, error::DriverError};

/// The longest wait that a driver can ask for.
pub(crate) const WAIT_MAX: Duration = Duration::from_secs(600);

pub(crate) fn error(error: types::Error, redactor: &Redactor) -> DriverError {
    let message = |text: &str| redactor.message(text);
    match error {
        types::Error::Invalid(fields) => DriverError::Invalid(
            fields
                .into_iter()
                .take(FIELDS_MAX)
                .map(|error| FieldError { field: message(&error.field), message: message(&error.message) })
                .collect(),
        ),
        types::Error::Unsupported(text) => DriverError::Unsupported(message(&text)),
        types::Error::NotFound(text) => DriverError::NotFound(message(&text)),
        types::Error::Conflict(text) => DriverError::Conflict(message(&text)),
        types::Error::Denied(text) => DriverError::Denied(message(&text)),
        types::Error::Quota(text) => DriverError::Quota(message(&text)),
        types::Error::Unavailable(retry) => {
            DriverError::Unavailable { message: message(&retry.message), after: wait(retry.after_ms) }
        }
        types::Error::Internal(text) => DriverError::Internal(message(&text)),
        types::Error::Other(text) => DriverError::Other(message(&text)),
    }
}

/// What is wrong with a request, and what is worth telling, is for people: nobody reads more of them.
const FIELDS_MAX: usize = 100;

pub(crate) fn warnings(warnings: Vec<types::Warning>, redactor: &Redactor) -> Vec<Warning> {
    let warning = |warning: types::Warning| Warning {
        field: warning.field.as_deref().map(|field| redactor.message(field)),
        message: redactor.message(&warning.message),
    };
    warnings.into_iter().take(FIELDS_MAX).map(warning).collect()
}

pub(crate) fn wait(after_ms: u32) -> Duration {
    Duration::from_millis(after_ms.into()).min(WAIT_MAX)
}

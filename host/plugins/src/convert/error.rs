//! Errors and warnings, from guests.

use std::time::Duration;

use jeroboam_model::driver::{FieldError, Warning};

use crate::{bindings::jeroboam::coe::types, error::DriverError, text::message};

impl From<types::Error> for DriverError {
    fn from(error: types::Error) -> Self {
        match error {
            types::Error::Invalid(fields) => Self::Invalid(
                fields
                    .into_iter()
                    .map(|error| FieldError { field: message(&error.field), message: message(&error.message) })
                    .collect(),
            ),
            types::Error::Unsupported(text) => Self::Unsupported(message(&text)),
            types::Error::NotFound(text) => Self::NotFound(message(&text)),
            types::Error::Conflict(text) => Self::Conflict(message(&text)),
            types::Error::Denied(text) => Self::Denied(message(&text)),
            types::Error::Quota(text) => Self::Quota(message(&text)),
            types::Error::Unavailable(retry) => {
                Self::Unavailable { message: message(&retry.message), after: Duration::from_millis(retry.after_ms.into()) }
            }
            types::Error::Internal(text) => Self::Internal(message(&text)),
            types::Error::Other(text) => Self::Other(message(&text)),
        }
    }
}

pub(crate) fn warnings(warnings: Vec<types::Warning>) -> Vec<Warning> {
    let warning =
        |warning: types::Warning| Warning { field: warning.field.as_deref().map(message), message: message(&warning.message) };
    warnings.into_iter().map(warning).collect()
}

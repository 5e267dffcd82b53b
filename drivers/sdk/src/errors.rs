//! Short ways to say what is wrong.

use crate::{Error, FieldError, Retry, Warning};

/// The user has to change one field of the request. `message` is a sentence that names what to change.
pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Error {
    Error::Invalid(vec![field_error(field, message)])
}

/// The same for several fields; nothing if there are none.
pub fn invalid_fields(errors: Vec<FieldError>) -> Result<(), Error> {
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// One line of [`invalid_fields`].
pub fn field_error(field: impl Into<String>, message: impl Into<String>) -> FieldError {
    FieldError { field: field.into(), message: message.into() }
}

/// The driver does not do this.
pub fn unsupported(message: impl Into<String>) -> Error {
    Error::Unsupported(message.into())
}

/// A fault of the driver's own.
pub fn internal(message: impl Into<String>) -> Error {
    Error::Internal(message.into())
}

/// Something is not there now; the host comes back after the given milliseconds at the earliest.
pub fn unavailable(message: impl Into<String>, after_ms: u32) -> Error {
    Error::Unavailable(Retry { message: message.into(), after_ms })
}

/// Accepted, yet worth telling.
pub fn warning(field: impl Into<String>, message: impl Into<String>) -> Warning {
    Warning { field: Some(field.into()), message: message.into() }
}

/// Lays the blame for an error of a look-up on the field whose value was looked up: what is not there, is ambiguous or is not
/// to be seen becomes `invalid`; every other error stays as it is.
pub fn blame(field: &str) -> impl Fn(Error) -> Error + '_ {
    move |error| match error {
        Error::NotFound(message) | Error::Conflict(message) | Error::Denied(message) => invalid(field, message),
        other => other,
    }
}

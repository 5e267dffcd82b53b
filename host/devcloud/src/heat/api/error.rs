//! Errors in the shape of Heat's fault middleware.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::json;

use crate::heat::error::{ErrorKind, Failure, HeatError};

/// Title and explanation, as webob has them for a status.
fn wording(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => {
            ("Bad Request", "The server could not comply with the request since it is either malformed or otherwise incorrect.")
        }
        401 => ("Unauthorized", "This server could not verify that you are authorized to access the document you requested."),
        403 => ("Forbidden", "Access was denied to this resource."),
        404 => ("Not Found", "The resource could not be found."),
        409 => ("Conflict", "There was a conflict when trying to complete your request."),
        _ => ("Internal Server Error", "The server has either erred or is incapable of performing the requested operation."),
    }
}

impl IntoResponse for HeatError {
    fn into_response(self) -> Response {
        let status = self.kind.status();
        let (title, explanation) = wording(status);
        let body = json!({
            "code": status,
            "error": {"message": self.message, "traceback": null, "type": self.kind.name()},
            "explanation": explanation,
            "title": title,
        });
        (StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), Json(body)).into_response()
    }
}

impl From<Failure> for HeatError {
    fn from(failure: Failure) -> Self {
        Self::new(ErrorKind::StackValidationFailed, failure.reason)
    }
}

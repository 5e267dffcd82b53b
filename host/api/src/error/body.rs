//! Errors as clients get them.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use jeroboam_model::RequestId;

use super::ApiError;
use crate::fields::Out;
use crate::microversion::{Microversion, VersionError};

/// In which shapes a client reads what went wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorShape {
    /// `errors`, since Newton.
    #[default]
    Errors,
    /// `error_message` besides, the only one that clients of Liberty and Mitaka read.
    ErrorsAndMessage,
}

/// The answer to a request that failed, and a line in the log if the fault is ours.
pub fn respond(error: &ApiError, request_id: &RequestId, www_authenticate: &HeaderValue) -> Response {
    respond_in(ErrorShape::Errors, error, request_id, www_authenticate)
}

/// The same for a route whose clients read another shape.
pub fn respond_in(shape: ErrorShape, error: &ApiError, request_id: &RequestId, www_authenticate: &HeaderValue) -> Response {
    let status = error.status();
    // Those that are too many have no line each: metrics count them.
    if status.is_server_error() && !matches!(error, ApiError::Limit(_)) {
        tracing::error!(request = %request_id, error = %Chain(error), "a request failed");
    }
    let mut out = Out::with_capacity(512);
    match error {
        _ if status == StatusCode::UNAUTHORIZED => unauthenticated(&mut out, error),
        ApiError::Version(VersionError::Unsupported(_)) => unsupported_version(&mut out, error, request_id),
        _ => ordinary(&mut out, error, status, request_id, shape),
    }
    let mut response = Response::new(Body::from(out.into_bytes()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, www_authenticate.clone());
    }
    if let Some(pause) = error.retry_after() {
        headers.insert(header::RETRY_AFTER, pause.as_secs().max(1).into());
    }
    response
}

/// Magnum's shape.
fn ordinary(out: &mut Out, error: &ApiError, status: StatusCode, request_id: &RequestId, shape: ErrorShape) {
    let detail = error.to_string();
    let title = match error {
        ApiError::Field(field) => field.title(),
        _ if error.is_framework() => status.canonical_reason().unwrap_or_default().to_owned(),
        _ => first_sentence(&detail).to_owned(),
    };
    let code = match status.is_server_error() {
        true => "server",
        false if error.is_framework() => "",
        false => "client",
    };
    out.object(|out| {
        errors(out, |out| {
            out.key("request_id");
            out.text(request_id.as_str());
            out.key("code");
            out.text(code);
            out.key("status");
            out.integer(status.as_u16());
            out.key("title");
            out.text(&title);
            out.key("detail");
            out.text(&detail);
            out.key("links");
            out.array(|_| {});
        });
        if shape == ErrorShape::ErrorsAndMessage {
            out.key("error_message");
            out.text(&fault(&detail, status));
        }
    });
}

/// A SOAP-like fault of WSME's, as text within the text.
fn fault(detail: &str, status: StatusCode) -> String {
    let whose = if status.is_server_error() { "Server" } else { "Client" };
    serde_json::json!({"faultcode": whose, "faultstring": detail, "debuginfo": null}).to_string()
}

/// The shape of Keystone's middleware.
fn unauthenticated(out: &mut Out, error: &ApiError) {
    out.object(|out| {
        out.key("error");
        out.object(|out| {
            out.key("code");
            out.integer(401);
            out.key("title");
            out.text("Unauthorized");
            out.key("message");
            out.text(&error.to_string());
        });
    });
}

/// The shape of the API working group's microversion specification.
fn unsupported_version(out: &mut Out, error: &ApiError, request_id: &RequestId) {
    let content = |out: &mut Out| {
        out.key("request_id");
        out.text(request_id.as_str());
        out.key("max_version");
        out.plain(format_args!("{}", Microversion::MAX));
        out.key("min_version");
        out.plain(format_args!("{}", Microversion::MIN));
        out.key("code");
        out.text("magnum.microversion-unsupported");
        out.key("links");
        out.array(|out| {
            out.object(|out| {
                out.key("rel");
                out.text("help");
                out.key("href");
                out.text("http://docs.openstack.org/api-guide/compute/microversions.html");
            });
        });
        out.key("title");
        out.text("Requested microversion is unsupported");
        out.key("description");
        out.text(&error.to_string());
    };
    out.object(|out| errors(out, content));
}

fn errors(out: &mut Out, content: impl FnOnce(&mut Out)) {
    out.key("errors");
    out.array(|out| out.object(content));
}

/// Without its full stop. Upstream stops at the first dot of all, even within a name.
fn first_sentence(text: &str) -> &str {
    let sentence = text.split_once(". ").map_or(text, |(first, _)| first);
    sentence.strip_suffix('.').unwrap_or(sentence)
}

/// An error and its sources, on one line.
struct Chain<'a>(&'a dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_first_sentences_and_are_not_cut_within_names() {
        assert_eq!(first_sentence("Cluster a.b could not be found."), "Cluster a.b could not be found");
        assert_eq!(first_sentence("One. Two."), "One");
        assert_eq!(first_sentence("No stop"), "No stop");
    }
}

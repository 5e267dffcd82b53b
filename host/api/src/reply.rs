//! What a resource answers with.

use std::convert::Infallible;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::fields::Out;

/// What nearly all answers are.
pub const JSON: &str = "application/json";
/// A JSON document a line.
pub const LINES: &str = "application/x-ndjson";

pub struct Reply {
    status: StatusCode,
    mimetype: &'static str,
    body: Option<Body>,
    location: Option<HeaderValue>,
}

impl Reply {
    pub fn json(status: StatusCode, out: Out) -> Self {
        Self { status, mimetype: JSON, body: Some(out.into_bytes().into()), location: None }
    }

    /// What writes itself.
    pub fn of(status: StatusCode, value: &impl Serialize) -> Self {
        let mut out = Out::with_capacity(1024);
        out.value(value);
        Self::json(status, out)
    }

    /// A line of JSON for each value, as they come.
    pub fn lines<T: Serialize>(values: impl Stream<Item = T> + Send + 'static) -> Self {
        let line = |value: T| {
            let mut out = Out::with_capacity(512);
            out.value(&value);
            let mut line = out.into_bytes();
            line.push(b'\n');
            Ok::<_, Infallible>(line)
        };
        Self { status: StatusCode::OK, mimetype: LINES, body: Some(Body::from_stream(values.map(line))), location: None }
    }

    pub fn ok(out: Out) -> Self {
        Self::json(StatusCode::OK, out)
    }

    /// The uuid of what was accepted, and no more: clients take a `status` here for a promise.
    pub fn accepted(uuid: impl std::fmt::Display) -> Self {
        let mut out = Out::with_capacity(64);
        out.object(|out| {
            out.key("uuid");
            out.plain(format_args!("{uuid}"));
        });
        Self::json(StatusCode::ACCEPTED, out)
    }

    pub const fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, mimetype: JSON, body: None, location: None }
    }

    pub fn at(self, location: String) -> Self {
        Self { location: HeaderValue::try_from(location).ok(), ..self }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        if let Some(body) = self.body {
            *response.body_mut() = body;
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.mimetype));
        }
        if let Some(location) = self.location {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}

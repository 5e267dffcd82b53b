//! What a resource answers with.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::fields::Out;

pub struct Reply {
    status: StatusCode,
    body: Option<Vec<u8>>,
    location: Option<HeaderValue>,
}

impl Reply {
    pub fn json(status: StatusCode, out: Out) -> Self {
        Self { status, body: Some(out.into_bytes()), location: None }
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
        Self { status: StatusCode::NO_CONTENT, body: None, location: None }
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
            *response.body_mut() = Body::from(body);
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(location) = self.location {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}

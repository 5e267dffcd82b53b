//! Request ids: each request gets one of its own. Behind it there may be another service's request, whose id comes along as oslo.middleware takes it.

use http::{HeaderMap, HeaderName, HeaderValue};
use jeroboam_model::RequestId;

/// In answers: the request's own id. In requests: the global one.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-openstack-request-id");

/// What a request is called.
#[derive(Clone, Debug)]
pub struct RequestIds {
    pub own: RequestId,
    /// That of the request which this one was sent for. Anything else than a request id in its header is as good as none.
    pub global: Option<RequestId>,
}

impl RequestIds {
    /// A new one for the request with these headers.
    pub fn of(headers: &HeaderMap) -> Self {
        let global = headers.get(REQUEST_ID).and_then(|value| RequestId::parse(value.to_str().ok()?));
        Self { own: RequestId::random(), global }
    }

    /// For services that are asked on the request's behalf.
    pub fn onward(&self) -> &RequestId {
        self.global.as_ref().unwrap_or(&self.own)
    }

    /// Tells the client the request's own id.
    pub fn describe(&self, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::try_from(self.own.as_str()) {
            headers.insert(REQUEST_ID, value);
        }
    }
}

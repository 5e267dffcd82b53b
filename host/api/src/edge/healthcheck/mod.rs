//! `/healthcheck`, as oslo.middleware has it: for load balancers. Needs no token and has no request id.

mod backends;
mod body;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderValue, Method, StatusCode, header};
use ipnet::IpNet;
use jeroboam_model::RequestId;

use super::forwarded::Forwarded;
use super::peer::Peer;
use crate::accept;
use crate::app::App;
use crate::error::{ApiError, respond};

pub use backends::{Backend, Health};

/// What an operator decides about it.
#[derive(Clone, Debug, Default)]
pub struct HealthcheckConfig {
    pub path: HealthPath,
    /// Whether the answer tells of the host, and of the files that were looked for.
    pub detailed: bool,
    /// Who is asked; the service is healthy if all of them say so.
    pub backends: Vec<Backend>,
    /// Where requests may come from; empty: from anywhere.
    pub allowed_source_ranges: Vec<IpNet>,
    /// Whether requests that came through a proxy are to find nothing here.
    pub ignore_proxied_requests: bool,
}

/// Where it is. Never where the API is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthPath(String);

/// A path that cannot be the health check's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a path such as /healthcheck: of letters, digits, '.', '_' and '-', and not below /v1 or /discovery")]
pub struct NoHealthPath;

impl HealthPath {
    pub fn parse(text: &str) -> Result<Self, NoHealthPath> {
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        let mut words = text.strip_prefix('/').ok_or(NoHealthPath)?.split('/');
        let is_free = !matches!(words.clone().next(), Some("v1" | "discovery"));
        if is_free && words.all(is_word) { Ok(Self(text.to_owned())) } else { Err(NoHealthPath) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for HealthPath {
    fn default() -> Self {
        Self("/healthcheck".to_owned())
    }
}

pub async fn healthcheck(State(app): State<App>, request: Request) -> Response {
    let config = &app.config.healthcheck;
    if !config.is_for(&request) {
        return respond(&ApiError::NoRoute, &RequestId::random(), &app.www_authenticate);
    }
    let mut found = Vec::with_capacity(config.backends.len());
    for backend in &config.backends {
        found.push(backend.ask().await);
    }
    let is_head = *request.method() == Method::HEAD;
    let status = match (found.iter().all(|health| health.is_well), is_head) {
        (false, _) => StatusCode::SERVICE_UNAVAILABLE,
        (true, true) => StatusCode::NO_CONTENT,
        (true, false) => StatusCode::OK,
    };
    // Whoever takes nothing of what there is gets text: a load balancer must not mistake a 406 for an illness.
    let mimetype = accept::preferred(request.headers(), &[body::TEXT, body::HTML, body::JSON]).unwrap_or(body::TEXT);
    let (mimetype, text) = match mimetype {
        _ if is_head => ("text/plain; charset=UTF-8", String::new()),
        body::HTML => ("text/html; charset=UTF-8", body::html(&found, config.detailed)),
        body::JSON => (body::JSON, body::json(&found, config.detailed)),
        _ => ("text/plain; charset=UTF-8", body::text(&found)),
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(mimetype));
    response
}

impl HealthcheckConfig {
    /// Whether whoever asks is to be answered.
    fn is_for(&self, request: &Request) -> bool {
        let ranges = &self.allowed_source_ranges;
        let peer = request.extensions().get::<Peer>();
        let is_near = ranges.is_empty() || peer.is_some_and(|peer| ranges.iter().any(|range| range.contains(&peer.0)));
        is_near && !(self.ignore_proxied_requests && Forwarded::is_proxied(request.headers()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_health_check_is_never_where_the_api_is() {
        for path in ["/healthcheck", "/health", "/status/live", "/v1.health"] {
            assert_eq!(HealthPath::parse(path).as_ref().map(HealthPath::as_str), Ok(path));
        }
        for path in ["", "/", "healthcheck", "/v1", "/v1/clusters", "/discovery/x", "/a//b", "/a/", "/{a}", "/a b"] {
            assert_eq!(HealthPath::parse(path), Err(NoHealthPath), "{path}");
        }
    }
}

//! The access log: a line for each request, once it is answered.
//!
//! It holds no header but `User-Agent`, of the query only the values of parameters that are known to hold nothing secret, and of `/discovery/<token>` nothing but
//! the route, since whoever knows the token may use it.

use std::net::IpAddr;
use std::time::Duration;

use axum::body::HttpBody;
use axum::extract::Request;
use axum::response::Response;
use http::{Method, Uri, header};
use url::form_urlencoded;

use super::peer::Peer;

/// The target of the lines, to be filtered by.
const TARGET: &str = "jeroboam_api::access";
/// Longer ones are cut.
const MOST_PATH: usize = 512;
const MOST_AGENT: usize = 200;

/// Parameters whose values are shown.
const SHOWN: &[&str] = &[
    "limit",
    "marker",
    "sort_key",
    "sort_dir",
    "role",
    "rollback",
    "project_id",
    "type",
    "all_tenants",
    "size",
    "wait",
    "waitIndex",
    "recursive",
    "cluster",
    "cluster_uuid",
    "status",
    "kind",
];

/// What is known of a request before it is answered.
pub struct Line {
    method: Method,
    uri: Uri,
    client: Option<IpAddr>,
    agent: String,
}

/// Within which the answer was made; it knows the request's ids, and whose it is.
#[derive(Clone)]
pub struct Within(pub tracing::Span);

impl Line {
    pub fn of(request: &Request, behind_proxy: bool) -> Self {
        let peer = request.extensions().get::<Peer>().copied();
        let agent = request.headers().get(header::USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            client: Peer::client(peer, request.headers(), behind_proxy),
            agent: bounded(&agent.unwrap_or_default(), MOST_AGENT),
        }
    }

    /// `bytes` is absent where the answer is written as it comes about.
    pub fn write(self, route: &str, response: &Response, took: Duration) {
        let within = response.extensions().get::<Within>().map_or_else(tracing::Span::none, |Within(span)| span.clone());
        let (method, path) = (bounded(self.method.as_str(), 20), shown(&self.uri, route));
        let (status, bytes) = (response.status().as_u16(), response.body().size_hint().exact());
        let (client, agent) = (self.client.map(tracing::field::display), self.agent);
        let ms = (took.as_secs_f64() * 1e5).round() / 100.0;
        within.in_scope(|| tracing::info!(target: TARGET, client, method, path, status, bytes, ms, user_agent = agent));
    }
}

/// The path as it was asked for, as far as it may be shown.
fn shown(uri: &Uri, route: &str) -> String {
    let path = if uri.path().starts_with("/discovery/") { route } else { uri.path() };
    let mut text = bounded(path, MOST_PATH);
    let Some(query) = uri.query().filter(|query| !query.is_empty()) else { return text };
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        pairs.append_pair(&name, if SHOWN.contains(&&*name) { &value } else { "..." });
    }
    text.push('?');
    text.push_str(&pairs.finish());
    bounded(&text, MOST_PATH)
}

/// Not too long, and on one line.
fn bounded(text: &str, most: usize) -> String {
    text.chars().take(most).map(|c| if c.is_control() { '?' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_parameters_are_shown_with_their_values() {
        let shown = |uri: &str| super::shown(&uri.parse().unwrap(), "/discovery/{token}");
        assert_eq!(shown("/v1/clusters/?limit=3&token=geheim&marker=m"), "/v1/clusters/?limit=3&token=...&marker=m");
        assert_eq!(shown("/v1/clusters"), "/v1/clusters");
        assert_eq!(shown("/discovery/geheim?wait=true"), "/discovery/{token}?wait=true");
    }

    #[test]
    fn a_line_stays_one_line_and_short() {
        assert_eq!(bounded("a\nb\u{1b}[0m", 10), "a?b?[0m");
        assert_eq!(bounded(&"x".repeat(600), MOST_AGENT).len(), MOST_AGENT);
        let long = format!("/v1/clusters?limit={}", "1".repeat(9000)).parse().unwrap();
        assert!(super::shown(&long, "none").len() <= MOST_PATH);
    }
}

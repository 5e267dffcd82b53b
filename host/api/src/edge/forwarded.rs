//! What proxies in front of the service say about the request that they got, as oslo.middleware's `http_proxy_to_wsgi` takes it: `Forwarded` (RFC 7239) if it is there, else
//! `X-Forwarded-*`. To be asked only where the operator has a proxy: clients can send these headers, too.

use http::{HeaderMap, HeaderName, header};

const HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const PREFIX: HeaderName = HeaderName::from_static("x-forwarded-prefix");

/// As the client talked to the first of the proxies. Not checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forwarded<'a> {
    pub host: Option<&'a str>,
    pub proto: Option<&'a str>,
    /// The client's address.
    pub client: Option<&'a str>,
    /// Where under that host the service is.
    pub prefix: Option<&'a str>,
}

impl<'a> Forwarded<'a> {
    pub fn of(headers: &'a HeaderMap) -> Self {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(first);
        let prefix = text(PREFIX);
        match text(header::FORWARDED).filter(|proxy| !proxy.is_empty()) {
            Some(proxy) => Self { prefix, ..Self::of_pairs(proxy) },
            None => Self { host: text(HOST), proto: text(PROTO), client: text(FOR), prefix },
        }
    }

    /// `for=192.0.2.60;proto=https;host="cloud.example:9511"`
    fn of_pairs(proxy: &'a str) -> Self {
        let mut found = Self::default();
        for (name, value) in proxy.split(';').filter_map(|pair| pair.split_once('=')) {
            let value = Some(value.trim().trim_matches('"')).filter(|value| !value.is_empty());
            match name.trim().to_ascii_lowercase().as_str() {
                "host" => found.host = value,
                "proto" => found.proto = value,
                "for" => found.client = value,
                _ => {}
            }
        }
        found
    }

    /// Whether a proxy says anything at all.
    pub fn is_proxied(headers: &HeaderMap) -> bool {
        headers.contains_key(header::FORWARDED) || headers.keys().any(|name| name.as_str().starts_with("x-forwarded"))
    }
}

/// Proxies that stand in a row each add theirs; the first is the one that the client talked to.
fn first(value: &str) -> &str {
    value.split(',').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(of: &[(&'static str, &str)]) -> HeaderMap {
        of.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_standard_header_wins_and_its_first_proxy_counts() {
        let headers = headers(&[
            ("forwarded", "For=192.0.2.60; proto=https;Host=\"cloud.example:9511\", for=10.0.0.1;proto=http"),
            ("x-forwarded-host", "other.example"),
            ("x-forwarded-proto", "http"),
            ("x-forwarded-prefix", "/container-infra"),
        ]);
        let found = Forwarded::of(&headers);
        assert_eq!((found.host, found.proto, found.client), (Some("cloud.example:9511"), Some("https"), Some("192.0.2.60")));
        assert_eq!(found.prefix, Some("/container-infra"));
    }

    #[test]
    fn without_it_the_older_ones_do() {
        let headers = headers(&[("x-forwarded-for", "192.0.2.60, 10.0.0.1"), ("x-forwarded-proto", "https")]);
        let found = Forwarded::of(&headers);
        assert_eq!((found.host, found.proto, found.client), (None, Some("https"), Some("192.0.2.60")));
        assert!(Forwarded::is_proxied(&headers) && !Forwarded::is_proxied(&HeaderMap::new()));
    }
}

//! Where this service is, as the client sees it: the base of all links.

use std::fmt;
use std::sync::Arc;

use http::uri::Authority;
use http::{HeaderMap, Uri, header};

use crate::edge::Forwarded;
use crate::fields::Out;

/// Scheme and host, with a prefix if a proxy says there is one, and no slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base(Arc<str>);

impl Base {
    /// From what the request says about itself. Headers of a proxy count only where the operator has one.
    pub fn of(uri: &Uri, headers: &HeaderMap, behind_proxy: bool) -> Self {
        let forwarded = if behind_proxy { Forwarded::of(headers) } else { Forwarded::default() };
        let host = forwarded
            .host
            .or_else(|| uri.authority().map(Authority::as_str))
            .or_else(|| headers.get(header::HOST).and_then(|value| value.to_str().ok()))
            .filter(|host| is_host(host))
            .unwrap_or("localhost");
        let scheme = match forwarded.proto {
            Some(proto) if proto.eq_ignore_ascii_case("https") => "https",
            _ => "http",
        };
        let prefix = forwarded.prefix.map(|prefix| prefix.trim_end_matches('/')).filter(|prefix| is_prefix(prefix));
        Self(format!("{scheme}://{host}{}", prefix.unwrap_or_default()).into())
    }

    /// `links` of an item: itself, and the bookmark without the version.
    pub fn write_item(&self, collection: impl fmt::Display, id: impl fmt::Display, out: &mut Out) {
        out.array(|out| {
            out.object(|out| {
                out.key("href");
                out.plain(format_args!("{self}/v1/{collection}/{id}"));
                out.key("rel");
                out.text("self");
            });
            out.object(|out| {
                out.key("href");
                out.plain(format_args!("{self}/{collection}/{id}"));
                out.key("rel");
                out.text("bookmark");
            });
        });
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether it may stand in a link as it is.
fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= 262
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':' | b'[' | b']'))
}

fn is_prefix(prefix: &str) -> bool {
    prefix.starts_with('/')
        && prefix.len() <= 256
        && prefix.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'/' | b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;

    fn base(headers: &[(&'static str, &str)], behind_proxy: bool) -> String {
        let headers = headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect();
        Base::of(&Uri::from_static("/v1"), &headers, behind_proxy).to_string()
    }

    #[test]
    fn links_begin_with_the_host_that_the_client_asked_for() {
        assert_eq!(base(&[("host", "magnum.example:9511")], false), "http://magnum.example:9511");
        assert_eq!(base(&[("host", "[::1]:9511")], false), "http://[::1]:9511");
        assert_eq!(base(&[], false), "http://localhost");
        assert_eq!(base(&[("host", "evil\"/<script>")], false), "http://localhost");
    }

    #[test]
    fn a_proxy_is_believed_only_where_there_is_one() {
        let headers = [
            ("host", "10.0.0.1"),
            ("x-forwarded-host", "cloud.example, inner"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-prefix", "/container-infra/"),
        ];
        assert_eq!(base(&headers, false), "http://10.0.0.1");
        assert_eq!(base(&headers, true), "https://cloud.example/container-infra");
        let standard = [("host", "10.0.0.1"), ("forwarded", "for=192.0.2.1;host=\"[2001:db8::1]:443\";proto=HTTPS")];
        assert_eq!(base(&standard, false), "http://10.0.0.1");
        assert_eq!(base(&standard, true), "https://[2001:db8::1]:443");
    }
}

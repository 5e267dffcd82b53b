//! Where a cluster's API is, and how it is spoken to.
//!
//! The address comes from the driver, and so is not to be trusted. With TLS that does no harm: only who has a certificate of the cluster's own authority is
//! spoken to. Without, a driver could have the host call its own ports or a metadata service; so such an address has to be that of a machine elsewhere, and no
//! name, which could come to mean another.

use std::net::IpAddr;

use jeroboam_model::{ClusterTemplate, Coe};
use reqwest::Url;

/// An API by the protocol that it is called with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ApiAddress {
    /// With the cluster's certificates.
    Tls(Url),
    /// With nothing that is secret.
    Plain(Url),
}

/// Whether clusters of a template have an API without TLS: as their owner wished, or because the engine has none other.
pub(super) fn is_plain(template: &ClusterTemplate) -> bool {
    template.tls_disabled || template.coe == Coe::Mesos
}

impl ApiAddress {
    /// Reads a cluster's `api_address` with a path put in. `plain`: whether an API without TLS is to be expected. Docker's `tcp` is HTTP with or
    /// without TLS, by that expectation.
    pub fn within(address: &str, path: &str, plain: bool) -> Option<Self> {
        let (scheme, rest) = address.split_once("://")?;
        let tls = match (scheme, plain) {
            ("https", _) | ("tcp", false) => true,
            ("http" | "tcp", true) => false,
            _ => return None,
        };
        let base = Url::parse(&format!("{}://{rest}", if tls { "https" } else { "http" })).ok()?;
        let url = base.join(path).ok()?;
        // Nothing in the path changes the host.
        let same = url.scheme() == base.scheme() && url.host() == base.host() && url.port() == base.port();
        if !same || !base.username().is_empty() || base.password().is_some() {
            return None;
        }
        match tls {
            true => Some(Self::Tls(url)),
            false => is_elsewhere(&url).then_some(Self::Plain(url)),
        }
    }
}

fn is_elsewhere(url: &Url) -> bool {
    let Some(Ok(address)) = url.host_str().map(|host| host.trim_matches(['[', ']']).parse::<IpAddr>()) else { return false };
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            !(v4.is_loopback() || v4.is_link_local() || v4.is_unspecified() || v4.is_multicast() || v4.is_broadcast())
        }
        IpAddr::V6(v6) => !(v6.is_loopback() || v6.is_unspecified() || v6.is_multicast() || v6.is_unicast_link_local()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &str, path: &str, plain: bool) -> Option<String> {
        ApiAddress::within(address, path, plain).map(|address| match address {
            ApiAddress::Tls(url) => format!("tls {url}"),
            ApiAddress::Plain(url) => format!("plain {url}"),
        })
    }

    #[test]
    fn a_path_stays_with_the_clusters_address() {
        let url = |path| read("https://203.0.113.7:6443", path, false);
        assert_eq!(url("/healthz?verbose").as_deref(), Some("tls https://203.0.113.7:6443/healthz?verbose"));
        assert_eq!(url("//evil.example/healthz"), None);
        assert_eq!(url("https://evil.example/"), None);
    }

    #[test]
    fn dockers_address_is_called_over_tls_unless_the_cluster_does_without() {
        assert_eq!(read("tcp://203.0.113.7:2376", "/info", false).as_deref(), Some("tls https://203.0.113.7:2376/info"));
        assert_eq!(read("tcp://203.0.113.7:2375", "/info", true).as_deref(), Some("plain http://203.0.113.7:2375/info"));
    }

    #[test]
    fn addresses_without_tls_or_with_credentials_are_not_called_where_tls_is_expected() {
        for address in ["http://203.0.113.7:8080", "https://a:b@203.0.113.7", "tcp://a@203.0.113.7", "203.0.113.7", "file:///etc"]
        {
            assert_eq!(read(address, "/healthz", false), None, "{address}");
        }
    }

    #[test]
    fn without_tls_only_machines_elsewhere_are_called() {
        assert_eq!(read("http://10.0.0.7:8080", "/v2/apps", true).as_deref(), Some("plain http://10.0.0.7:8080/v2/apps"));
        for host in [
            "127.0.0.1",
            "localhost",
            "169.254.169.254",
            "0.0.0.0",
            "224.0.0.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[fe80::1]",
            "name.example",
            "2130706433",
        ] {
            assert_eq!(read(&format!("http://{host}:8080"), "/", true), None, "{host}");
        }
    }
}

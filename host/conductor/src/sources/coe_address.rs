//! Where a cluster's own API is, and how it may be spoken to.
//!
//! The address comes from the driver, and so is not to be trusted. With TLS that does no harm: only who has a certificate of the cluster's own authority is spoken
//! to, and nothing is sent before that is known. Without TLS nothing proves who answers. So plain HTTP is for clusters that their owner wanted without TLS, and for Mesos, which has
//! none; it goes to addresses, never to names, and not to those of this host, of its links or of nobody.

use std::net::IpAddr;

use jeroboam_model::{ClusterTemplate, Coe};
use reqwest::Url;
use url::Host;

/// An address that may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    base: Url,
    pub tls: bool,
}

/// Why an address is not called, for the driver's author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("the cluster's api_address is not a URL of https, tcp or http without a user")]
    NotAUrl,
    #[error(
        "the cluster's api_address is not one of https, and neither is the cluster's template tls_disabled nor its COE mesos"
    )]
    Plain,
    #[error("an api_address without TLS has to be an IP address that is neither local nor of a link nor of a group")]
    Somewhere,
}

impl Address {
    /// `tcp`, as Docker's clients write it, is TLS or not by the template.
    pub fn decide(address: &str, template: &ClusterTemplate) -> Result<Self, Refused> {
        let without_tls = template.tls_disabled;
        let (tls, rest) = match address.split_once("://").ok_or(Refused::NotAUrl)? {
            ("https", rest) => (true, rest),
            ("tcp", rest) => (!without_tls, rest),
            ("http", rest) if without_tls || template.coe == Coe::Mesos => (false, rest),
            ("http", _) => return Err(Refused::Plain),
            _ => return Err(Refused::NotAUrl),
        };
        let base = Url::parse(&format!("{}://{rest}", if tls { "https" } else { "http" })).map_err(|_| Refused::NotAUrl)?;
        if !base.username().is_empty() || base.password().is_some() {
            return Err(Refused::NotAUrl);
        }
        if tls || base.host().is_some_and(|host| is_a_node(&host)) { Ok(Self { base, tls }) } else { Err(Refused::Somewhere) }
    }

    /// The address with the path put in. Nothing in the path changes whom it is sent to.
    pub fn at(&self, path: &str) -> Option<Url> {
        let url = self.base.join(path).ok()?;
        let same = |part: fn(&Url) -> Option<String>| part(&url) == part(&self.base);
        let host = same(|url| url.host_str().map(str::to_owned)) && url.port() == self.base.port();
        (host && url.scheme() == self.base.scheme()).then_some(url)
    }
}

fn is_a_node(host: &Host<&str>) -> bool {
    let address = match host {
        Host::Domain(_) => return false,
        Host::Ipv4(address) => IpAddr::V4(*address),
        Host::Ipv6(address) => address.to_ipv4_mapped().map_or(IpAddr::V6(*address), IpAddr::V4),
    };
    match address {
        IpAddr::V4(v4) => {
            let nobody = v4.is_unspecified() || v4.is_broadcast() || v4.is_multicast() || v4.octets().first() == Some(&0);
            !(nobody || v4.is_loopback() || v4.is_link_local())
        }
        IpAddr::V6(v6) => !(v6.is_unspecified() || v6.is_loopback() || v6.is_multicast() || v6.is_unicast_link_local()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeroboam_model::samples;

    fn template(coe: Coe, tls_disabled: bool) -> ClusterTemplate {
        ClusterTemplate { coe, tls_disabled, ..samples::template("t") }
    }

    fn called(address: &str, template: &ClusterTemplate) -> Result<String, Refused> {
        Address::decide(address, template).map(|address| address.at("/_ping").unwrap().to_string())
    }

    #[test]
    fn a_path_stays_with_the_clusters_address() {
        let address = Address::decide("https://203.0.113.7:6443", &template(Coe::Kubernetes, false)).unwrap();
        let url = |path| address.at(path).map(|url| url.to_string());
        assert_eq!(url("/healthz?verbose").as_deref(), Some("https://203.0.113.7:6443/healthz?verbose"));
        for other in ["//evil.example/healthz", "https://evil.example/", "https://203.0.113.7:22/", "http://203.0.113.7:6443/"] {
            assert_eq!(url(other), None, "{other}");
        }
    }

    #[test]
    fn docker_s_own_form_is_tls_unless_the_template_does_without() {
        let of = |tls_disabled| called("tcp://203.0.113.7:2376", &template(Coe::SwarmMode, tls_disabled));
        assert_eq!(of(false).as_deref(), Ok("https://203.0.113.7:2376/_ping"));
        assert_eq!(of(true).as_deref(), Ok("http://203.0.113.7:2376/_ping"));
    }

    #[test]
    fn plain_http_is_for_those_who_asked_for_it_and_for_mesos() {
        let marathon = "http://203.0.113.7:8080";
        assert_eq!(called(marathon, &template(Coe::Kubernetes, false)), Err(Refused::Plain));
        assert_eq!(called(marathon, &template(Coe::Kubernetes, true)).as_deref(), Ok("http://203.0.113.7:8080/_ping"));
        assert_eq!(called(marathon, &template(Coe::Mesos, false)).as_deref(), Ok("http://203.0.113.7:8080/_ping"));
    }

    #[test]
    fn plain_http_reaches_no_name_and_nothing_of_this_host() {
        for host in [
            "metadata.example",
            "localhost",
            "127.0.0.1",
            "2130706433",
            "0x7f.1",
            "0.0.0.0",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "[::1]",
            "[::]",
            "[fe80::1]",
            "[ff02::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:169.254.169.254]",
        ] {
            let address = format!("http://{host}:8080");
            assert_eq!(called(&address, &template(Coe::Mesos, false)), Err(Refused::Somewhere), "{address}");
        }
    }

    #[test]
    fn what_is_no_address_is_not_called() {
        for address in
            ["https://a:b@203.0.113.7", "tcp://a@203.0.113.7:1", "203.0.113.7", "file:///etc", "unix:///run/docker.sock", ""]
        {
            assert_eq!(called(address, &template(Coe::Swarm, true)), Err(Refused::NotAUrl), "{address}");
        }
    }
}

//! Who is at the other end of a request's connection.

use std::net::IpAddr;

use super::forwarded::Forwarded;
use http::HeaderMap;

/// The address of it: a proxy's, where there is one. Put into requests by whoever listens; absent on the operator's socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl Peer {
    /// With IPv4 addresses as such, however the listener names them.
    pub fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// The client's own address; behind a proxy, as far as that names one.
    pub fn client(peer: Option<Self>, headers: &HeaderMap, behind_proxy: bool) -> Option<IpAddr> {
        let told = Some(headers).filter(|_| behind_proxy).and_then(|headers| address(Forwarded::of(headers).client?));
        told.or(peer.map(|peer| peer.0))
    }
}

/// With or without a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.split(']').next());
    let with_port = || text.rsplit_once(':').and_then(|(host, _)| host.parse().ok());
    bare.unwrap_or(text).parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_every_form_that_proxies_write() {
        for (text, found) in [
            ("192.0.2.1", "192.0.2.1"),
            ("192.0.2.1:80", "192.0.2.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:80", "2001:db8::1"),
        ] {
            assert_eq!(address(text), found.parse().ok(), "{text}");
        }
        assert_eq!(address("unknown"), None);
        assert_eq!(address("_hidden"), None);
    }

    #[test]
    fn what_a_client_says_of_its_address_counts_only_behind_a_proxy() {
        let headers = HeaderMap::from_iter([(http::header::FORWARDED, "for=192.0.2.9".parse().unwrap())]);
        let peer = Some(Peer::new("::ffff:10.0.0.1".parse().unwrap()));
        assert_eq!(Peer::client(peer, &headers, false), "10.0.0.1".parse().ok());
        assert_eq!(Peer::client(peer, &headers, true), "192.0.2.9".parse().ok());
    }
}

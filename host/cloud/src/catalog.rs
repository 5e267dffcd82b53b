//! The service catalogue of a token.

use serde::Deserialize;
use url::Url;

use crate::parse;
use crate::service::{Interface, Service};

/// Which services a token can reach, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Catalog {
    pub entries: Vec<CatalogEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CatalogEntry {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default, deserialize_with = "parse::non_empty")]
    pub name: Option<String>,
    #[serde(default)]
    pub endpoints: Vec<CatalogEndpoint>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CatalogEndpoint {
    pub interface: String,
    #[serde(default, deserialize_with = "parse::non_empty")]
    pub region_id: Option<String>,
    pub url: String,
}

impl Catalog {
    /// Whether there is a service of this kind at all, at any interface, in a region.
    pub fn has(&self, service: Service, region: Option<&str>) -> bool {
        self.endpoints(service).any(|endpoint| endpoint.is_in(region))
    }

    /// The endpoint of a service as the catalogue has it.
    pub fn endpoint(&self, service: Service, interface: Interface, region: Option<&str>) -> Option<Url> {
        self.endpoints(service)
            .filter(|endpoint| endpoint.is_in(region))
            .filter(|endpoint| Interface::parse(&endpoint.interface) == Some(interface))
            .find_map(|endpoint| http_url(&endpoint.url))
    }

    /// All endpoints of a service; those of its official type come first.
    fn endpoints(&self, service: Service) -> impl Iterator<Item = &CatalogEndpoint> {
        service
            .types()
            .iter()
            .flat_map(|kind| self.entries.iter().filter(move |entry| entry.kind == *kind).flat_map(|e| &e.endpoints))
    }
}

impl CatalogEndpoint {
    fn is_in(&self, region: Option<&str>) -> bool {
        region.is_none_or(|region| self.region_id.as_deref() == Some(region))
    }
}

fn http_url(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// An endpoint with its API version: what deployments leave out is added.
pub(crate) fn versioned(service: Service, endpoint: &Url) -> Url {
    let named = endpoint.path_segments().is_some_and(|mut segments| segments.any(is_version));
    if named { endpoint.clone() } else { with_segment(endpoint, service.version_segment()) }
}

/// Keystone's v3 root, from any of the forms in which configuration files give it.
pub(crate) fn keystone_root(auth_url: &Url) -> Url {
    let path = auth_url.path().trim_end_matches('/');
    let base = path.strip_suffix("/v2.0").or_else(|| path.strip_suffix("/v3")).unwrap_or(path);
    let mut root = auth_url.clone();
    root.set_path(base);
    with_segment(&root, "v3")
}

fn with_segment(url: &Url, segment: &str) -> Url {
    let mut url = url.clone();
    url.set_path(&format!("{}/{segment}", url.path().trim_end_matches('/')));
    url
}

fn is_version(segment: &str) -> bool {
    let Some(number) = segment.strip_prefix('v') else { return false };
    number.starts_with(|c: char| c.is_ascii_digit()) && number.chars().all(|c| c.is_ascii_digit() || c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        let endpoint = |interface: &str, region: &str, url: &str| CatalogEndpoint {
            interface: interface.into(),
            region_id: Some(region.into()),
            url: url.into(),
        };
        let entry = |kind: &str, endpoints| CatalogEntry { kind: kind.into(), name: None, endpoints };
        Catalog {
            entries: vec![
                entry("volume", vec![endpoint("public", "one", "http://old/v3/p")]),
                entry(
                    "volumev3",
                    vec![
                        endpoint("public", "one", "http://one/v3/p"),
                        endpoint("internal", "one", "http://one.internal/v3/p"),
                        endpoint("public", "two", "http://two/v3/p"),
                    ],
                ),
                entry("image", vec![endpoint("public", "one", "ftp://images"), endpoint("public", "one", "nonsense")]),
            ],
        }
    }

    #[test]
    fn the_endpoint_fits_interface_and_region() {
        let find = |interface, region| catalog().endpoint(Service::Cinder, interface, region).map(String::from);
        assert_eq!(find(Interface::Public, Some("two")).as_deref(), Some("http://two/v3/p"));
        assert_eq!(find(Interface::Internal, None).as_deref(), Some("http://one.internal/v3/p"));
        assert_eq!(find(Interface::Internal, Some("two")), None);
        assert_eq!(find(Interface::Admin, None), None);
    }

    #[test]
    fn the_better_alias_wins_whatever_the_order_of_the_catalogue() {
        let url = catalog().endpoint(Service::Cinder, Interface::Public, Some("one"));
        assert_eq!(url.map(String::from).as_deref(), Some("http://one/v3/p"));
    }

    #[test]
    fn an_address_that_is_not_http_is_no_endpoint() {
        assert_eq!(catalog().endpoint(Service::Glance, Interface::Public, None), None);
    }

    #[test]
    fn versions_are_added_where_they_are_missing() {
        let cases = [
            (Service::Neutron, "http://c:9696", "http://c:9696/v2.0"),
            (Service::Neutron, "http://c/network/v2.0/", "http://c/network/v2.0/"),
            (Service::Glance, "http://c/image", "http://c/image/v2"),
            (Service::Octavia, "http://c/load-balancer/v2", "http://c/load-balancer/v2"),
            (Service::Nova, "http://c/compute/v2.1", "http://c/compute/v2.1"),
            (Service::Heat, "http://c/v1/abc", "http://c/v1/abc"),
            (Service::Glance, "http://c/vm-images", "http://c/vm-images/v2"),
        ];
        for (service, endpoint, expected) in cases {
            let url = versioned(service, &Url::parse(endpoint).unwrap());
            assert_eq!(url.as_str(), expected);
        }
    }

    #[test]
    fn keystone_is_found_from_every_usual_form() {
        for form in ["http://c/identity", "http://c/identity/", "http://c/identity/v3", "http://c/identity/v2.0/"] {
            assert_eq!(keystone_root(&Url::parse(form).unwrap()).as_str(), "http://c/identity/v3");
        }
        assert_eq!(keystone_root(&Url::parse("http://c:5000").unwrap()).as_str(), "http://c:5000/v3");
    }
}

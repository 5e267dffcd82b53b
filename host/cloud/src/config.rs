//! Where the cloud is and how to reach it. Plain values: reading files is the daemon's work.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::metrics::CloudMetrics;
use crate::service::{Interface, Service};

/// How to reach one cloud.
#[derive(Clone, Debug)]
pub struct CloudConfig {
    /// Keystone, as `[keystone_auth] auth_url` gives it. A missing version segment is added, and
    /// `/v2.0` becomes `/v3`. Every Keystone call goes here, whatever the catalogue says: this is
    /// the address that the operator knows the controller can reach.
    pub auth_url: Url,
    /// The region whose endpoints are used; any region when absent.
    pub region: Option<String>,
    /// The interface for services that have none of their own.
    pub interface: Interface,
    /// TLS settings for Keystone, and for services that have none of their own.
    pub tls: TlsConfig,
    pub timeouts: Timeouts,
    pub retries: Retries,
    /// What differs for one service, from its `[*_client]` section.
    pub services: HashMap<Service, ServiceConfig>,
    /// Where requests are counted.
    pub metrics: CloudMetrics,
}

/// What differs for one service.
#[derive(Clone, Debug, Default)]
pub struct ServiceConfig {
    /// `endpoint_type`.
    pub interface: Option<Interface>,
    /// `region_name`.
    pub region: Option<String>,
    /// Used instead of the catalogue's endpoint. It is complete: project segment included where
    /// the service has one.
    pub endpoint_override: Option<Url>,
    pub tls: Option<TlsConfig>,
}

/// TLS towards a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TlsConfig {
    /// PEM certificates that are trusted instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Accept any certificate.
    pub insecure: bool,
    /// PEM client certificate, for services that ask for one. Needs `key_file`, unless the same
    /// file holds both.
    pub cert_file: Option<PathBuf>,
    pub key_file: Option<PathBuf>,
}

/// Time limits for one attempt at one request.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    pub connect: Duration,
    /// From the first byte sent to the last byte received.
    pub request: Duration,
}

/// How calls that may be repeated are repeated.
#[derive(Clone, Copy, Debug)]
pub struct Retries {
    /// Attempts after the first.
    pub max: usize,
    /// The first pause; each later one is about twice as long, with jitter.
    pub base: Duration,
    /// The longest pause. A service that asks for a longer one gets no further attempt here, and
    /// the error carries its wish.
    pub cap: Duration,
}

impl CloudConfig {
    /// The defaults around one Keystone address.
    pub fn new(auth_url: Url) -> Self {
        Self {
            auth_url,
            region: None,
            interface: Interface::default(),
            tls: TlsConfig::default(),
            timeouts: Timeouts::default(),
            retries: Retries::default(),
            services: HashMap::new(),
            metrics: CloudMetrics::default(),
        }
    }

    pub(crate) fn interface_of(&self, service: Service) -> Interface {
        self.services.get(&service).and_then(|own| own.interface).unwrap_or(self.interface)
    }

    pub(crate) fn region_of(&self, service: Service) -> Option<&str> {
        let own = self.services.get(&service).and_then(|own| own.region.as_deref());
        own.or(self.region.as_deref())
    }

    pub(crate) fn tls_of(&self, service: Service) -> &TlsConfig {
        self.services.get(&service).and_then(|own| own.tls.as_ref()).unwrap_or(&self.tls)
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), request: Duration::from_secs(60) }
    }
}

impl Default for Retries {
    fn default() -> Self {
        Self { max: 3, base: Duration::from_millis(200), cap: Duration::from_secs(10) }
    }
}

//! One cloud, for the whole process.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use reqwest::header::HeaderValue;
use url::Url;

use crate::catalog::{self, Catalog};
use crate::config::CloudConfig;
use crate::credential::Credential;
use crate::error::CloudError;
use crate::http::{Transport, Via};
use crate::identity::Identity;
use crate::service::{Interface, Service};
use crate::session::Session;

/// The most identities whose tokens are kept. Above it the least used are forgotten, which costs
/// them one more authentication.
const MAX_IDENTITIES: u64 = 10_000;
/// How long an unused identity's token is kept.
const IDLE: Duration = Duration::from_secs(30 * 60);

/// One cloud: where it is, how to reach it, and the tokens in use. Cheap to clone, and shared.
#[derive(Clone)]
pub struct Cloud {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    config: CloudConfig,
    keystone: Url,
    pub transport: Transport,
    credentials: Cache<Identity, Arc<Credential>>,
}

impl Cloud {
    /// Reads the certificate files and prepares the clients. Nothing is sent yet.
    pub fn new(config: CloudConfig) -> Result<Self, CloudError> {
        if !matches!(config.auth_url.scheme(), "http" | "https") {
            return Err(CloudError::Config { option: "auth_url", reason: "it must begin with http:// or https://".into() });
        }
        let own = config.services.get(&Service::Keystone);
        let keystone = own.and_then(|own| own.endpoint_override.as_ref()).unwrap_or(&config.auth_url);
        Ok(Self {
            shared: Arc::new(Shared {
                keystone: catalog::keystone_root(keystone),
                transport: Transport::new(&config)?,
                credentials: Cache::builder().max_capacity(MAX_IDENTITIES).time_to_idle(IDLE).build(),
                config,
            }),
        })
    }

    /// Acts as somebody. Nothing is sent yet: the token is fetched with the first call.
    pub fn session(&self, identity: Identity) -> Session {
        let credential = self.shared.credentials.get_with_by_ref(&identity, || Arc::new(Credential::new(identity.clone())));
        Session::new(self.shared.clone(), credential)
    }

    /// Drops the token of an identity that is no more, such as a trust that was deleted.
    pub fn forget(&self, identity: &Identity) {
        self.shared.credentials.invalidate(identity);
    }

    /// Keystone's v3 root, as this process reaches it.
    pub fn auth_url(&self) -> &Url {
        &self.shared.keystone
    }

    pub fn config(&self) -> &CloudConfig {
        &self.shared.config
    }

    /// An HTTP client with this cloud's TLS settings and time limits, for an API that this crate has no calls for.
    pub fn http_client(&self) -> Result<reqwest::Client, CloudError> {
        Transport::client(&self.shared.config)
    }
}

impl Shared {
    /// The way to Keystone, before there is a token.
    pub fn keystone<'a>(&'a self, request_id: Option<&'a HeaderValue>) -> Via<'a> {
        Via { endpoint: &self.keystone, tls: self.config.tls_of(Service::Keystone), token: None, request_id }
    }

    pub fn config(&self) -> &CloudConfig {
        &self.config
    }

    /// The endpoint to call, as configured or else from the catalogue.
    pub fn endpoint(&self, service: Service, catalog: Option<&Catalog>) -> Result<Url, CloudError> {
        if service == Service::Keystone {
            return Ok(self.keystone.clone());
        }
        let own = self.config.services.get(&service);
        if let Some(url) = own.and_then(|own| own.endpoint_override.as_ref()) {
            return Ok(catalog::versioned(service, url));
        }
        let interface = self.config.interface_of(service);
        self.catalogued(service, interface, catalog).map(|url| catalog::versioned(service, &url))
    }

    /// The endpoint in the catalogue for any interface, as it stands there.
    pub fn catalogued(&self, service: Service, interface: Interface, catalog: Option<&Catalog>) -> Result<Url, CloudError> {
        let region = self.config.region_of(service);
        catalog
            .and_then(|catalog| catalog.endpoint(service, interface, region))
            .ok_or_else(|| CloudError::ServiceNotInCatalogue { service, interface, region: region.map(str::to_owned) })
    }
}

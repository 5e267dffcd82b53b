//! An identity in use.

use std::sync::Arc;

use reqwest::header::HeaderValue;
use serde::de::DeserializeOwned;
use url::Url;

use crate::barbican::Barbican;
use crate::cinder::Cinder;
use crate::cloud::Shared;
use crate::credential::{Credential, Grant};
use crate::error::CloudError;
use crate::glance::Glance;
use crate::heat::Heat;
use crate::http::{Call, Pages, Reply, Via};
use crate::keystone::{Keystone, TokenInfo};
use crate::neutron::Neutron;
use crate::nova::Nova;
use crate::octavia::Octavia;
use crate::service::{Interface, Service};
use jeroboam_model::Secret;

/// Calls to a cloud as one identity. Cheap to clone.
#[derive(Clone)]
pub struct Session {
    shared: Arc<Shared>,
    credential: Arc<Credential>,
    request_id: Option<HeaderValue>,
}

impl Session {
    pub(crate) fn new(shared: Arc<Shared>, credential: Arc<Credential>) -> Self {
        Self { shared, credential, request_id: None }
    }

    /// The same session on behalf of an API request: its id (`req-<uuid>`) goes along with each
    /// call, and appears in the logs of the services. One that cannot be a header is left out.
    pub fn with_request_id(&self, request_id: &str) -> Self {
        let request_id = crate::parse::request_id(request_id);
        Self { request_id: request_id.and_then(|id| HeaderValue::try_from(id).ok()), ..self.clone() }
    }

    /// Gets a token now, if there is none: to find out early whether the identity is good.
    /// What Keystone says of it, catalogue included.
    pub async fn token_info(&self) -> Result<TokenInfo, CloudError> {
        Ok(self.grant().await?.info.clone())
    }

    /// The token itself, for handing to a service that acts on behalf of this identity.
    pub async fn token(&self) -> Result<Secret, CloudError> {
        Ok(self.grant().await?.token.clone())
    }

    /// What this identity proves itself with, as far as that is known without asking anybody: for keeping it out of what others write.
    pub fn secrets(&self) -> Vec<Secret> {
        self.credential.secrets()
    }

    /// Whether the cloud has a service, in the region that would be used. For the services that a
    /// cloud may go without, such as Octavia.
    pub async fn has_service(&self, service: Service) -> Result<bool, CloudError> {
        let config = self.shared.config();
        let own = config.services.get(&service);
        if service == Service::Keystone || own.is_some_and(|own| own.endpoint_override.is_some()) {
            return Ok(true);
        }
        let grant = self.grant().await?;
        Ok(grant.catalog().is_some_and(|catalog| catalog.has(service, config.region_of(service))))
    }

    /// The catalogue's address of a service, unchanged: for telling others, such as cluster nodes,
    /// where it is. Calls of this session may use another interface or an override.
    pub async fn endpoint(&self, service: Service, interface: Interface) -> Result<Url, CloudError> {
        let grant = self.grant().await?;
        self.shared.catalogued(service, interface, grant.catalog())
    }

    pub fn keystone(&self) -> Keystone {
        Keystone::new(self.clone())
    }

    pub fn heat(&self) -> Heat {
        Heat::new(self.clone())
    }

    pub fn glance(&self) -> Glance {
        Glance::new(self.clone())
    }

    pub fn nova(&self) -> Nova {
        Nova::new(self.clone())
    }

    pub fn neutron(&self) -> Neutron {
        Neutron::new(self.clone())
    }

    pub fn cinder(&self) -> Cinder {
        Cinder::new(self.clone())
    }

    pub fn octavia(&self) -> Octavia {
        Octavia::new(self.clone())
    }

    pub fn barbican(&self) -> Barbican {
        Barbican::new(self.clone())
    }

    /// Sends a call with this identity's token; once more with another token when it is rejected.
    pub(crate) async fn call(&self, call: Call) -> Result<Reply, CloudError> {
        let grant = self.grant().await?;
        match self.send(&call, &grant).await {
            Err(error) if error.is_rejected_token() => {
                match self.credential.renew(&self.shared, self.request_id.as_ref(), &grant).await? {
                    Some(grant) => self.send(&call, &grant).await,
                    None => Err(error),
                }
            }
            outcome => outcome,
        }
    }

    /// Sends a call that deletes: what is not there is deleted.
    pub(crate) async fn call_delete(&self, call: Call) -> Result<(), CloudError> {
        match self.call(call).await {
            Err(error) if !error.is_not_found() => Err(error),
            _ => Ok(()),
        }
    }

    /// Sends a call that shows one object under a name; nothing when it is not there.
    pub(crate) async fn call_show<T: DeserializeOwned>(&self, call: Call, member: &str) -> Result<Option<T>, CloudError> {
        match self.call(call).await {
            Ok(reply) => reply.member(member).map(Some),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sends a call that lists, for each page of the list.
    pub(crate) async fn call_list<T: DeserializeOwned>(
        &self,
        call: Call,
        collection: &'static str,
    ) -> Result<Vec<T>, CloudError> {
        let mut pages = Pages::new(collection);
        loop {
            let (limit, marker) = pages.query();
            let page = call.clone().query("limit", limit).query_opt("marker", marker);
            if !pages.take(&self.call(page).await?)? {
                return Ok(pages.into_items());
            }
        }
    }

    async fn grant(&self) -> Result<Arc<Grant>, CloudError> {
        self.credential.grant(&self.shared, self.request_id.as_ref()).await
    }

    async fn send(&self, call: &Call, grant: &Grant) -> Result<Reply, CloudError> {
        let endpoint = self.shared.endpoint(call.service, grant.catalog())?;
        let via = Via {
            endpoint: &endpoint,
            tls: self.shared.config().tls_of(call.service),
            token: Some(&grant.header),
            request_id: self.request_id.as_ref(),
        };
        self.shared.transport.send(call, via).await
    }
}

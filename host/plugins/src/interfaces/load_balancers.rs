//! `load-balancers`: Octavia load balancers that this cluster's controllers made.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::owned::Owned;
use crate::{
    Interface, Phase,
    bindings::jeroboam::coe::load_balancers as wit,
    phase::Rule,
    source::{HostError, Nothing, SourceError},
    state::CallState,
};

/// Where [`load_balancers`](self) are listed and deleted. A source is made for one cluster, and lists nothing that is not the
/// cluster's.
#[async_trait]
pub trait LoadBalancers: Send + Sync {
    async fn list_owned(&self) -> Result<Vec<LoadBalancer>, SourceError>;

    /// Asks for a deletion. What is gone, or going, is `Ok`.
    async fn delete(&self, id: &str) -> Result<(), SourceError>;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadBalancer {
    pub id: String,
    pub name: String,
    pub description: String,
    pub provisioning_status: String,
    pub vip_port_id: Option<String>,
}

pub(crate) const fn rule(phase: Phase) -> Rule {
    if matches!(phase, Phase::BeforeDelete) { Rule::Allow } else { Rule::Trap }
}

impl wit::Host for CallState {
    async fn list_owned(&mut self) -> Result<Vec<wit::LoadBalancer>, HostError> {
        let source = self.sources.load_balancers.clone();
        let owned = CallState::list_owned(self, Interface::LoadBalancers, async move { source.list_owned().await }).await?;
        Ok(owned.into_iter().map(Into::into).collect())
    }

    async fn delete(&mut self, id: String) -> Result<(), HostError> {
        let (lister, deleter) = (self.sources.load_balancers.clone(), self.sources.load_balancers.clone());
        let target = id.clone();
        self.delete_owned(Interface::LoadBalancers, id, async move { lister.list_owned().await }, async move {
            deleter.delete(&target).await
        })
        .await
    }
}

impl Owned for LoadBalancer {
    fn id(&self) -> &str {
        &self.id
    }
}

impl From<LoadBalancer> for wit::LoadBalancer {
    fn from(owned: LoadBalancer) -> Self {
        Self {
            id: owned.id,
            name: owned.name,
            description: owned.description,
            provisioning_status: owned.provisioning_status,
            vip_port_id: owned.vip_port_id,
        }
    }
}

#[async_trait]
impl LoadBalancers for Nothing {
    async fn list_owned(&self) -> Result<Vec<LoadBalancer>, SourceError> {
        Self::denied()
    }
    async fn delete(&self, _: &str) -> Result<(), SourceError> {
        Self::denied()
    }
}

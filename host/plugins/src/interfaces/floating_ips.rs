//! `floating-ips`: floating IPs that this cluster's controllers made.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::owned::Owned;
use crate::{
    Interface, Phase,
    bindings::jeroboam::coe::floating_ips as wit,
    phase::Rule,
    source::{HostError, Nothing, SourceError},
    state::CallState,
};

/// Where [`floating_ips`](self) are listed and deleted. A source is made for one cluster, and lists nothing that is not the
/// cluster's.
#[async_trait]
pub trait FloatingIps: Send + Sync {
    async fn list_owned(&self) -> Result<Vec<FloatingIp>, SourceError>;

    /// Asks for a deletion. What is gone, or going, is `Ok`.
    async fn delete(&self, id: &str) -> Result<(), SourceError>;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FloatingIp {
    pub id: String,
    pub address: String,
    pub description: String,
    pub port_id: Option<String>,
}

pub(crate) const fn rule(phase: Phase) -> Rule {
    if matches!(phase, Phase::BeforeDelete) { Rule::Allow } else { Rule::Trap }
}

impl wit::Host for CallState {
    async fn list_owned(&mut self) -> Result<Vec<wit::FloatingIp>, HostError> {
        let source = self.sources.floating_ips.clone();
        let owned = CallState::list_owned(self, Interface::FloatingIps, async move { source.list_owned().await }).await?;
        Ok(owned.into_iter().map(Into::into).collect())
    }

    async fn delete(&mut self, id: String) -> Result<(), HostError> {
        let (lister, deleter) = (self.sources.floating_ips.clone(), self.sources.floating_ips.clone());
        let target = id.clone();
        self.delete_owned(Interface::FloatingIps, id, async move { lister.list_owned().await }, async move {
            deleter.delete(&target).await
        })
        .await
    }
}

impl Owned for FloatingIp {
    fn id(&self) -> &str {
        &self.id
    }
}

impl From<FloatingIp> for wit::FloatingIp {
    fn from(owned: FloatingIp) -> Self {
        Self { id: owned.id, address: owned.address, description: owned.description, port_id: owned.port_id }
    }
}

#[async_trait]
impl FloatingIps for Nothing {
    async fn list_owned(&self) -> Result<Vec<FloatingIp>, SourceError> {
        Self::denied()
    }
    async fn delete(&self, _: &str) -> Result<(), SourceError> {
        Self::denied()
    }
}

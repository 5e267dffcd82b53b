//! `volumes`: Cinder volumes that this cluster's controllers made.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::owned::Owned;
use crate::{
    Interface, Phase,
    bindings::jeroboam::coe::volumes as wit,
    phase::Rule,
    source::{HostError, Nothing, SourceError},
    state::CallState,
};

/// Where [`volumes`](self) are listed and deleted. A source is made for one cluster, and lists nothing that is not the
/// cluster's.
#[async_trait]
pub trait Volumes: Send + Sync {
    async fn list_owned(&self) -> Result<Vec<Volume>, SourceError>;

    /// Asks for a deletion. What is gone, or going, is `Ok`.
    async fn delete(&self, id: &str) -> Result<(), SourceError>;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    pub id: String,
    pub name: String,
    pub size: u32,
    pub status: String,
}

pub(crate) const fn rule(phase: Phase) -> Rule {
    if matches!(phase, Phase::BeforeDelete) { Rule::Allow } else { Rule::Trap }
}

impl wit::Host for CallState {
    async fn list_owned(&mut self) -> Result<Vec<wit::Volume>, HostError> {
        let source = self.sources.volumes.clone();
        let owned = CallState::list_owned(self, Interface::Volumes, async move { source.list_owned().await }).await?;
        Ok(owned.into_iter().map(Into::into).collect())
    }

    async fn delete(&mut self, id: String) -> Result<(), HostError> {
        let (lister, deleter) = (self.sources.volumes.clone(), self.sources.volumes.clone());
        let target = id.clone();
        self.delete_owned(Interface::Volumes, id, async move { lister.list_owned().await }, async move {
            deleter.delete(&target).await
        })
        .await
    }
}

impl Owned for Volume {
    fn id(&self) -> &str {
        &self.id
    }
}

impl From<Volume> for wit::Volume {
    fn from(owned: Volume) -> Self {
        Self { id: owned.id, name: owned.name, size: owned.size, status: owned.status }
    }
}

#[async_trait]
impl Volumes for Nothing {
    async fn list_owned(&self) -> Result<Vec<Volume>, SourceError> {
        Self::denied()
    }
    async fn delete(&self, _: &str) -> Result<(), SourceError> {
        Self::denied()
    }
}

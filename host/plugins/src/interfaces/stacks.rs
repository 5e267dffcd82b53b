//! `stacks`: reads of this cluster's own Heat stacks.

use async_trait::async_trait;
use jeroboam_model::driver::StackScope;
use serde::{Deserialize, Serialize};

use crate::{
    Interface, Phase,
    bindings::jeroboam::coe::{stacks as wit, types},
    phase::Rule,
    source::{HostError, Nothing, SourceError},
    state::CallState,
};

/// The deepest level of nesting that a driver may list.
const DEPTH_MAX: u32 = 5;

/// Where [`stacks`](self) are read. A source is made for one cluster, and sees its stacks only.
#[async_trait]
pub trait Stacks: Send + Sync {
    async fn list_outputs(&self, scope: StackScope) -> Result<Vec<(String, serde_json::Value)>, SourceError>;

    /// Resources down to `depth` levels of nesting (0: the stack's own).
    async fn list_resources(&self, scope: StackScope, depth: u32) -> Result<Vec<StackResource>, SourceError>;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackResource {
    pub name: String,
    pub resource_type: String,
    pub status: String,
    pub status_reason: String,
    pub physical_id: String,
    pub parent: Option<String>,
}

pub(crate) const fn rule(phase: Phase) -> Rule {
    match phase {
        Phase::PickRemovals | Phase::ReadStack | Phase::BeforeDelete | Phase::CheckHealth => Rule::Allow,
        #[cfg(feature = "coe-0-3")]
        Phase::RepairNodes => Rule::Allow,
        _ => Rule::Trap,
    }
}

impl wit::Host for CallState {
    async fn list_outputs(&mut self, scope: types::StackScope) -> Result<Vec<wit::Output>, HostError> {
        self.enter(Interface::Stacks, true, 0)?;
        let scope = self.scope(&scope)?;
        let outputs = self.sources.stacks.clone().list_outputs(scope).await?;
        self.received(&outputs)?;
        // A template may have let a secret slip into an output.
        Ok(outputs.into_iter().map(|(name, value)| (name, self.about.redactor.redact(&value.to_string()))).collect())
    }

    async fn list_resources(&mut self, scope: types::StackScope, depth: u32) -> Result<Vec<wit::StackResource>, HostError> {
        self.enter(Interface::Stacks, true, 0)?;
        let scope = self.scope(&scope)?;
        let resources = self.sources.stacks.clone().list_resources(scope, depth.min(DEPTH_MAX)).await?;
        self.received(&resources)?;
        Ok(resources.into_iter().map(Into::into).collect())
    }
}

impl From<StackResource> for wit::StackResource {
    fn from(resource: StackResource) -> Self {
        Self {
            name: resource.name,
            resource_type: resource.resource_type,
            status: resource.status,
            status_reason: resource.status_reason,
            physical_id: resource.physical_id,
            parent: resource.parent,
        }
    }
}

#[async_trait]
impl Stacks for Nothing {
    async fn list_outputs(&self, _: StackScope) -> Result<Vec<(String, serde_json::Value)>, SourceError> {
        Self::denied()
    }
    async fn list_resources(&self, _: StackScope, _: u32) -> Result<Vec<StackResource>, SourceError> {
        Self::denied()
    }
}

//! Signals from nodes: the URLs they go to, and where they arrive.

use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Context, Engine, ResourceKind, control::Control};
use crate::heat::error::{ErrorKind, HeatError, Result};

/// What a signal of the engine's own says, so that nobody takes it for a node's.
pub const SIMULATED: &str = "signalled by the simulated node";

impl Engine {
    /// The signature in the signal URL of a resource.
    #[must_use]
    pub fn signature(&self, stack: &str, resource: &str) -> String {
        let secret = self.read(|state| state.secret.clone());
        let digest = Sha256::digest(format!("{secret}/{stack}/{resource}/{secret}"));
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A URL that takes signals without a token.
    #[must_use]
    pub fn signal_url(&self, stack: &str, resource: &str) -> String {
        let (project, name) = self
            .read(|state| state.stacks.get(stack).map(|stack| (stack.owner.project_id.clone(), stack.name.clone())))
            .unwrap_or_default();
        format!(
            "{}/{project}/stacks/{name}/{stack}/resources/{}/signal?Signature={}",
            self.endpoint(),
            percent_encoding::utf8_percent_encode(resource, percent_encoding::NON_ALPHANUMERIC),
            self.signature(stack, resource)
        )
    }

    /// Hands a signal to the resource it is for.
    pub async fn signal(self: &Arc<Self>, stack: &str, resource: &str, details: &Value) -> Result<Value> {
        let found = self.read(|state| {
            let stack = state.stacks.get(stack).filter(|stack| stack.is_live())?;
            Some((stack.name.clone(), stack.blueprint.clone(), stack.resources.get(resource).cloned()))
        });
        let (name, blueprint, found) = found.ok_or_else(|| HeatError::not_found("Stack", stack))?;
        let found = found.ok_or_else(|| missing(resource, &name))?;
        let Some(ResourceKind::Plugin(plugin)) = ResourceKind::existing(&blueprint, &found.resolved) else {
            return Err(HeatError::new(ErrorKind::NotSupported, "Signal resource is not supported."));
        };
        let cx = Context::new(self.clone(), Control::default(), stack, &found);
        let answer = plugin.signal(&cx, details).await.map_err(|message| HeatError::new(ErrorKind::BadRequest, message))?;
        self.signalled();
        Ok(answer)
    }
}

/// The error for a resource that its stack does not have.
pub fn missing(resource: &str, stack: &str) -> HeatError {
    HeatError::new(ErrorKind::ResourceNotFound, format!("The Resource ({resource}) could not be found in Stack {stack}."))
}

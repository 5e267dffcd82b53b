//! Actions that look or switch: check, suspend, resume.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::json;

use super::{
    Context, Engine, ResourceKind,
    control::Control,
    state::{Action, Resource, Status},
};
use crate::{heat::error::Failure, services::Kind};

impl Engine {
    /// Looks whether every object is there and well.
    pub(crate) fn check_all<'a>(self: &'a Arc<Self>, stack: &'a str, control: &'a Control) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            let mut first = Ok(());
            for resource in self.members(stack) {
                let cx = Context::new(self.clone(), control.clone(), stack, &resource);
                let outcome = self.check_one(stack, &cx, &resource).await;
                let outcome = self.finish(&cx, Action::Check, outcome);
                if first.is_ok() {
                    first = outcome;
                }
            }
            first
        })
    }

    async fn check_one(self: &Arc<Self>, stack: &str, cx: &Context, resource: &Resource) -> Result<(), Failure> {
        let blueprint = self.read(|state| state.stacks.get(stack).map(|stack| stack.blueprint.clone()));
        let Some(kind) = blueprint.and_then(|blueprint| ResourceKind::existing(&blueprint, &resource.resolved)) else {
            return Ok(());
        };
        let Some(id) = &resource.physical_id else { return Ok(()) };
        match kind {
            kind if kind.is_nested() => self.perform(id, Action::Check, &cx.control).await,
            ResourceKind::Plugin(plugin) => match plugin.kind() {
                None => Ok(()),
                Some(kind) => {
                    let shown = self.services().show(cx.scope(), kind, id).await?;
                    let status = shown.get("status").and_then(serde_json::Value::as_str).unwrap_or_default();
                    if status == "ERROR" {
                        return Err(Failure::new("Error", "'status': expected ACTIVE, got ERROR"));
                    }
                    Ok(())
                }
            },
            ResourceKind::Template { .. } => Ok(()),
        }
    }

    /// Suspends or resumes servers.
    pub(crate) fn switch_all<'a>(
        self: &'a Arc<Self>,
        stack: &'a str,
        action: Action,
        control: &'a Control,
    ) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            for resource in self.members(stack) {
                let cx = Context::new(self.clone(), control.clone(), stack, &resource);
                let nested = resource.physical_id.clone().filter(|id| self.read(|state| state.stacks.contains_key(id)));
                let outcome = match (&nested, &resource.physical_id) {
                    (Some(child), _) => self.perform(child, action, control).await,
                    (None, Some(id)) if resource.resolved == "OS::Nova::Server" => {
                        let verb = if action == Action::Suspend { "suspend" } else { "resume" };
                        self.services()
                            .act(cx.scope(), Kind::Server, id, verb, json!(null))
                            .await
                            .map(drop)
                            .map_err(Failure::from)
                    }
                    _ => Ok(()),
                };
                self.finish(&cx, action, outcome)?;
            }
            Ok(())
        })
    }

    fn members(&self, stack: &str) -> Vec<Resource> {
        self.read(|state| {
            let members = state.stacks.get(stack).map(|stack| stack.resources.values());
            members.into_iter().flatten().filter(|resource| resource.status != Status::InProgress).cloned().collect()
        })
    }
}

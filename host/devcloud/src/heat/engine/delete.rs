//! Removing resources, each after those that need it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures::future::BoxFuture;

use super::{
    Context, Engine, ResourceKind,
    control::Control,
    graph::Graph,
    state::{Action, Resource, Status},
};
use crate::{faults, heat::error::Failure};

impl Engine {
    /// Removes every resource of a stack.
    pub(crate) fn delete_all<'a>(
        self: &'a Arc<Self>,
        stack: &'a str,
        control: &'a Control,
    ) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            let doomed = self.read(|state| {
                let stack = state.stacks.get(stack)?;
                Some(stack.resources.values().chain(&stack.backups).cloned().collect::<Vec<_>>())
            });
            self.delete_some(stack, doomed.unwrap_or_default(), control).await
        })
    }

    /// Removes what an update has replaced or dropped.
    pub(crate) async fn delete_backups(self: &Arc<Self>, stack: &str, control: &Control) -> Result<(), Failure> {
        let doomed = self.read(|state| state.stacks.get(stack).map(|stack| stack.backups.clone()));
        self.delete_some(stack, doomed.unwrap_or_default(), control).await
    }

    async fn delete_some(self: &Arc<Self>, stack: &str, doomed: Vec<Resource>, control: &Control) -> Result<(), Failure> {
        let mut named: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for resource in &doomed {
            named.entry(&resource.name).or_default().push(&resource.uuid);
        }
        let requires = doomed
            .iter()
            .map(|resource| {
                let needed: BTreeSet<String> = resource
                    .requires
                    .iter()
                    .filter_map(|name| named.get(name.as_str()))
                    .flatten()
                    .map(|uuid| (*uuid).to_owned())
                    .collect();
                (resource.uuid.clone(), needed)
            })
            .collect();
        Graph::new(requires).reversed().run(control, |uuid, control| self.delete_one(stack, uuid, control)).await
    }

    async fn delete_one(self: &Arc<Self>, stack: &str, uuid: String, control: Control) -> Result<(), Failure> {
        let found = self.read(|state| {
            let stack = state.stacks.get(stack)?;
            Some((stack.blueprint.clone(), stack.previous.clone(), stack.resource(&uuid)?.clone()))
        });
        let Some((blueprint, previous, resource)) = found else { return Ok(()) };
        self.write(|state| {
            if let Some(stack) = state.stacks.get_mut(stack) {
                stack.set_resource_status(&uuid, Action::Delete, Status::InProgress, "state changed");
            }
        });
        let cx = Context::new(self.clone(), control, stack, &resource);
        let kind = ResourceKind::existing(&blueprint, &resource.resolved)
            .or_else(|| previous.and_then(|previous| ResourceKind::existing(&previous, &resource.resolved)));
        let outcome = self.delete_steps(&cx, &resource, kind.as_ref()).await;
        let gone = outcome.is_ok();
        self.finish(&cx, Action::Delete, outcome)?;
        if gone {
            self.write(|state| {
                if let Some(stack) = state.stacks.get_mut(stack) {
                    stack.resources.retain(|_, resource| resource.uuid != uuid);
                    stack.backups.retain(|resource| resource.uuid != uuid);
                }
            });
        }
        Ok(())
    }

    async fn delete_steps(
        self: &Arc<Self>,
        cx: &Context,
        resource: &Resource,
        kind: Option<&ResourceKind>,
    ) -> Result<(), Failure> {
        cx.control.check()?;
        self.fault(resource, faults::Action::Delete)?;
        if resource.retain {
            return Ok(());
        }
        // A nested stack is known by its id, also when its template is gone.
        let child = resource.physical_id.clone().filter(|id| self.read(|state| state.stacks.contains_key(id)));
        if let Some(child) = child {
            self.write(|state| {
                if let Some(stack) = state.stacks.get_mut(&child).filter(|stack| stack.is_live()) {
                    stack.set_status(Action::Delete, Status::InProgress, "Stack DELETE started");
                }
            });
            return self.perform(&child, Action::Delete, &cx.control).await;
        }
        match kind {
            Some(ResourceKind::Plugin(plugin)) => plugin.delete(cx).await,
            _ => Ok(()),
        }
    }
}

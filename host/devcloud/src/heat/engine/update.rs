//! Changing a stack: what is new is made, what changed is changed in place or replaced, what is gone is removed.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Map, Value};

use super::{
    Context, Engine, ResourceKind,
    control::Control,
    plan::Plan,
    state::{Action, Resource, Status},
};
use crate::{
    faults,
    heat::{
        error::Failure,
        hot::template::DeletionPolicy,
        resources::plugin::{Plugin, Properties, Updated},
    },
};

/// What an update does to a resource.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Nothing,
    InPlace(Properties),
    Replace,
    /// A property that may not change.
    Refused(String),
}

/// Decides between in-place and replacement, by the table of the type.
pub fn decide(plugin: &dyn Plugin, before: &Properties, after: &Properties) -> Change {
    let mut changed = Map::new();
    let mut replace = false;
    for property in plugin.properties() {
        let (old, new) = (before.get(property.name), after.get(property.name));
        if old.filter(|value| !value.is_null()) == new.filter(|value| !value.is_null()) {
            continue;
        }
        if property.immutable {
            return Change::Refused(format!("Update to property {} of {} is not allowed", property.name, plugin.name()));
        }
        replace |= !property.updatable;
        changed.insert(property.name.to_owned(), new.cloned().unwrap_or(Value::Null));
    }
    if changed.is_empty() {
        Change::Nothing
    } else if replace || plugin.needs_replacement(before, after) {
        Change::Replace
    } else {
        Change::InPlace(changed)
    }
}

impl Engine {
    /// Brings a stack to its blueprint. Can be called again after it was interrupted.
    pub(crate) fn update_all<'a>(
        self: &'a Arc<Self>,
        stack: &'a str,
        control: &'a Control,
    ) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            let plan = self.plan(stack)?;
            plan.graph.run(control, |name, control| self.update_one(stack, &plan, name, control)).await?;
            self.write(|state| {
                let Some(stack) = state.stacks.get_mut(stack) else { return };
                let dropped: Vec<String> = stack.resources.keys().filter(|name| !plan.has(name)).cloned().collect();
                for name in dropped {
                    stack.backups.extend(stack.resources.remove(&name));
                }
            });
            self.delete_backups(stack, control).await
        })
    }

    async fn update_one(self: &Arc<Self>, stack: &str, plan: &Plan, name: String, control: Control) -> Result<(), Failure> {
        let existing = self.read(|state| state.stacks.get(stack)?.resources.get(&name).cloned());
        let (Some(existing), Some(definition)) = (existing, plan.blueprint.definition(&name)) else {
            return self.create_one(stack, plan, name, control).await;
        };
        let resuming_create = existing.action == Action::Create && existing.status == Status::InProgress;
        if resuming_create {
            return self.create_one(stack, plan, name, control).await;
        }
        let cx = Context::new(self.clone(), control.clone(), stack, &existing);
        let resolved = plan.blueprint.environment.resolve(&definition.kind, &name);
        let kind = ResourceKind::resolve(&plan.blueprint, &definition.kind, &name)
            .map_err(|error| Failure::from(error).within(&name))?;
        let keeps_type = resolved == existing.resolved
            || kind.is_nested()
                && super::super::hot::environment::is_template(&existing.resolved)
                && definition.kind == existing.kind;
        let keeps_object = keeps_type
            && (existing.is_usable() || kind.is_nested() && existing.physical_id.is_some() && existing.action != Action::Check);
        if !keeps_object {
            return self.replace(&cx, plan, &existing, control).await;
        }
        let outcome = self.update_steps(&cx, plan, &existing, &kind, resolved).await;
        match outcome {
            Ok(Step::Unchanged) => Ok(()),
            Ok(Step::Updated) => self.finish(&cx, Action::Update, Ok(())),
            Ok(Step::Replace) => self.replace(&cx, plan, &existing, control).await,
            Err(failure) => self.finish(&cx, Action::Update, Err(failure)),
        }
    }

    async fn update_steps(
        self: &Arc<Self>,
        cx: &Context,
        plan: &Plan,
        existing: &Resource,
        kind: &ResourceKind,
        resolved: String,
    ) -> Result<Step, Failure> {
        cx.control.check()?;
        let Some(definition) = plan.blueprint.definition(&existing.name) else { return Ok(Step::Unchanged) };
        let (properties, metadata) = self.properties(cx, &plan.blueprint, definition, kind).await?;
        self.write(|state| {
            if let Some(resource) = state.stacks.get_mut(cx.stack_id()).and_then(|stack| stack.resource_mut(cx.uuid())) {
                resource.requires = plan.graph.requirements(&existing.name);
                resource.retain = definition.deletion_policy == DeletionPolicy::Retain;
                definition.kind.clone_into(&mut resource.kind);
                resource.resolved = resolved;
            }
        });
        let started = || {
            self.write(|state| {
                if let Some(stack) = state.stacks.get_mut(cx.stack_id()) {
                    stack.set_resource_status(cx.uuid(), Action::Update, Status::InProgress, "state changed");
                }
            });
        };
        let plugin = match kind {
            ResourceKind::Plugin(plugin) if plugin.nested().is_none() => *plugin,
            _ => {
                started();
                self.fault(existing, faults::Action::Update)?;
                let policy = self.evaluate_in(cx.stack_id(), &plan.blueprint, &definition.update_policy).await?;
                self.update_nested(cx, &plan.blueprint, kind, &properties, &policy).await?;
                self.apply(cx, &properties, metadata);
                self.settle(cx, kind).await?;
                return Ok(Step::Updated);
            }
        };
        let change = decide(plugin, &existing.properties, &properties);
        let unfinished = existing.action == Action::Update && existing.status != Status::Complete;
        match change {
            Change::Refused(reason) => Err(Failure::new("NotSupported", reason)),
            Change::Replace => Ok(Step::Replace),
            Change::Nothing if metadata == existing.metadata && !unfinished => Ok(Step::Unchanged),
            Change::Nothing => {
                started();
                self.apply(cx, &properties, metadata);
                self.settle(cx, kind).await?;
                Ok(Step::Updated)
            }
            Change::InPlace(changed) => {
                started();
                self.fault(existing, faults::Action::Update)?;
                if plugin.update(cx, &properties, &changed).await? == Updated::Replace {
                    return Ok(Step::Replace);
                }
                self.settle(cx, kind).await?;
                self.apply(cx, &properties, metadata);
                Ok(Step::Updated)
            }
        }
    }

    /// Makes a resource anew; the old one is removed when everything else is done.
    async fn replace(self: &Arc<Self>, cx: &Context, plan: &Plan, existing: &Resource, control: Control) -> Result<(), Failure> {
        if let Some(ResourceKind::Plugin(plugin)) = ResourceKind::existing(&plan.blueprint, &existing.resolved) {
            let prepared = plugin.prepare_replacement(cx).await;
            if prepared.is_err() {
                return self.finish(cx, Action::Update, prepared);
            }
        }
        self.write(|state| {
            if let Some(stack) = state.stacks.get_mut(cx.stack_id()) {
                stack.backups.extend(stack.resources.remove(&existing.name));
            }
        });
        self.create_one(cx.stack_id(), plan, existing.name.clone(), control).await
    }
}

enum Step {
    Unchanged,
    Updated,
    Replace,
}

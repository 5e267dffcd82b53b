//! Making the resources of a stack.

use std::{collections::BTreeSet, sync::Arc};

use futures::future::BoxFuture;
use serde_json::{Map, Value};

use super::{
    Context, Engine, ResourceKind,
    blueprint::Blueprint,
    control::Control,
    plan::Plan,
    scope::Identity,
    state::{Action, Resource, Status},
};
use crate::{
    faults,
    heat::{
        error::{Failure, HeatError},
        hot::{
            Expression,
            template::{DeletionPolicy, ResourceDefinition},
        },
        resources::{
            plugin::{Plugin, Properties},
            schema,
        },
    },
};

impl Failure {
    /// The same, seen from the stack around the resource.
    #[must_use]
    pub fn within(mut self, resource: &str) -> Self {
        let number = !resource.is_empty() && resource.chars().all(|digit| digit.is_ascii_digit());
        let place = if number { format!("resources[{resource}]") } else { format!("resources.{resource}") };
        self.origin = Some(match self.origin {
            Some(inner) => format!("{place}.{inner}"),
            None => place,
        });
        self
    }

    /// As status reasons have it.
    #[must_use]
    pub fn described(&self) -> String {
        match &self.origin {
            Some(origin) => format!("{}: {origin}: {}", self.class, self.reason),
            None => format!("{}: {}", self.class, self.reason),
        }
    }
}

impl Engine {
    pub(crate) fn plan(&self, stack: &str) -> Result<Plan, Failure> {
        let found = self.read(|state| state.stacks.get(stack).map(|stack| (stack.blueprint.clone(), Identity::of(stack))));
        let (blueprint, identity) = found.ok_or_else(|| HeatError::not_found("Stack", stack))?;
        Ok(Plan::new(&blueprint, &identity)?)
    }

    /// Makes what is not there yet. Can be called again after it was interrupted.
    pub(crate) fn create_all<'a>(
        self: &'a Arc<Self>,
        stack: &'a str,
        control: &'a Control,
    ) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            let plan = self.plan(stack)?;
            plan.graph.run(control, |name, control| self.create_one(stack, &plan, name, control)).await
        })
    }

    /// Makes one resource, and records how that went.
    pub(crate) async fn create_one(
        self: &Arc<Self>,
        stack: &str,
        plan: &Plan,
        name: String,
        control: Control,
    ) -> Result<(), Failure> {
        let Some(definition) = plan.blueprint.definition(&name) else { return Ok(()) };
        let existing = self.read(|state| state.stacks.get(stack)?.resources.get(&name).cloned());
        let (resource, fresh) = match existing {
            Some(found) if found.action == Action::Create && found.status == Status::Complete => return Ok(()),
            Some(found)
                if found.action == Action::Create && found.status == Status::InProgress && found.physical_id.is_some() =>
            {
                (found, false)
            }
            Some(found) if found.is_usable() => return Ok(()),
            _ => (self.new_resource(stack, &plan.blueprint, definition, plan.graph.requirements(&name)), true),
        };
        let cx = Context::new(self.clone(), control, stack, &resource);
        let outcome = self.create_steps(&cx, &plan.blueprint, definition, &resource, fresh).await;
        self.finish(&cx, Action::Create, outcome)
    }

    fn new_resource(
        &self,
        stack: &str,
        blueprint: &Blueprint,
        definition: &ResourceDefinition,
        requires: BTreeSet<String>,
    ) -> Resource {
        let resolved = blueprint.environment.resolve(&definition.kind, &definition.name);
        let mut resource = Resource::new(&definition.name, &definition.kind, &resolved);
        resource.requires = requires;
        resource.retain = definition.deletion_policy == DeletionPolicy::Retain;
        definition.description.clone_into(&mut resource.description);
        let uuid = resource.uuid.clone();
        self.write(|state| {
            if let Some(stack) = state.stacks.get_mut(stack) {
                stack.resources.insert(resource.name.clone(), resource.clone());
                stack.set_resource_status(&uuid, Action::Create, Status::InProgress, "state changed");
            }
        });
        resource
    }

    async fn create_steps(
        self: &Arc<Self>,
        cx: &Context,
        blueprint: &Blueprint,
        definition: &ResourceDefinition,
        resource: &Resource,
        fresh: bool,
    ) -> Result<(), Failure> {
        cx.control.check()?;
        let kind = ResourceKind::resolve(blueprint, &definition.kind, &definition.name)?;
        if fresh {
            let (properties, metadata) = self.properties(cx, blueprint, definition, &kind).await?;
            self.apply(cx, &properties, metadata);
            self.fault(resource, faults::Action::Create)?;
            match &kind {
                ResourceKind::Plugin(plugin) if plugin.nested().is_none() => plugin.create(cx, &properties).await?,
                _ => self.create_nested(cx, blueprint, definition, &kind, &properties).await?,
            }
        }
        if kind.is_nested() {
            let child = cx.physical_id().unwrap_or_default();
            self.perform(&child, Action::Create, &cx.control).await?;
        }
        self.settle(cx, &kind).await
    }

    /// Waits until the resource is as it should be, and keeps what refers to it.
    pub(crate) async fn settle(self: &Arc<Self>, cx: &Context, kind: &ResourceKind) -> Result<(), Failure> {
        let reference = match kind {
            ResourceKind::Plugin(plugin) => {
                let mut wait = cx.waiting();
                while !plugin.ready(cx).await? {
                    wait.again().await?;
                }
                plugin.reference(cx).await?
            }
            ResourceKind::Template { .. } => self.template_reference(cx).await?,
        };
        self.write(|state| {
            if let Some(resource) = state.stacks.get_mut(cx.stack_id()).and_then(|stack| stack.resource_mut(cx.uuid())) {
                resource.reference = Some(reference);
            }
        });
        Ok(())
    }

    /// Evaluates a definition's properties and metadata, and checks them against the type.
    pub(crate) async fn properties(
        self: &Arc<Self>,
        cx: &Context,
        blueprint: &Blueprint,
        definition: &ResourceDefinition,
        kind: &ResourceKind,
    ) -> Result<(Properties, Value), Failure> {
        let whole = Expression::Map(definition.properties.clone());
        let given = match self.evaluate_in(cx.stack_id(), blueprint, &whole).await? {
            Value::Object(given) => given,
            _ => Map::new(),
        };
        let metadata = self.evaluate_in(cx.stack_id(), blueprint, &definition.metadata).await?;
        let properties = match kind {
            ResourceKind::Plugin(plugin) => self.checked(cx, *plugin, &given).await?,
            ResourceKind::Template { .. } => given.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        };
        Ok((properties, metadata))
    }

    async fn checked(&self, cx: &Context, plugin: &dyn Plugin, given: &Properties) -> Result<Properties, Failure> {
        let place = |path: &str| if path.is_empty() { "properties".to_owned() } else { format!("properties.{path}") };
        if plugin.has_open_properties() {
            return Ok(given.clone());
        }
        let mut named = Vec::new();
        let properties = schema::read(plugin.properties(), given, "", &mut named).map_err(|(path, message)| {
            Failure::new("StackValidationFailed", format!("Property error: {}: {message}", place(&path)))
        })?;
        plugin.validate(&properties).map_err(|message| Failure::new("StackValidationFailed", message))?;
        for object in named {
            self.wanted(cx.scope(), object.kind, object.entity, &object.value).await.map_err(|message| {
                Failure::new("StackValidationFailed", format!("Property error: {}: {message}", place(&object.path)))
            })?;
        }
        Ok(properties)
    }

    /// Records what is about to be applied.
    pub(crate) fn apply(&self, cx: &Context, properties: &Properties, metadata: Value) {
        self.write(|state| {
            if let Some(resource) = state.stacks.get_mut(cx.stack_id()).and_then(|stack| stack.resource_mut(cx.uuid())) {
                properties.clone_into(&mut resource.properties);
                resource.metadata = metadata;
            }
        });
    }

    /// The failure that was asked for, if one was.
    pub(crate) fn fault(&self, resource: &Resource, action: faults::Action) -> Result<(), Failure> {
        let asked = self.faults().resource(&resource.kind, &resource.name, action).or_else(|| {
            (resource.resolved != resource.kind).then(|| self.faults().resource(&resource.resolved, &resource.name, action))?
        });
        match asked {
            None => Ok(()),
            Some(reason) => {
                // A reason may open with the class that Heat would name.
                let (class, reason) = match reason.split_once(": ") {
                    Some((class, rest)) if class.chars().all(char::is_alphanumeric) => (class.to_owned(), rest.to_owned()),
                    _ => ("ResourceInError".to_owned(), reason),
                };
                Err(Failure::new(&class, reason))
            }
        }
    }

    /// Records the outcome of an action on a resource.
    pub(crate) fn finish(&self, cx: &Context, action: Action, outcome: Result<(), Failure>) -> Result<(), Failure> {
        let outcome = outcome.map_err(|failure| failure.within(cx.name()));
        let (status, reason) = match &outcome {
            Ok(()) => (Status::Complete, "state changed".to_owned()),
            Err(failure) if failure.stop => (Status::Failed, format!("{} {}", action.name(), failure.reason)),
            Err(failure) => (Status::Failed, failure.described()),
        };
        self.write(|state| {
            if let Some(stack) = state.stacks.get_mut(cx.stack_id()) {
                stack.set_resource_status(cx.uuid(), action, status, &reason);
            }
        });
        outcome
    }
}

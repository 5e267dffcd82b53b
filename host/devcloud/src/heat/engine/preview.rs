//! What an update would do, without doing it.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Map, Value};

use super::{
    Context, Engine, ResourceKind, UpdateStack,
    blueprint::Blueprint,
    control::Control,
    plan::Plan,
    scope::Identity,
    state::Resource,
    update::{Change, decide},
};
use crate::{
    heat::{
        error::{Failure, HeatError, Result},
        hot::Template,
        resources::plugin::Properties,
    },
    services::Scope,
};

/// A resource in a preview: which stack it is in, and what it is.
#[derive(Clone, Debug)]
pub struct Previewed {
    pub stack: String,
    pub name: String,
    pub kind: String,
    pub physical_id: String,
    pub properties: Properties,
}

/// The five lists of Heat's update preview.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    pub unchanged: Vec<Previewed>,
    pub updated: Vec<Previewed>,
    pub replaced: Vec<Previewed>,
    pub added: Vec<Previewed>,
    pub deleted: Vec<Previewed>,
}

impl Engine {
    pub async fn preview_update(
        self: &Arc<Self>,
        scope: &Scope,
        id: &str,
        update: &UpdateStack,
        nested: bool,
    ) -> Result<Preview> {
        let blueprint = self.changed(scope, id, update).await?;
        let mut preview = Preview::default();
        self.compare(id, &blueprint, nested, &mut preview).await.map_err(|failure| HeatError::validation(failure.reason))?;
        Ok(preview)
    }

    fn compare<'a>(
        self: &'a Arc<Self>,
        id: &'a str,
        blueprint: &'a Blueprint,
        nested: bool,
        preview: &'a mut Preview,
    ) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            let Some((identity, resources)) =
                self.read(|state| state.stacks.get(id).map(|stack| (Identity::of(stack), stack.resources.clone())))
            else {
                return Ok(());
            };
            let plan = Plan::new(blueprint, &identity)?;
            for definition in plan.definitions() {
                let Some(existing) = resources.get(&definition.name) else {
                    preview.added.push(Previewed {
                        stack: id.to_owned(),
                        name: definition.name.clone(),
                        kind: definition.kind.clone(),
                        physical_id: String::new(),
                        properties: Map::new(),
                    });
                    continue;
                };
                let kind = ResourceKind::resolve(blueprint, &definition.kind, &definition.name)?;
                let cx = Context::new(self.clone(), Control::default(), id, existing);
                let (properties, metadata) = self.properties(&cx, blueprint, definition, &kind).await?;
                let shown = previewed(id, existing, properties.clone());
                let same_type = blueprint.environment.resolve(&definition.kind, &definition.name) == existing.resolved;
                if !same_type && !kind.is_nested() || !existing.is_usable() && !kind.is_nested() {
                    preview.replaced.push(shown);
                    continue;
                }
                match &kind {
                    ResourceKind::Plugin(plugin) if plugin.nested().is_none() => {
                        match decide(*plugin, &existing.properties, &properties) {
                            Change::Nothing if metadata == existing.metadata => preview.unchanged.push(shown),
                            Change::Nothing | Change::InPlace(_) => preview.updated.push(shown),
                            Change::Replace => preview.replaced.push(shown),
                            Change::Refused(reason) => return Err(Failure::new("NotSupported", reason)),
                        }
                    }
                    _ => {
                        let Some(child) = &existing.physical_id else { continue };
                        let target = self.child_target(&cx, blueprint, &kind, &properties).await?;
                        let mut inside = Preview::default();
                        self.compare(child, &target, nested, &mut inside).await?;
                        let changes = !(inside.updated.is_empty()
                            && inside.replaced.is_empty()
                            && inside.added.is_empty()
                            && inside.deleted.is_empty());
                        if changes || properties != existing.properties {
                            preview.updated.push(shown);
                        } else {
                            preview.unchanged.push(shown);
                        }
                        if nested {
                            preview.unchanged.extend(inside.unchanged);
                            preview.updated.extend(inside.updated);
                            preview.replaced.extend(inside.replaced);
                            preview.added.extend(inside.added);
                            preview.deleted.extend(inside.deleted);
                        }
                    }
                }
            }
            for (name, existing) in &resources {
                if !plan.has(name) {
                    preview.deleted.push(previewed(id, existing, existing.properties.clone()));
                }
            }
            Ok(())
        })
    }

    async fn child_target(
        &self,
        cx: &Context,
        parent: &Blueprint,
        kind: &ResourceKind,
        properties: &Properties,
    ) -> Result<Blueprint, Failure> {
        match kind {
            ResourceKind::Template { template, .. } => Ok(parent.nested(template.clone(), properties.clone())?),
            ResourceKind::Plugin(plugin) => {
                let nested = plugin.nested().ok_or_else(|| Failure::new("TypeError", "not a nested stack"))?;
                let child = nested.child(cx, properties).await?;
                Ok(parent.nested(Arc::new(Template::parse(&child.template)?), child.parameters)?)
            }
        }
    }
}

fn previewed(stack: &str, existing: &Resource, properties: Properties) -> Previewed {
    Previewed {
        stack: stack.to_owned(),
        name: existing.name.clone(),
        kind: existing.kind.clone(),
        physical_id: existing.physical_id.clone().unwrap_or_default(),
        properties,
    }
}

impl Previewed {
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Value> {
        self.properties.get(name)
    }
}

//! Attributes of resources: what `get_attr` finds.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Map, Value, json};

use super::{
    Context, Engine, ResourceKind,
    control::Control,
    state::{Action, Resource, Status},
};
use crate::heat::error::{ErrorKind, Failure, HeatError};

impl Engine {
    /// An attribute of a resource (`""` for all). Null while the resource is not there.
    pub(crate) fn attribute<'a>(
        self: &'a Arc<Self>,
        stack: &'a str,
        resource: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Value, Failure>> {
        Box::pin(async move {
            let Some((blueprint, found)) = self.read(|state| {
                let stack = state.stacks.get(stack)?;
                Some((stack.blueprint.clone(), stack.resources.get(resource)?.clone()))
            }) else {
                return Ok(Value::Null);
            };
            if found.physical_id.is_none() && found.status != Status::Complete || found.action == Action::Init {
                return Ok(Value::Null);
            }
            let Some(kind) = ResourceKind::existing(&blueprint, &found.resolved) else { return Ok(Value::Null) };
            if name.is_empty() {
                return Ok(Value::Object(self.attributes(stack, &found, &kind).await?));
            }
            self.attribute_of(stack, &found, &kind, name).await?.ok_or_else(|| {
                HeatError::new(
                    ErrorKind::InvalidTemplateAttribute,
                    format!("The Referenced Attribute ({resource} {name}) is incorrect."),
                )
                .into()
            })
        })
    }

    /// What `resource show` lists: the object as its service shows it where the resource stands for one, else as [`Self::attributes`]. Empty when it
    /// cannot be told.
    pub async fn shown_attributes(self: &Arc<Self>, stack: &str, resource: &str) -> Map<String, Value> {
        if let Ok(Value::Object(object)) = self.attribute(stack, resource, "show").await
            && !object.is_empty()
        {
            return object;
        }
        match self.attribute(stack, resource, "").await {
            Ok(Value::Object(attributes)) => attributes,
            _ => Map::new(),
        }
    }

    /// All attributes of a resource.
    pub(crate) async fn attributes(
        self: &Arc<Self>,
        stack: &str,
        resource: &Resource,
        kind: &ResourceKind,
    ) -> Result<Map<String, Value>, Failure> {
        let names: Vec<String> = match kind {
            ResourceKind::Plugin(plugin) => plugin.attributes().iter().map(|name| (*name).to_owned()).collect(),
            ResourceKind::Template { template, .. } => template.outputs.iter().map(|output| output.name.clone()).collect(),
        };
        let mut all = Map::new();
        for name in names {
            let value = self.attribute_of(stack, resource, kind, &name).await.unwrap_or_default();
            all.insert(name, value.unwrap_or(Value::Null));
        }
        Ok(all)
    }

    async fn attribute_of(
        self: &Arc<Self>,
        stack: &str,
        resource: &Resource,
        kind: &ResourceKind,
        name: &str,
    ) -> Result<Option<Value>, Failure> {
        match kind {
            ResourceKind::Plugin(plugin) => {
                let cx = Context::new(self.clone(), Control::default(), stack, resource);
                plugin.attribute(&cx, name).await
            }
            ResourceKind::Template { .. } => {
                let Some(child) = &resource.physical_id else { return Ok(None) };
                self.template_attribute(child, name).await
            }
        }
    }

    /// An attribute of a nested stack: an output, or `resource.<name>[.<attribute>]`.
    pub(crate) async fn template_attribute(self: &Arc<Self>, child: &str, name: &str) -> Result<Option<Value>, Failure> {
        if let Some(path) = name.strip_prefix("resource.") {
            return self.member_attribute(child, path).await.map(Some);
        }
        if name == "show" {
            return Ok(Some(json!({"id": child})));
        }
        self.output(child, name).await
    }

    /// `<name>` is the member's reference, `<name>.<attribute>` an attribute of it.
    pub(crate) async fn member_attribute(self: &Arc<Self>, child: &str, path: &str) -> Result<Value, Failure> {
        let (member, attribute) = match path.split_once('.') {
            Some((member, attribute)) => (member, Some(attribute)),
            None => (path, None),
        };
        let reference = self.read(|state| {
            let member = state.stacks.get(child)?.resources.get(member)?;
            Some(member.reference.clone().or_else(|| member.physical_id.clone().map(Value::String)))
        });
        let Some(reference) = reference else {
            return Err(HeatError::not_found("Resource", member).into());
        };
        match attribute {
            None => Ok(reference.unwrap_or(Value::Null)),
            Some(attribute) => self.attribute(child, member, attribute).await,
        }
    }
}

//! What a resource type is to the engine.

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::schema::Property;
use crate::{
    heat::{engine::Context, error::Failure, hot::Version},
    services::{Kind, ServiceError},
};

/// Property values, checked against the table of the type.
pub type Properties = Map<String, Value>;

/// What came of an update in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Updated {
    /// Done, or under way: `ready` tells.
    InPlace,
    /// It cannot be: make it anew.
    Replace,
}

/// A resource type. The defaults fit a type that stands for one object of one service collection.
#[async_trait]
pub trait Plugin: Send + Sync {
    fn name(&self) -> &'static str;

    fn properties(&self) -> &'static [Property];

    /// Whether properties that are not in the table are taken too.
    fn has_open_properties(&self) -> bool {
        false
    }

    /// Attributes beside `show`.
    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether attributes other than the listed ones may be asked for.
    fn has_open_attributes(&self) -> bool {
        false
    }

    /// The collection its object lives in.
    fn kind(&self) -> Option<Kind> {
        None
    }

    /// Checks across properties, before anything is made.
    fn validate(&self, _properties: &Properties) -> Result<(), String> {
        Ok(())
    }

    /// The object to create.
    async fn body(&self, cx: &Context, properties: &Properties) -> Result<Value, Failure> {
        Ok(Value::Object(super::common::body(cx, self.properties(), properties)))
    }

    /// Starts making the object, and records its physical id.
    async fn create(&self, cx: &Context, properties: &Properties) -> Result<(), Failure> {
        if let Some(kind) = self.kind() {
            let body = self.body(cx, properties).await?;
            super::common::create(cx, kind, body).await?;
        }
        Ok(())
    }

    /// Whether it is as it should be. Asked again until it is.
    async fn ready(&self, cx: &Context) -> Result<bool, Failure> {
        match (self.kind(), cx.physical_id()) {
            (Some(kind), Some(id)) => super::common::ready(cx, kind, &id).await,
            _ => Ok(true),
        }
    }

    /// Changes it in place. `changed` holds the changed properties (null for one that is gone), all of them updatable.
    async fn update(&self, cx: &Context, after: &Properties, changed: &Properties) -> Result<Updated, Failure> {
        let _ = after;
        match (self.kind(), cx.physical_id()) {
            (Some(kind), Some(id)) => {
                super::common::update(cx, kind, &id, Value::Object(changed.clone())).await?;
                Ok(Updated::InPlace)
            }
            _ => Ok(Updated::InPlace),
        }
    }

    /// Whether a change needs a new object although each property could change in place.
    fn needs_replacement(&self, _before: &Properties, _after: &Properties) -> bool {
        false
    }

    /// Clears the way for a replacement that is about to be made.
    async fn prepare_replacement(&self, _cx: &Context) -> Result<(), Failure> {
        Ok(())
    }

    /// Removes the object, and waits until it is gone. One that is gone already is no error.
    async fn delete(&self, cx: &Context) -> Result<(), Failure> {
        match (self.kind(), cx.physical_id()) {
            (Some(kind), Some(id)) => super::common::delete(cx, kind, &id).await,
            _ => Ok(()),
        }
    }

    /// The value of an attribute; `None` when there is none of that name.
    async fn attribute(&self, cx: &Context, name: &str) -> Result<Option<Value>, Failure> {
        match (self.kind(), cx.physical_id()) {
            (Some(kind), Some(id)) => {
                let shown = match cx.services().show(cx.scope(), kind, &id).await {
                    Err(ServiceError::NotFound { .. }) => return Ok(Some(Value::Null)),
                    other => other?,
                };
                if name == "show" {
                    return Ok(Some(shown));
                }
                Ok(shown.get(name).cloned())
            }
            _ => Ok(None),
        }
    }

    /// What `get_resource` gives.
    async fn reference(&self, cx: &Context) -> Result<Value, Failure> {
        Ok(cx.physical_id().map_or(Value::Null, Value::String))
    }

    /// A signal over HTTP. Answers what the sender reads.
    async fn signal(&self, _cx: &Context, _details: &Value) -> Result<Value, String> {
        Err("Signal resource is not supported by this resource type.".to_owned())
    }

    /// The types that keep a nested stack.
    fn nested(&self) -> Option<&dyn Nested> {
        None
    }
}

/// A resource that is a stack of its own.
#[async_trait]
pub trait Nested: Send + Sync {
    /// What the nested stack would be like, before anything exists. Values that are not known yet hold [`UNKNOWN`](crate::heat::hot::eval::UNKNOWN).
    fn sketch(&self, properties: &Properties, version: Version) -> Result<Sketch, String>;

    /// The nested stack to be.
    async fn child(&self, cx: &Context, properties: &Properties) -> Result<Child, Failure>;

    /// The steps of an update: the nested stack goes through each in turn.
    async fn steps(&self, cx: &Context, properties: &Properties, _update_policy: &Value) -> Result<Vec<Child>, Failure> {
        Ok(vec![self.child(cx, properties).await?])
    }
}

/// A nested stack to be.
#[derive(Clone, Debug)]
pub struct Child {
    pub template: Value,
    pub parameters: Map<String, Value>,
    /// Minutes, when other than the parent's.
    pub timeout_mins: Option<u64>,
}

/// One copy of what is in a nested stack, and how many there are.
#[derive(Clone, Debug)]
pub struct Sketch {
    pub child: Child,
    pub copies: usize,
}

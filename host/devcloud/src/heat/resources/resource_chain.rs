//! `OS::Heat::ResourceChain`: resources of several types with the same properties, one after the other or at once.

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::{
    plugin::{Child, Nested, Plugin, Properties, Sketch},
    schema::{Default, Property},
};
use crate::heat::{engine::Context, error::Failure, hot::Version};

pub struct ResourceChain;

const PROPERTIES: &[Property] = &[
    Property::strings("resources").required().updatable(),
    Property::boolean("concurrent").default(Default::Flag(false)),
    Property::map("resource_properties").updatable(),
];

fn chain(properties: &Properties, version: Version) -> Child {
    let concurrent = properties.get("concurrent") == Some(&json!(true));
    let own = properties.get("resource_properties").cloned().unwrap_or_else(|| json!({}));
    let mut members: Map<String, Value> = Map::new();
    let mut before: Option<String> = None;
    for (at, kind) in properties.get("resources").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let mut member = json!({"type": kind, "properties": own});
        if let (Some(before), false, Some(member)) = (&before, concurrent, member.as_object_mut()) {
            member.insert("depends_on".to_owned(), json!([before]));
        }
        members.insert(at.to_string(), member);
        before = Some(at.to_string());
    }
    Child {
        template: json!({"heat_template_version": version.date(), "resources": members}),
        parameters: Map::new(),
        timeout_mins: None,
    }
}

#[async_trait]
impl Nested for ResourceChain {
    fn sketch(&self, properties: &Properties, version: Version) -> Result<Sketch, String> {
        Ok(Sketch { child: chain(properties, version), copies: 1 })
    }

    async fn child(&self, cx: &Context, properties: &Properties) -> Result<Child, Failure> {
        let version = cx.stack(|stack| stack.blueprint.template.version).unwrap_or(Version::Wallaby);
        Ok(chain(properties, version))
    }
}

#[async_trait]
impl Plugin for ResourceChain {
    fn name(&self) -> &'static str {
        "OS::Heat::ResourceChain"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["refs", "attributes"]
    }

    fn has_open_attributes(&self) -> bool {
        true
    }

    fn nested(&self) -> Option<&dyn Nested> {
        Some(self)
    }

    async fn attribute(&self, cx: &Context, name: &str) -> Result<Option<Value>, Failure> {
        // The same questions as to a group.
        super::resource_group::ResourceGroup.attribute(cx, name).await
    }

    async fn reference(&self, cx: &Context) -> Result<Value, Failure> {
        cx.engine.template_reference(cx).await
    }
}

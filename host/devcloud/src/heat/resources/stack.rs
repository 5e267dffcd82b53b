//! `OS::Heat::Stack`: a stack made from a template given as text.

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::{
    common,
    plugin::{Child, Nested, Plugin, Properties, Sketch},
    schema::{Default, Property},
};
use crate::heat::{engine::Context, error::Failure, hot::Version};

pub struct Stack;

const PROPERTIES: &[Property] = &[
    Property::map("context"),
    Property::string("template").required().updatable(),
    Property::integer("timeout").updatable(),
    Property::map("parameters").updatable().default(Default::EmptyMap),
];

fn child(properties: &Properties) -> Child {
    Child {
        template: json!(common::text(properties, "template").unwrap_or_default()),
        parameters: properties.get("parameters").and_then(Value::as_object).cloned().unwrap_or_default(),
        timeout_mins: properties.get("timeout").and_then(Value::as_u64),
    }
}

#[async_trait]
impl Nested for Stack {
    fn sketch(&self, properties: &Properties, version: Version) -> Result<Sketch, String> {
        let unknown =
            common::text(properties, "template").is_none_or(|template| template.contains(crate::heat::hot::eval::UNKNOWN));
        if unknown {
            // Nothing to be said of it yet.
            let template = json!({"heat_template_version": version.date()});
            return Ok(Sketch { child: Child { template, parameters: Map::new(), timeout_mins: None }, copies: 1 });
        }
        Ok(Sketch { child: child(properties), copies: 1 })
    }

    async fn child(&self, _cx: &Context, properties: &Properties) -> Result<Child, Failure> {
        Ok(child(properties))
    }
}

#[async_trait]
impl Plugin for Stack {
    fn name(&self) -> &'static str {
        "OS::Heat::Stack"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["stack_name", "outputs"]
    }

    fn has_open_attributes(&self) -> bool {
        true
    }

    fn nested(&self) -> Option<&dyn Nested> {
        Some(self)
    }

    async fn attribute(&self, cx: &Context, name: &str) -> Result<Option<Value>, Failure> {
        let Some(id) = cx.physical_id() else { return Ok(None) };
        match name {
            "stack_name" => Ok(Some(json!(cx.engine.read(|state| state.stacks.get(&id).map(|stack| stack.name.clone()))))),
            "outputs" => {
                let outputs = cx.engine.outputs(&id, true).await;
                let pairs = outputs.into_iter().filter_map(|output| {
                    Some((
                        output.get("output_key")?.as_str()?.to_owned(),
                        output.get("output_value").cloned().unwrap_or(Value::Null),
                    ))
                });
                Ok(Some(Value::Object(pairs.collect())))
            }
            _ => cx.engine.template_attribute(&id, name).await,
        }
    }

    async fn reference(&self, cx: &Context) -> Result<Value, Failure> {
        Ok(cx.physical_id().map_or(Value::Null, Value::String))
    }
}

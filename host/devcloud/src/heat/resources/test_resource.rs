//! `OS::Heat::TestResource` and `OS::Heat::None`: resources with nothing behind them.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::{
    plugin::{Plugin, Properties, Updated},
    schema::{Default, Property},
};
use crate::heat::{engine::Context, error::Failure};

pub struct TestResource;

const PROPERTIES: &[Property] = &[
    Property::string("value").updatable().default(Default::Text("test_string")),
    Property::boolean("fail").updatable().default(Default::Flag(false)),
    Property::boolean("update_replace").updatable().default(Default::Flag(false)),
    Property::string("update_replace_value").updatable(),
    Property::integer("wait_secs").updatable().default(Default::Integer(0)),
    Property::map("action_wait_secs").updatable(),
    Property::strings("attr_wait_secs").updatable(),
    Property::strings("constraint_prop_secs").updatable(),
    Property::strings("client_name"),
    Property::string("entity_name"),
];

#[async_trait]
impl Plugin for TestResource {
    fn name(&self) -> &'static str {
        "OS::Heat::TestResource"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["output"]
    }

    async fn create(&self, cx: &Context, properties: &Properties) -> Result<(), Failure> {
        cx.set_physical_id(&cx.physical_name());
        cx.set_data("value", properties.get("value").cloned().unwrap_or_default());
        Ok(())
    }

    async fn ready(&self, cx: &Context) -> Result<bool, Failure> {
        let action = cx.resource(|resource| resource.action.name().to_lowercase()).unwrap_or_default();
        let own = cx.property("action_wait_secs").and_then(|waits| waits.get(&action)?.as_u64());
        let seconds = own.or_else(|| cx.property("wait_secs").and_then(|wait| wait.as_u64())).unwrap_or(0);
        if cx.age() < std::time::Duration::from_secs(seconds) {
            return Ok(false);
        }
        if cx.property("fail") == Some(json!(true)) {
            return Err(Failure::new("ValueError", format!("Test Resource failed {}", cx.name())));
        }
        Ok(true)
    }

    fn needs_replacement(&self, before: &Properties, after: &Properties) -> bool {
        after.get("update_replace") == Some(&json!(true))
            || before.get("update_replace_value") != after.get("update_replace_value")
    }

    async fn update(&self, cx: &Context, after: &Properties, _changed: &Properties) -> Result<Updated, Failure> {
        cx.set_data("value", after.get("value").cloned().unwrap_or_default());
        if after.get("fail") == Some(&json!(true)) {
            return Err(Failure::new("ValueError", format!("Test Resource failed {}", cx.name())));
        }
        Ok(Updated::InPlace)
    }

    async fn attribute(&self, cx: &Context, name: &str) -> Result<Option<Value>, Failure> {
        Ok(match name {
            "output" => Some(cx.data("value").unwrap_or_default()),
            "show" => Some(json!({})),
            _ => None,
        })
    }
}

/// A resource that takes any property and has any attribute, all of them null.
pub struct Nothing;

#[async_trait]
impl Plugin for Nothing {
    fn name(&self) -> &'static str {
        "OS::Heat::None"
    }

    fn properties(&self) -> &'static [Property] {
        &[]
    }

    fn has_open_properties(&self) -> bool {
        true
    }

    fn has_open_attributes(&self) -> bool {
        true
    }

    async fn create(&self, cx: &Context, _properties: &Properties) -> Result<(), Failure> {
        cx.set_physical_id(&cx.physical_name());
        Ok(())
    }

    async fn attribute(&self, _cx: &Context, _name: &str) -> Result<Option<Value>, Failure> {
        Ok(Some(Value::Null))
    }
}

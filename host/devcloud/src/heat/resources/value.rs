//! `OS::Heat::Value`: a value with a type, for others to refer to.

use async_trait::async_trait;
use serde_json::{Value as Json, json};

use super::{
    plugin::{Plugin, Properties, Updated},
    schema::{Property, Rule, Type},
};
use crate::heat::{engine::Context, error::Failure, hot::parameters::ParameterType};

pub struct Value;

const PROPERTIES: &[Property] = &[
    Property::new("value", Type::Any).required().updatable(),
    Property::string("type").updatable().rules(&[Rule::Allowed(&[
        "string",
        "number",
        "comma_delimited_list",
        "json",
        "boolean",
    ])]),
];

fn typed(properties: &Properties) -> Result<Json, Failure> {
    let value = properties.get("value").cloned().unwrap_or_default();
    let kind = match properties.get("type").and_then(Json::as_str) {
        Some("string") => ParameterType::String,
        Some("number") => ParameterType::Number,
        Some("comma_delimited_list") => ParameterType::CommaDelimitedList,
        Some("json") => ParameterType::Json,
        Some("boolean") => ParameterType::Boolean,
        _ => return Ok(value),
    };
    kind.read(&value).map_err(|message| Failure::new("ValueError", message))
}

#[async_trait]
impl Plugin for Value {
    fn name(&self) -> &'static str {
        "OS::Heat::Value"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["value"]
    }

    async fn create(&self, cx: &Context, properties: &Properties) -> Result<(), Failure> {
        cx.set_data("value", typed(properties)?);
        cx.set_physical_id(&cx.physical_name());
        Ok(())
    }

    async fn update(&self, cx: &Context, after: &Properties, _changed: &Properties) -> Result<Updated, Failure> {
        cx.set_data("value", typed(after)?);
        Ok(Updated::InPlace)
    }

    async fn attribute(&self, cx: &Context, name: &str) -> Result<Option<Json>, Failure> {
        Ok(match name {
            "value" => Some(cx.data("value").unwrap_or_default()),
            "show" => Some(json!({})),
            _ => None,
        })
    }
}

//! `OS::Nova::ServerGroup`: servers kept together or apart.

use async_trait::async_trait;
use serde_json::Value;

use super::{
    common,
    plugin::{Plugin, Properties, Updated},
    schema::{Default, Property, Rule},
};
use crate::{
    heat::{engine::Context, error::Failure},
    services::Kind,
};

pub struct ServerGroup;

const PROPERTIES: &[Property] = &[
    Property::string("name"),
    Property::strings("policies").default(Default::EmptyList).rules(&[Rule::Allowed(&[
        "affinity",
        "anti-affinity",
        "soft-affinity",
        "soft-anti-affinity",
    ])]),
    Property::map("rules"),
];

/// Properties that name objects, and what the service calls their ids.
const IDS: &[(&str, &str, Kind)] = &[];

const RENAMES: &[(&str, &str)] = &[];

#[async_trait]
impl Plugin for ServerGroup {
    fn name(&self) -> &'static str {
        "OS::Nova::ServerGroup"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["policies", "members"]
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::ServerGroup)
    }

    async fn body(&self, cx: &Context, properties: &Properties) -> Result<Value, Failure> {
        let mut body = common::body(cx, PROPERTIES, properties);
        common::resolve(cx, &mut body, IDS).await?;
        common::rename(&mut body, RENAMES);
        Ok(Value::Object(body))
    }

    async fn update(&self, cx: &Context, _after: &Properties, changed: &Properties) -> Result<Updated, Failure> {
        if let Some(id) = cx.physical_id() {
            let body = common::changes(cx, changed, IDS, RENAMES).await?;
            common::update(cx, Kind::ServerGroup, &id, body).await?;
        }
        Ok(Updated::InPlace)
    }
}

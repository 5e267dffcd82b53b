//! `OS::Neutron::Router`: a router, with a gateway when it has one.

use async_trait::async_trait;
use serde_json::Value;

use super::{
    common,
    plugin::{Plugin, Properties, Updated},
    schema::{Default, Property, Rule, Type},
};
use crate::{
    heat::{engine::Context, error::Failure},
    services::Kind,
};

pub struct Router;

const PROPERTIES: &[Property] = &[
    Property::string("name").updatable(),
    Property::new(
        "external_gateway_info",
        Type::Map(&[
            Property::string("network").required().rules(&[Rule::Custom("neutron.network")]),
            Property::boolean("enable_snat"),
            Property::new(
                "external_fixed_ips",
                Type::List(&Type::Map(&[Property::string("ip_address"), Property::string("subnet")])),
            ),
        ]),
    )
    .updatable(),
    Property::map("value_specs").updatable(),
    Property::boolean("admin_state_up").updatable().default(Default::Flag(true)),
    Property::boolean("distributed"),
    Property::boolean("ha"),
    Property::strings("availability_zone_hints"),
    Property::strings("tags").updatable(),
];

/// Properties that name objects, and what the service calls their ids.
const IDS: &[(&str, &str, Kind)] = &[];

const RENAMES: &[(&str, &str)] = &[];

#[async_trait]
impl Plugin for Router {
    fn name(&self) -> &'static str {
        "OS::Neutron::Router"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["status", "external_gateway_info", "name", "admin_state_up", "tenant_id"]
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::Router)
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
            common::update(cx, Kind::Router, &id, body).await?;
        }
        Ok(Updated::InPlace)
    }
}

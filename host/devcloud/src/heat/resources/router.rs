//! `OS::Neutron::Router`: a router, with a gateway when it has one.

use async_trait::async_trait;
use serde_json::{Map, Value};

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

const GATEWAY: &[Property] = &[
    Property::string("network").required().rules(&[Rule::Custom("neutron.network")]),
    Property::boolean("enable_snat"),
    Property::new(
        "external_fixed_ips",
        Type::List(&Type::Map(&[
            Property::string("ip_address"),
            Property::string("subnet").rules(&[Rule::Custom("neutron.subnet")]),
        ])),
    ),
];

const PROPERTIES: &[Property] = &[
    Property::string("name").updatable(),
    Property::new("external_gateway_info", Type::Map(GATEWAY)).updatable(),
    Property::map("value_specs").updatable(),
    Property::boolean("admin_state_up").updatable().default(Default::Flag(true)),
    Property::boolean("distributed"),
    Property::boolean("ha"),
    Property::strings("availability_zone_hints"),
    Property::strings("tags").updatable(),
];

/// Names of networks and subnets to ids, in the gateway.
async fn request(cx: &Context, mut body: Map<String, Value>) -> Result<Value, Failure> {
    if let Some(Value::Object(gateway)) = body.get_mut("external_gateway_info") {
        common::resolve(cx, gateway, &[("network", "network_id", Kind::Network)]).await?;
        if let Some(Value::Array(addresses)) = gateway.get_mut("external_fixed_ips") {
            for address in addresses.iter_mut().filter_map(Value::as_object_mut) {
                common::resolve(cx, address, &[("subnet", "subnet_id", Kind::Subnet)]).await?;
            }
        }
    }
    Ok(Value::Object(body))
}

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
        request(cx, common::body(cx, PROPERTIES, properties)).await
    }

    async fn update(&self, cx: &Context, _after: &Properties, changed: &Properties) -> Result<Updated, Failure> {
        if let Some(id) = cx.physical_id() {
            common::update(cx, Kind::Router, &id, request(cx, changed.clone()).await?).await?;
        }
        Ok(Updated::InPlace)
    }
}

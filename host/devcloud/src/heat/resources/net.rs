//! `OS::Neutron::Net`: a network.

use async_trait::async_trait;
use serde_json::Value;

use super::{
    common,
    plugin::{Plugin, Properties, Updated},
    schema::{Default, Property},
};
use crate::{
    heat::{engine::Context, error::Failure},
    services::Kind,
};

pub struct Net;

const PROPERTIES: &[Property] = &[
    Property::string("name").updatable(),
    Property::map("value_specs").updatable(),
    Property::boolean("admin_state_up").updatable().default(Default::Flag(true)),
    Property::string("tenant_id"),
    Property::boolean("shared").updatable(),
    Property::strings("dhcp_agent_ids").updatable(),
    Property::boolean("port_security_enabled").updatable(),
    Property::string("qos_policy").updatable(),
    Property::string("dns_domain").updatable(),
    Property::strings("availability_zone_hints"),
    Property::strings("tags").updatable(),
];

/// Properties that name objects, and what the service calls their ids.
const IDS: &[(&str, &str, Kind)] = &[];

const RENAMES: &[(&str, &str)] = &[];

#[async_trait]
impl Plugin for Net {
    fn name(&self) -> &'static str {
        "OS::Neutron::Net"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[
            "status",
            "name",
            "subnets",
            "admin_state_up",
            "tenant_id",
            "mtu",
            "segments",
            "l2_adjacency",
            "qos_policy_id",
            "port_security_enabled",
            "shared",
        ]
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::Network)
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
            common::update(cx, Kind::Network, &id, body).await?;
        }
        Ok(Updated::InPlace)
    }
}

//! `OS::Octavia::Listener`: a port that a load balancer listens on.

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

pub struct Listener;

const PROPERTIES: &[Property] = &[
    Property::string("loadbalancer").rules(&[Rule::Custom("octavia.loadbalancer")]),
    Property::string("default_pool").updatable().rules(&[Rule::Custom("octavia.pool")]),
    Property::string("name").updatable(),
    Property::string("description").updatable().default(Default::Text("")),
    Property::string("protocol").required().rules(&[Rule::Allowed(&[
        "TCP",
        "HTTP",
        "HTTPS",
        "TERMINATED_HTTPS",
        "PROXY",
        "UDP",
        "SCTP",
    ])]),
    Property::integer("protocol_port").required().rules(&[Rule::Range(Some(1), Some(65_535))]),
    Property::integer("connection_limit").updatable().default(Default::Integer(-1)),
    Property::boolean("admin_state_up").updatable().default(Default::Flag(true)),
    Property::string("default_tls_container_ref").updatable(),
    Property::strings("sni_container_refs").updatable(),
    Property::string("tenant_id"),
    Property::strings("allowed_cidrs").updatable(),
];

/// Properties that name objects, and what the service calls their ids.
const IDS: &[(&str, &str, Kind)] =
    &[("loadbalancer", "loadbalancer_id", Kind::LoadBalancer), ("default_pool", "default_pool_id", Kind::Pool)];

const RENAMES: &[(&str, &str)] = &[("tenant_id", "project_id")];

#[async_trait]
impl Plugin for Listener {
    fn name(&self) -> &'static str {
        "OS::Octavia::Listener"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["loadbalancers", "default_pool_id"]
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::Listener)
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
            common::update(cx, Kind::Listener, &id, body).await?;
        }
        Ok(Updated::InPlace)
    }
}

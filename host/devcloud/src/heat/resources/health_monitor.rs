//! `OS::Octavia::HealthMonitor`: how a pool looks after its members.

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

pub struct HealthMonitor;

const PROPERTIES: &[Property] = &[
    Property::boolean("admin_state_up").updatable().default(Default::Flag(true)),
    Property::integer("delay").required().updatable().rules(&[Rule::Range(Some(0), None)]),
    Property::string("expected_codes").updatable(),
    Property::string("http_method")
        .updatable()
        .rules(&[Rule::Allowed(&["GET", "HEAD", "POST", "DELETE", "TRACE", "OPTIONS", "PATCH", "CONNECT", "PUT"])]),
    Property::integer("max_retries").required().updatable().rules(&[Rule::Range(Some(1), Some(10))]),
    Property::string("name").updatable(),
    Property::string("pool").required().rules(&[Rule::Custom("octavia.pool")]),
    Property::integer("timeout").required().updatable().rules(&[Rule::Range(Some(0), None)]),
    Property::string("type").required().rules(&[Rule::Allowed(&[
        "PING",
        "TCP",
        "HTTP",
        "HTTPS",
        "TLS-HELLO",
        "UDP-CONNECT",
        "SCTP",
    ])]),
    Property::string("url_path").updatable(),
    Property::string("tenant_id"),
];

/// Properties that name objects, and what the service calls their ids.
const IDS: &[(&str, &str, Kind)] = &[("pool", "pool_id", Kind::Pool)];

const RENAMES: &[(&str, &str)] = &[("tenant_id", "project_id")];

#[async_trait]
impl Plugin for HealthMonitor {
    fn name(&self) -> &'static str {
        "OS::Octavia::HealthMonitor"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["pools"]
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::HealthMonitor)
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
            common::update(cx, Kind::HealthMonitor, &id, body).await?;
        }
        Ok(Updated::InPlace)
    }
}

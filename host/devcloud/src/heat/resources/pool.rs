//! `OS::Octavia::Pool`: the members that a listener hands on to.

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

pub struct Pool;

const PROPERTIES: &[Property] = &[
    Property::string("name").updatable(),
    Property::string("description").updatable().default(Default::Text("")),
    Property::string("lb_algorithm").required().updatable().rules(&[Rule::Allowed(&[
        "ROUND_ROBIN",
        "LEAST_CONNECTIONS",
        "SOURCE_IP",
        "SOURCE_IP_PORT",
    ])]),
    Property::string("listener").rules(&[Rule::Custom("octavia.listener")]),
    Property::string("loadbalancer").rules(&[Rule::Custom("octavia.loadbalancer")]),
    Property::string("protocol").required().rules(&[Rule::Allowed(&[
        "TCP",
        "HTTP",
        "HTTPS",
        "TERMINATED_HTTPS",
        "PROXY",
        "UDP",
        "SCTP",
    ])]),
    Property::new("session_persistence", Type::Map(&[Property::string("type").required(), Property::string("cookie_name")]))
        .updatable(),
    Property::boolean("admin_state_up").updatable().default(Default::Flag(true)),
    Property::boolean("tls_enabled").updatable(),
];

/// Properties that name objects, and what the service calls their ids.
const IDS: &[(&str, &str, Kind)] =
    &[("listener", "listener_id", Kind::Listener), ("loadbalancer", "loadbalancer_id", Kind::LoadBalancer)];

const RENAMES: &[(&str, &str)] = &[];

#[async_trait]
impl Plugin for Pool {
    fn name(&self) -> &'static str {
        "OS::Octavia::Pool"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["healthmonitor_id", "listeners", "members"]
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::Pool)
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
            common::update(cx, Kind::Pool, &id, body).await?;
        }
        Ok(Updated::InPlace)
    }
}

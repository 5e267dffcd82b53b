//! `OS::Octavia::PoolMember`: one address in a pool.

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

pub struct PoolMember;

const PROPERTIES: &[Property] = &[
    Property::string("pool").required().rules(&[Rule::Custom("octavia.pool")]),
    Property::string("address").required().rules(&[Rule::Custom("ip_addr")]),
    Property::integer("protocol_port").required().rules(&[Rule::Range(Some(1), Some(65_535))]),
    Property::string("name").updatable(),
    Property::integer("weight").updatable().default(Default::Integer(1)).rules(&[Rule::Range(Some(0), Some(256))]),
    Property::boolean("admin_state_up").updatable().default(Default::Flag(true)),
    Property::string("subnet").rules(&[Rule::Custom("neutron.subnet")]),
    Property::string("monitor_address").updatable().rules(&[Rule::Custom("ip_addr")]),
    Property::integer("monitor_port").updatable(),
    Property::strings("tags").updatable(),
    Property::boolean("backup").updatable(),
];

/// Properties that name objects, and what the service calls their ids.
const IDS: &[(&str, &str, Kind)] = &[("pool", "pool_id", Kind::Pool), ("subnet", "subnet_id", Kind::Subnet)];

const RENAMES: &[(&str, &str)] = &[];

#[async_trait]
impl Plugin for PoolMember {
    fn name(&self) -> &'static str {
        "OS::Octavia::PoolMember"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["address", "pool_id"]
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::PoolMember)
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
            common::update(cx, Kind::PoolMember, &id, body).await?;
        }
        Ok(Updated::InPlace)
    }
}

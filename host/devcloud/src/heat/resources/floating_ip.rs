//! `OS::Neutron::FloatingIP`: a public address.

use async_trait::async_trait;
use serde_json::Value;

use super::{
    common,
    plugin::{Plugin, Properties, Updated},
    schema::{Property, Rule},
};
use crate::{
    heat::{engine::Context, error::Failure},
    services::Kind,
};

pub struct FloatingIp;

const PROPERTIES: &[Property] = &[
    Property::string("floating_network").required().rules(&[Rule::Custom("neutron.network")]),
    Property::string("floating_subnet").rules(&[Rule::Custom("neutron.subnet")]),
    Property::map("value_specs"),
    Property::string("port_id").updatable().rules(&[Rule::Custom("neutron.port")]),
    Property::string("fixed_ip_address").updatable().rules(&[Rule::Custom("ip_addr")]),
    Property::string("floating_ip_address").rules(&[Rule::Custom("ip_addr")]),
    Property::string("dns_name").updatable(),
    Property::string("dns_domain").updatable(),
];

const IDS: &[(&str, &str, Kind)] = &[
    ("floating_network", "floating_network_id", Kind::Network),
    ("floating_subnet", "subnet_id", Kind::Subnet),
    ("port_id", "port_id", Kind::Port),
];

#[async_trait]
impl Plugin for FloatingIp {
    fn name(&self) -> &'static str {
        "OS::Neutron::FloatingIP"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["router_id", "tenant_id", "floating_network_id", "fixed_ip_address", "floating_ip_address", "port_id", "status"]
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::FloatingIp)
    }

    async fn body(&self, cx: &Context, properties: &Properties) -> Result<Value, Failure> {
        let mut body = common::body(cx, PROPERTIES, properties);
        common::resolve(cx, &mut body, IDS).await?;
        Ok(Value::Object(body))
    }

    async fn update(&self, cx: &Context, after: &Properties, changed: &Properties) -> Result<Updated, Failure> {
        let Some(id) = cx.physical_id() else { return Ok(Updated::Replace) };
        // The port goes with every change: without it Neutron takes the address off.
        let mut changed = changed.clone();
        changed.insert("port_id".to_owned(), after.get("port_id").cloned().unwrap_or(Value::Null));
        let body = common::changes(cx, &changed, IDS, &[]).await?;
        common::update(cx, Kind::FloatingIp, &id, body).await?;
        Ok(Updated::InPlace)
    }
}

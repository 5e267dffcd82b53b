//! `OS::Octavia::LoadBalancer`: an Octavia load balancer.

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

pub struct LoadBalancer;

const PROPERTIES: &[Property] = &[
    Property::string("name").updatable(),
    Property::string("description").updatable().default(Default::Text("")),
    Property::string("vip_address").rules(&[Rule::Custom("ip_addr")]),
    Property::string("vip_subnet").rules(&[Rule::Custom("neutron.subnet")]),
    Property::string("vip_network").rules(&[Rule::Custom("neutron.network")]),
    Property::string("vip_port").rules(&[Rule::Custom("neutron.port")]),
    Property::boolean("admin_state_up").updatable().default(Default::Flag(true)),
    Property::string("provider"),
    Property::string("tenant_id"),
    Property::string("flavor"),
    Property::string("availability_zone"),
];

/// Properties that name objects, and what the service calls their ids.
const IDS: &[(&str, &str, Kind)] = &[
    ("vip_subnet", "vip_subnet_id", Kind::Subnet),
    ("vip_network", "vip_network_id", Kind::Network),
    ("vip_port", "vip_port_id", Kind::Port),
];

const RENAMES: &[(&str, &str)] = &[("flavor", "flavor_id"), ("tenant_id", "project_id")];

#[async_trait]
impl Plugin for LoadBalancer {
    fn name(&self) -> &'static str {
        "OS::Octavia::LoadBalancer"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["vip_address", "vip_port_id", "vip_subnet_id", "pools", "provisioning_status", "operating_status", "flavor_id"]
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::LoadBalancer)
    }

    fn validate(&self, properties: &Properties) -> Result<(), String> {
        let given = |name: &str| properties.get(name).is_some_and(|value| !value.is_null() && value.as_str() != Some(""));
        if ["vip_subnet", "vip_network", "vip_port"].into_iter().any(given) {
            return Ok(());
        }
        Err("At least one of the following properties must be specified: vip_subnet, vip_network, vip_port.".to_owned())
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
            common::update(cx, Kind::LoadBalancer, &id, body).await?;
        }
        Ok(Updated::InPlace)
    }

    async fn delete(&self, cx: &Context) -> Result<(), Failure> {
        match cx.physical_id() {
            Some(id) => common::delete(cx, Kind::LoadBalancer, &id).await,
            None => Ok(()),
        }
    }
}

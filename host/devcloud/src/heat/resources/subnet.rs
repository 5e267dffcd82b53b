//! `OS::Neutron::Subnet`: a subnet of a network.

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

pub struct Subnet;

const PROPERTIES: &[Property] = &[
    Property::string("network").required().rules(&[Rule::Custom("neutron.network")]),
    Property::string("cidr").rules(&[Rule::Custom("net_cidr")]),
    Property::string("subnetpool"),
    Property::integer("prefixlen"),
    Property::map("value_specs").updatable(),
    Property::string("name").updatable(),
    Property::integer("ip_version").default(Default::Integer(4)).rules(&[Rule::Range(Some(4), Some(6))]),
    Property::strings("dns_nameservers").updatable().default(Default::EmptyList),
    Property::string("gateway_ip").updatable(),
    Property::boolean("enable_dhcp").updatable().default(Default::Flag(true)),
    Property::new(
        "allocation_pools",
        Type::List(&Type::Map(&[Property::string("start").required(), Property::string("end").required()])),
    )
    .updatable(),
    Property::new("host_routes", Type::List(&Type::Map(&[Property::string("destination"), Property::string("nexthop")])))
        .updatable(),
    Property::string("ipv6_address_mode"),
    Property::string("ipv6_ra_mode"),
    Property::string("tenant_id"),
    Property::strings("tags").updatable(),
];

/// Properties that name objects, and what the service calls their ids.
const IDS: &[(&str, &str, Kind)] = &[("network", "network_id", Kind::Network)];

const RENAMES: &[(&str, &str)] = &[("subnetpool", "subnetpool_id")];

#[async_trait]
impl Plugin for Subnet {
    fn name(&self) -> &'static str {
        "OS::Neutron::Subnet"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[
            "name",
            "network_id",
            "tenant_id",
            "allocation_pools",
            "gateway_ip",
            "host_routes",
            "ip_version",
            "cidr",
            "dns_nameservers",
            "enable_dhcp",
        ]
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::Subnet)
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
            common::update(cx, Kind::Subnet, &id, body).await?;
        }
        Ok(Updated::InPlace)
    }
}

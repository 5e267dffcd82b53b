//! `OS::Neutron::SecurityGroupRule`: one rule of a security group.

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

pub struct SecurityGroupRule;

const PROPERTIES: &[Property] = &[
    Property::string("security_group").required().rules(&[Rule::Custom("neutron.security_group")]),
    Property::string("description"),
    Property::string("direction").default(Default::Text("ingress")).rules(&[Rule::Allowed(&["ingress", "egress"])]),
    Property::string("ethertype").default(Default::Text("IPv4")).rules(&[Rule::Allowed(&["IPv4", "IPv6"])]),
    Property::integer("port_range_min").rules(&[Rule::Range(Some(0), Some(65_535))]),
    Property::integer("port_range_max").rules(&[Rule::Range(Some(0), Some(65_535))]),
    Property::string("protocol"),
    Property::string("remote_group").rules(&[Rule::Custom("neutron.security_group")]),
    Property::string("remote_ip_prefix").rules(&[Rule::Custom("net_cidr")]),
];

/// Properties that name objects, and what the service calls their ids.
const IDS: &[(&str, &str, Kind)] =
    &[("security_group", "security_group_id", Kind::SecurityGroup), ("remote_group", "remote_group_id", Kind::SecurityGroup)];

const RENAMES: &[(&str, &str)] = &[];

#[async_trait]
impl Plugin for SecurityGroupRule {
    fn name(&self) -> &'static str {
        "OS::Neutron::SecurityGroupRule"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["direction", "protocol"]
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::SecurityGroupRule)
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
            common::update(cx, Kind::SecurityGroupRule, &id, body).await?;
        }
        Ok(Updated::InPlace)
    }
}

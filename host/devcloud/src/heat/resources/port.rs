//! `OS::Neutron::Port`: a port, with addresses of its own.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::{
    common,
    plugin::{Plugin, Properties, Updated},
    schema::{Default, Property, Rule, Type},
};
use crate::{
    heat::{engine::Context, error::Failure},
    services::{Kind, ServiceError},
};

pub struct Port;

const FIXED_IP: &[Property] = &[
    Property::string("subnet").rules(&[Rule::Custom("neutron.subnet")]),
    Property::string("ip_address").rules(&[Rule::Custom("ip_addr")]),
];

const PAIR: &[Property] = &[Property::string("mac_address"), Property::string("ip_address").required()];

const PROPERTIES: &[Property] = &[
    Property::string("name").updatable(),
    Property::string("network").required().rules(&[Rule::Custom("neutron.network")]),
    Property::string("device_id").updatable(),
    Property::string("device_owner").updatable(),
    Property::new("fixed_ips", Type::List(&Type::Map(FIXED_IP))).updatable(),
    Property::strings("security_groups").updatable().rules(&[Rule::Custom("neutron.security_group")]),
    Property::map("value_specs").updatable(),
    Property::boolean("admin_state_up").updatable().default(Default::Flag(true)),
    Property::new("allowed_address_pairs", Type::List(&Type::Map(PAIR))).updatable(),
    Property::string("mac_address").updatable().rules(&[Rule::Custom("mac_addr")]),
    Property::string("binding:vnic_type").updatable(),
    Property::boolean("port_security_enabled").updatable(),
    Property::string("dns_name").updatable(),
    Property::string("replacement_policy")
        .updatable()
        .default(Default::Text("AUTO"))
        .rules(&[Rule::Allowed(&["REPLACE_ALWAYS", "AUTO"])]),
    Property::strings("tags").updatable(),
];

async fn request(cx: &Context, properties: &Properties) -> Result<Properties, Failure> {
    let mut body = properties.clone();
    body.shift_remove("replacement_policy");
    common::resolve(
        cx,
        &mut body,
        &[("network", "network_id", Kind::Network), ("security_groups", "security_groups", Kind::SecurityGroup)],
    )
    .await?;
    if let Some(Value::Array(fixed)) = body.get_mut("fixed_ips") {
        for entry in fixed.iter_mut().filter_map(Value::as_object_mut) {
            common::resolve(cx, entry, &[("subnet", "subnet_id", Kind::Subnet)]).await?;
        }
    }
    if let Some(specs) = body.shift_remove("value_specs").and_then(|specs| specs.as_object().cloned()) {
        body.extend(specs);
    }
    Ok(body)
}

#[async_trait]
impl Plugin for Port {
    fn name(&self) -> &'static str {
        "OS::Neutron::Port"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[
            "admin_state_up",
            "device_id",
            "device_owner",
            "fixed_ips",
            "mac_address",
            "name",
            "network_id",
            "network",
            "security_groups",
            "status",
            "tenant_id",
            "allowed_address_pairs",
            "subnets",
            "port_security_enabled",
        ]
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::Port)
    }

    async fn body(&self, cx: &Context, properties: &Properties) -> Result<Value, Failure> {
        let mut body = request(cx, properties).await?;
        body.entry("name").or_insert_with(|| Value::String(cx.physical_name()));
        Ok(Value::Object(body))
    }

    async fn update(&self, cx: &Context, after: &Properties, changed: &Properties) -> Result<Updated, Failure> {
        if after.get("replacement_policy") == Some(&json!("REPLACE_ALWAYS")) {
            return Ok(Updated::Replace);
        }
        let mut body = request(cx, changed).await?;
        body.retain(|key, _| key != "replacement_policy");
        if let Some(id) = cx.physical_id().filter(|_| !body.is_empty()) {
            common::update(cx, Kind::Port, &id, Value::Object(body)).await?;
        }
        Ok(Updated::InPlace)
    }

    /// The addresses are freed first, so that the new port can have them.
    async fn prepare_replacement(&self, cx: &Context) -> Result<(), Failure> {
        let Some(id) = cx.physical_id() else { return Ok(()) };
        match cx.services().update(cx.scope(), Kind::Port, &id, json!({"fixed_ips": []})).await {
            Ok(_) | Err(ServiceError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn attribute(&self, cx: &Context, name: &str) -> Result<Option<Value>, Failure> {
        let Some(id) = cx.physical_id() else { return Ok(None) };
        let shown = match cx.services().show(cx.scope(), Kind::Port, &id).await {
            Err(ServiceError::NotFound { .. }) => return Ok(Some(Value::Null)),
            other => other?,
        };
        match name {
            "show" => Ok(Some(shown)),
            "subnets" => {
                let mut subnets = Vec::new();
                for address in shown.get("fixed_ips").and_then(Value::as_array).into_iter().flatten() {
                    if let Some(subnet) = address.get("subnet_id").and_then(Value::as_str) {
                        subnets.push(cx.services().show(cx.scope(), Kind::Subnet, subnet).await?);
                    }
                }
                Ok(Some(Value::Array(subnets)))
            }
            "network" => {
                let network = shown.get("network_id").and_then(Value::as_str).unwrap_or_default();
                Ok(Some(cx.services().show(cx.scope(), Kind::Network, network).await?))
            }
            _ => Ok(Some(shown.get(name).cloned().unwrap_or(Value::Null))),
        }
    }
}

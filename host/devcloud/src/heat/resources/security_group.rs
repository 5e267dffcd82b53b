//! `OS::Neutron::SecurityGroup`: a security group with its rules.

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::{
    common,
    plugin::{Plugin, Properties, Updated},
    schema::{Default, Property, Rule, Type},
};
use crate::{
    heat::{engine::Context, error::Failure},
    services::{Kind, ServiceError},
};

pub struct SecurityGroup;

const RULE: &[Property] = &[
    Property::string("direction").default(Default::Text("ingress")).rules(&[Rule::Allowed(&["ingress", "egress"])]),
    Property::string("ethertype").default(Default::Text("IPv4")).rules(&[Rule::Allowed(&["IPv4", "IPv6"])]),
    Property::integer("port_range_min").rules(&[Rule::Range(Some(0), Some(65_535))]),
    Property::integer("port_range_max").rules(&[Rule::Range(Some(0), Some(65_535))]),
    Property::string("protocol"),
    Property::string("remote_mode")
        .default(Default::Text("remote_ip_prefix"))
        .rules(&[Rule::Allowed(&["remote_ip_prefix", "remote_group_id"])]),
    Property::string("remote_group_id"),
    Property::string("remote_ip_prefix").rules(&[Rule::Custom("net_cidr")]),
];

const PROPERTIES: &[Property] = &[
    Property::string("name").updatable(),
    Property::string("description").updatable(),
    Property::new("rules", Type::List(&Type::Map(RULE))).updatable().default(Default::EmptyList),
];

#[async_trait]
impl Plugin for SecurityGroup {
    fn name(&self) -> &'static str {
        "OS::Neutron::SecurityGroup"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::SecurityGroup)
    }

    async fn create(&self, cx: &Context, properties: &Properties) -> Result<(), Failure> {
        let mut body = common::body(cx, PROPERTIES, properties);
        body.shift_remove("rules");
        let group = common::create(cx, Kind::SecurityGroup, Value::Object(body)).await?;
        let id = cx.physical_id().unwrap_or_default();
        let rules = properties.get("rules").and_then(Value::as_array).cloned().unwrap_or_default();
        // Rules for outgoing traffic take the place of the ones a new group has.
        if rules.iter().any(|rule| rule.get("direction") == Some(&json!("egress"))) {
            let own = group.get("security_group_rules").and_then(Value::as_array).into_iter().flatten();
            for rule in own.filter_map(|rule| rule.get("id")?.as_str()) {
                drop_rule(cx, rule).await?;
            }
        }
        add_rules(cx, &id, &rules).await
    }

    async fn update(&self, cx: &Context, after: &Properties, changed: &Properties) -> Result<Updated, Failure> {
        let Some(id) = cx.physical_id() else { return Ok(Updated::Replace) };
        let mut body = changed.clone();
        let rules = body.shift_remove("rules");
        if !body.is_empty() {
            common::update(cx, Kind::SecurityGroup, &id, Value::Object(body)).await?;
        }
        if rules.is_some() {
            let made = cx.data("rules").and_then(|made| made.as_array().cloned()).unwrap_or_default();
            for rule in made.iter().filter_map(Value::as_str) {
                drop_rule(cx, rule).await?;
            }
            let rules = after.get("rules").and_then(Value::as_array).cloned().unwrap_or_default();
            cx.set_data("rules", json!([]));
            add_rules(cx, &id, &rules).await?;
        }
        Ok(Updated::InPlace)
    }
}

async fn add_rules(cx: &Context, group: &str, rules: &[Value]) -> Result<(), Failure> {
    let mut made = cx.data("rules").and_then(|made| made.as_array().cloned()).unwrap_or_default();
    for rule in rules {
        let mut body: Map<String, Value> = rule.as_object().cloned().unwrap_or_default();
        let to_group = body.shift_remove("remote_mode") == Some(json!("remote_group_id"));
        if to_group {
            body.shift_remove("remote_ip_prefix");
            // Without a group to name, the group itself.
            let remote = match body.shift_remove("remote_group_id") {
                Some(Value::String(name)) if !name.is_empty() => common::id_of(cx, Kind::SecurityGroup, &name).await?,
                _ => group.to_owned(),
            };
            body.insert("remote_group_id".to_owned(), Value::String(remote));
        }
        body.insert("security_group_id".to_owned(), json!(group));
        match cx.services().create(cx.scope(), Kind::SecurityGroupRule, Value::Object(body)).await {
            Ok(rule) => {
                made.push(rule.get("id").cloned().unwrap_or_default());
                cx.set_data("rules", Value::Array(made.clone()));
            }
            // Neutron has it already.
            Err(ServiceError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

async fn drop_rule(cx: &Context, id: &str) -> Result<(), Failure> {
    match cx.services().delete(cx.scope(), Kind::SecurityGroupRule, id).await {
        Ok(()) | Err(ServiceError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

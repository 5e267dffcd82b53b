//! `OS::Neutron::RouterInterface`: a router's leg in a subnet.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::{
    common,
    plugin::{Plugin, Properties},
    schema::{Property, Rule},
};
use crate::{
    heat::{engine::Context, error::Failure},
    services::{Kind, ServiceError},
};

pub struct RouterInterface;

const PROPERTIES: &[Property] = &[
    Property::string("router").required().rules(&[Rule::Custom("neutron.router")]),
    Property::string("subnet").rules(&[Rule::Custom("neutron.subnet")]),
    Property::string("port").rules(&[Rule::Custom("neutron.port")]),
];

#[async_trait]
impl Plugin for RouterInterface {
    fn name(&self) -> &'static str {
        "OS::Neutron::RouterInterface"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn validate(&self, properties: &Properties) -> Result<(), String> {
        let given = |name: &str| properties.get(name).is_some_and(|value| !value.is_null());
        match (given("subnet"), given("port")) {
            (true, true) => Err("Cannot define the following properties at the same time: subnet, port.".to_owned()),
            (false, false) => Err("At least one of the following properties must be specified: subnet, port.".to_owned()),
            _ => Ok(()),
        }
    }

    async fn create(&self, cx: &Context, properties: &Properties) -> Result<(), Failure> {
        let router = common::id_of(cx, Kind::Router, common::text(properties, "router").unwrap_or_default()).await?;
        let (key, id) = match common::text(properties, "subnet") {
            Some(subnet) => ("subnet_id", common::id_of(cx, Kind::Subnet, subnet).await?),
            None => ("port_id", common::id_of(cx, Kind::Port, common::text(properties, "port").unwrap_or_default()).await?),
        };
        cx.services().act(cx.scope(), Kind::Router, &router, "add-router-interface", json!({key: id})).await?;
        cx.set_data("router", json!(router));
        cx.set_data("leg", json!({key: id}));
        cx.set_physical_id(&format!("{router}:{key}={id}"));
        Ok(())
    }

    async fn delete(&self, cx: &Context) -> Result<(), Failure> {
        let (Some(Value::String(router)), Some(leg)) = (cx.data("router"), cx.data("leg")) else { return Ok(()) };
        match cx.services().act(cx.scope(), Kind::Router, &router, "remove-router-interface", leg).await {
            Ok(_) | Err(ServiceError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

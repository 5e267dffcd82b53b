//! `OS::Neutron::FloatingIPAssociation`: a public address put on a port.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::{
    common,
    plugin::{Plugin, Properties, Updated},
    schema::{Property, Rule},
};
use crate::{
    heat::{engine::Context, error::Failure},
    services::{Kind, ServiceError},
};

pub struct FloatingIpAssociation;

const PROPERTIES: &[Property] = &[
    Property::string("floatingip_id").required().updatable(),
    Property::string("port_id").required().updatable().rules(&[Rule::Custom("neutron.port")]),
    Property::string("fixed_ip_address").updatable().rules(&[Rule::Custom("ip_addr")]),
];

async fn put(cx: &Context, properties: &Properties) -> Result<(), Failure> {
    let address = common::text(properties, "floatingip_id").unwrap_or_default();
    let port = common::id_of(cx, Kind::Port, common::text(properties, "port_id").unwrap_or_default()).await?;
    let mut body = json!({"port_id": port});
    if let (Some(fixed), Some(body)) = (properties.get("fixed_ip_address"), body.as_object_mut()) {
        body.insert("fixed_ip_address".to_owned(), fixed.clone());
    }
    common::update(cx, Kind::FloatingIp, address, body).await?;
    cx.set_data("floatingip_id", json!(address));
    cx.set_physical_id(&format!("{address}:{port}"));
    Ok(())
}

async fn take_off(cx: &Context) -> Result<(), Failure> {
    let Some(Value::String(address)) = cx.data("floatingip_id") else { return Ok(()) };
    match cx.services().update(cx.scope(), Kind::FloatingIp, &address, json!({"port_id": null})).await {
        Ok(_) | Err(ServiceError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[async_trait]
impl Plugin for FloatingIpAssociation {
    fn name(&self) -> &'static str {
        "OS::Neutron::FloatingIPAssociation"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    async fn create(&self, cx: &Context, properties: &Properties) -> Result<(), Failure> {
        put(cx, properties).await
    }

    async fn update(&self, cx: &Context, after: &Properties, _changed: &Properties) -> Result<Updated, Failure> {
        take_off(cx).await?;
        put(cx, after).await?;
        Ok(Updated::InPlace)
    }

    async fn delete(&self, cx: &Context) -> Result<(), Failure> {
        take_off(cx).await
    }
}

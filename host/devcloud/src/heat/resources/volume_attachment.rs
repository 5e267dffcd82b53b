//! `OS::Cinder::VolumeAttachment`: a volume in a server.

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

pub struct VolumeAttachment;

const PROPERTIES: &[Property] = &[
    Property::string("instance_uuid").required().updatable().rules(&[Rule::Custom("nova.server")]),
    Property::string("volume_id").required().updatable().rules(&[Rule::Custom("cinder.volume")]),
    Property::string("mountpoint").updatable(),
];

#[async_trait]
impl Plugin for VolumeAttachment {
    fn name(&self) -> &'static str {
        "OS::Cinder::VolumeAttachment"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    async fn create(&self, cx: &Context, properties: &Properties) -> Result<(), Failure> {
        let server = common::id_of(cx, Kind::Server, common::text(properties, "instance_uuid").unwrap_or_default()).await?;
        let volume = common::id_of(cx, Kind::Volume, common::text(properties, "volume_id").unwrap_or_default()).await?;
        let mut body = json!({"volumeId": volume});
        if let (Some(device), Some(body)) = (common::text(properties, "mountpoint"), body.as_object_mut()) {
            body.insert("device".to_owned(), json!(device));
        }
        let made = cx.services().act(cx.scope(), Kind::Server, &server, "attach-volume", body).await?;
        cx.set_data("server", json!(server));
        cx.set_data("volume", json!(volume));
        cx.set_physical_id(made.get("id").and_then(Value::as_str).unwrap_or(&volume));
        Ok(())
    }

    async fn ready(&self, cx: &Context) -> Result<bool, Failure> {
        let volume = cx.data("volume");
        let shown =
            cx.services().show(cx.scope(), Kind::Volume, volume.as_ref().and_then(Value::as_str).unwrap_or_default()).await?;
        match shown.get("status").and_then(Value::as_str) {
            Some("in-use") => Ok(true),
            Some("attaching" | "available" | "reserved") => Ok(false),
            other => Err(Failure::new(
                "ResourceUnknownStatus",
                format!("Volume attachment failed - Unknown status {}", other.unwrap_or_default()),
            )),
        }
    }

    /// A volume can be in one server at a time, so it leaves the one before it goes to the other.
    async fn update(&self, cx: &Context, after: &Properties, _changed: &Properties) -> Result<Updated, Failure> {
        self.delete(cx).await?;
        self.create(cx, after).await?;
        Ok(Updated::InPlace)
    }

    async fn delete(&self, cx: &Context) -> Result<(), Failure> {
        let (Some(Value::String(server)), Some(Value::String(volume))) = (cx.data("server"), cx.data("volume")) else {
            return Ok(());
        };
        match cx.services().act(cx.scope(), Kind::Server, &server, "detach-volume", json!({"volumeId": volume})).await {
            Ok(_) => {}
            // With the server gone, or the volume, so is the attachment.
            Err(ServiceError::NotFound { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        let mut wait = cx.waiting();
        loop {
            match cx.services().show(cx.scope(), Kind::Volume, &volume).await {
                Err(ServiceError::NotFound { .. }) => return Ok(()),
                Err(error) => return Err(error.into()),
                Ok(shown) if matches!(shown.get("status").and_then(Value::as_str), Some("in-use" | "detaching")) => {
                    wait.again().await?
                }
                Ok(_) => return Ok(()),
            }
        }
    }
}

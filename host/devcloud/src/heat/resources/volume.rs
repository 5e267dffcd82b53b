//! `OS::Cinder::Volume`: a block device.

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

pub struct Volume;

const PROPERTIES: &[Property] = &[
    Property::string("availability_zone"),
    Property::integer("size").updatable().rules(&[Rule::Range(Some(1), None)]),
    Property::string("snapshot_id"),
    Property::string("backup_id"),
    Property::string("name").updatable(),
    Property::string("description").updatable(),
    Property::string("volume_type").updatable().rules(&[Rule::Custom("cinder.vtype")]),
    Property::map("metadata").updatable().default(Default::EmptyMap),
    Property::string("image").rules(&[Rule::Custom("glance.image")]),
    Property::string("source_volid").rules(&[Rule::Custom("cinder.volume")]),
    Property::map("scheduler_hints"),
    Property::boolean("read_only").updatable(),
    Property::boolean("multiattach"),
];

/// Properties that name objects, and what the service calls their ids.
const IDS: &[(&str, &str, Kind)] = &[("image", "imageRef", Kind::Image)];

const RENAMES: &[(&str, &str)] = &[];

#[async_trait]
impl Plugin for Volume {
    fn name(&self) -> &'static str {
        "OS::Cinder::Volume"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[
            "availability_zone",
            "size",
            "snapshot_id",
            "display_name",
            "display_description",
            "volume_type",
            "metadata_values",
            "source_volid",
            "status",
            "created_at",
            "bootable",
            "encrypted",
            "attachments",
            "attachments_list",
            "multiattach",
        ]
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::Volume)
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
            common::update(cx, Kind::Volume, &id, body).await?;
        }
        Ok(Updated::InPlace)
    }
}

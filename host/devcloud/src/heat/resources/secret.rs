//! `OS::Barbican::Secret`: something kept in the key manager.

use async_trait::async_trait;
use serde_json::Value;

use super::{
    common,
    plugin::{Plugin, Properties, Updated},
    schema::{Default, Property},
};
use crate::{
    heat::{engine::Context, error::Failure},
    services::Kind,
};

pub struct Secret;

const PROPERTIES: &[Property] = &[
    Property::string("name"),
    Property::string("payload"),
    Property::string("payload_content_type"),
    Property::string("payload_content_encoding"),
    Property::string("mode"),
    Property::string("expiration"),
    Property::string("algorithm"),
    Property::integer("bit_length"),
    Property::string("secret_type").default(Default::Text("opaque")),
];

/// Properties that name objects, and what the service calls their ids.
const IDS: &[(&str, &str, Kind)] = &[];

const RENAMES: &[(&str, &str)] = &[];

#[async_trait]
impl Plugin for Secret {
    fn name(&self) -> &'static str {
        "OS::Barbican::Secret"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["status", "decrypted_payload"]
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::Secret)
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
            common::update(cx, Kind::Secret, &id, body).await?;
        }
        Ok(Updated::InPlace)
    }
}

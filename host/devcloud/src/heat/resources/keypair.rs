//! `OS::Nova::KeyPair`: a public key, given or made.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::{
    common,
    plugin::{Plugin, Properties},
    schema::{Default, Property, Rule},
};
use crate::{
    heat::{engine::Context, error::Failure},
    services::Kind,
};

pub struct KeyPair;

const PROPERTIES: &[Property] = &[
    Property::string("name").required().rules(&[Rule::Length(Some(1), Some(255))]),
    Property::boolean("save_private_key").default(Default::Flag(false)),
    Property::string("public_key"),
    Property::string("type").rules(&[Rule::Allowed(&["ssh", "x509"])]),
    Property::string("user"),
];

#[async_trait]
impl Plugin for KeyPair {
    fn name(&self) -> &'static str {
        "OS::Nova::KeyPair"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["public_key", "private_key"]
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::Keypair)
    }

    async fn create(&self, cx: &Context, properties: &Properties) -> Result<(), Failure> {
        let mut body = properties.clone();
        body.shift_remove("save_private_key");
        let made = common::create(cx, Kind::Keypair, Value::Object(body)).await?;
        cx.set_physical_id(common::text(properties, "name").unwrap_or_default());
        if properties.get("save_private_key") == Some(&json!(true))
            && let Some(key) = made.get("private_key")
        {
            cx.set_data("private_key", key.clone());
        }
        Ok(())
    }

    async fn attribute(&self, cx: &Context, name: &str) -> Result<Option<Value>, Failure> {
        let Some(id) = cx.physical_id() else { return Ok(None) };
        match name {
            "private_key" => Ok(Some(cx.data("private_key").unwrap_or_else(|| json!("")))),
            "public_key" | "show" => {
                let shown = cx.services().show(cx.scope(), Kind::Keypair, &id).await?;
                Ok(Some(if name == "show" { shown } else { shown.get("public_key").cloned().unwrap_or_default() }))
            }
            _ => Ok(None),
        }
    }
}

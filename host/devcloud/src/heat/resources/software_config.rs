//! `OS::Heat::SoftwareConfig`, and the types that keep a configuration of another make: structured, cloud-init, several parts in one.

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::{
    plugin::{Plugin, Properties},
    schema::{Default, Property, Rule, Type},
};
use crate::heat::{
    engine::{Context, state::SoftwareConfig as Config},
    error::Failure,
    hot::text,
};

/// What a configuration is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoftwareConfig {
    Script,
    Structured,
    CloudInit,
    Multipart,
}

const INPUT: &[Property] = &[
    Property::string("name").required(),
    Property::string("description").default(Default::Text("")),
    Property::string("type").default(Default::Text("String")),
    Property::new("default", Type::Any),
    Property::boolean("replace_on_change").default(Default::Flag(false)),
];

const OUTPUT: &[Property] = &[
    Property::string("name").required(),
    Property::string("description").default(Default::Text("")),
    Property::string("type").default(Default::Text("String")),
    Property::boolean("error_output").default(Default::Flag(false)),
];

const SCRIPT: &[Property] = &[
    Property::string("group").default(Default::Text("Heat::Ungrouped")),
    Property::string("config").default(Default::Text("")),
    Property::map("options").default(Default::EmptyMap),
    Property::new("inputs", Type::List(&Type::Map(INPUT))).default(Default::EmptyList),
    Property::new("outputs", Type::List(&Type::Map(OUTPUT))).default(Default::EmptyList),
];

const STRUCTURED: &[Property] = &[
    Property::string("group").default(Default::Text("Heat::Ungrouped")),
    Property::map("config").default(Default::EmptyMap),
    Property::map("options").default(Default::EmptyMap),
    Property::new("inputs", Type::List(&Type::Map(INPUT))).default(Default::EmptyList),
    Property::new("outputs", Type::List(&Type::Map(OUTPUT))).default(Default::EmptyList),
];

const CLOUD_INIT: &[Property] = &[Property::map("cloud_config").updatable()];

const PART: &[Property] = &[
    Property::string("config").required(),
    Property::string("filename").default(Default::Text("")),
    Property::string("type").default(Default::Text("text")).rules(&[Rule::Allowed(&["text", "multipart"])]),
    Property::string("subtype").default(Default::Text("")),
];

const MULTIPART: &[Property] = &[
    Property::new("parts", Type::List(&Type::Map(PART))).updatable().default(Default::EmptyList),
    Property::string("group").default(Default::Text("Heat::Ungrouped")),
];

impl SoftwareConfig {
    fn content(self, cx: &Context, properties: &Properties) -> Map<String, Value> {
        let mut body = properties.clone();
        match self {
            Self::Script | Self::Structured => {}
            Self::CloudInit => {
                let config = properties.get("cloud_config").cloned().unwrap_or_else(|| json!({}));
                let yaml = serde_yaml_ng::to_string(&config).unwrap_or_default();
                body.insert("config".to_owned(), json!(format!("#cloud-config\n{yaml}")));
            }
            Self::Multipart => {
                body.insert("config".to_owned(), json!(multipart(cx, properties)));
            }
        }
        body
    }
}

/// The parts as one MIME message; a part may name another configuration.
fn multipart(cx: &Context, properties: &Properties) -> String {
    let boundary = format!("==={}===", cx.uuid());
    let mut message = format!("Content-Type: multipart/mixed; boundary=\"{boundary}\"\nMIME-Version: 1.0\n");
    for part in properties.get("parts").and_then(Value::as_array).into_iter().flatten() {
        let of = |key: &str| part.get(key).and_then(Value::as_str).unwrap_or_default();
        let content = match cx.engine.config(&cx.scope().project_id, of("config")) {
            Ok(config) => text::display(&config.config),
            Err(_) => of("config").to_owned(),
        };
        message += &format!("\n--{boundary}\n");
        if of("type") == "multipart" {
            message += &content;
            continue;
        }
        let subtype = if !of("subtype").is_empty() {
            of("subtype")
        } else if content.starts_with("#cloud-config") {
            "cloud-config"
        } else if content.starts_with("#!") {
            "x-shellscript"
        } else {
            "plain"
        };
        message += &format!("Content-Type: text/{subtype}; charset=\"utf-8\"\nMIME-Version: 1.0\n");
        if !of("filename").is_empty() {
            message +=
                &format!("Content-Disposition: attachment; filename=\"{}\"\n", of("filename").replace(['"', '\n', '\r'], "_"));
        }
        message += &format!("\n{content}\n");
    }
    message + &format!("\n--{boundary}--\n")
}

#[async_trait]
impl Plugin for SoftwareConfig {
    fn name(&self) -> &'static str {
        match self {
            Self::Script => "OS::Heat::SoftwareConfig",
            Self::Structured => "OS::Heat::StructuredConfig",
            Self::CloudInit => "OS::Heat::CloudConfig",
            Self::Multipart => "OS::Heat::MultipartMime",
        }
    }

    fn properties(&self) -> &'static [Property] {
        match self {
            Self::Script => SCRIPT,
            Self::Structured => STRUCTURED,
            Self::CloudInit => CLOUD_INIT,
            Self::Multipart => MULTIPART,
        }
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["config"]
    }

    async fn create(&self, cx: &Context, properties: &Properties) -> Result<(), Failure> {
        let body = self.content(cx, properties);
        let config = Config::read(&cx.scope().project_id, &cx.physical_name(), &body);
        cx.set_physical_id(&cx.engine.add_config(config));
        Ok(())
    }

    fn needs_replacement(&self, _before: &Properties, _after: &Properties) -> bool {
        // A configuration never changes: what refers to it sees a new id.
        true
    }

    async fn delete(&self, cx: &Context) -> Result<(), Failure> {
        if let Some(id) = cx.physical_id() {
            let _ = cx.engine.remove_config(&cx.scope().project_id, &id);
        }
        Ok(())
    }

    async fn attribute(&self, cx: &Context, name: &str) -> Result<Option<Value>, Failure> {
        let Some(id) = cx.physical_id() else { return Ok(None) };
        let Ok(config) = cx.engine.config(&cx.scope().project_id, &id) else { return Ok(Some(Value::Null)) };
        Ok(match name {
            "config" => Some(config.config),
            "show" => Some(config.show(true)),
            _ => None,
        })
    }
}

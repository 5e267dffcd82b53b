//! `OS::Heat::WaitConditionHandle`: where a node's signals go, and the signals that came.

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::{
    plugin::{Plugin, Properties},
    schema::{Default, Property, Rule},
};
use crate::heat::{engine::Context, error::Failure};

pub struct WaitConditionHandle;

/// Signals of one handle, at most.
const MAX_SIGNALS: usize = 1_000;

const PROPERTIES: &[Property] = &[Property::string("signal_transport")
    .default(Default::Text("TOKEN_SIGNAL"))
    .rules(&[Rule::Allowed(&["CFN_SIGNAL", "TEMP_URL_SIGNAL", "HEAT_SIGNAL", "NO_SIGNAL", "ZAQAR_SIGNAL", "TOKEN_SIGNAL"])])];

/// The signals a handle has, by their ids.
#[must_use]
pub fn signals(data: &Map<String, Value>) -> Map<String, Value> {
    data.get("signals").and_then(Value::as_object).cloned().unwrap_or_default()
}

/// Keeps a signal; its id is its own, or the next number.
pub fn add(cx: &Context, details: &Value) -> Result<String, String> {
    let mut kept = cx.resource(|resource| signals(&resource.data)).unwrap_or_default();
    if kept.len() >= MAX_SIGNALS {
        return Err(format!("More than {MAX_SIGNALS} signals."));
    }
    let of = |names: [&str; 2]| names.iter().find_map(|name| details.get(*name).filter(|value| !value.is_null()));
    let status = of(["status", "Status"]).and_then(Value::as_str).unwrap_or("SUCCESS").to_uppercase();
    if !matches!(status.as_str(), "SUCCESS" | "FAILURE" | "FAILED") {
        return Err("Invalid status, expected SUCCESS or FAILURE".to_owned());
    }
    let id = of(["id", "UniqueId"]).map_or_else(|| (kept.len() + 1).to_string(), super::super::hot::text::display);
    let default = format!("Signal {id} received");
    let reason = of(["reason", "Reason"]).and_then(Value::as_str).unwrap_or(&default).to_owned();
    let data = of(["data", "Data"]).cloned().unwrap_or(Value::Null);
    kept.insert(id, json!({"status": status, "reason": reason, "data": data}));
    cx.set_data("signals", Value::Object(kept));
    Ok(format!("status:{status} reason:{reason}"))
}

#[async_trait]
impl Plugin for WaitConditionHandle {
    fn name(&self) -> &'static str {
        "OS::Heat::WaitConditionHandle"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["token", "endpoint", "curl_cli", "signal"]
    }

    async fn create(&self, cx: &Context, _properties: &Properties) -> Result<(), Failure> {
        cx.set_physical_id(&cx.physical_name());
        Ok(())
    }

    async fn delete(&self, _cx: &Context) -> Result<(), Failure> {
        Ok(())
    }

    async fn attribute(&self, cx: &Context, name: &str) -> Result<Option<Value>, Failure> {
        let endpoint = cx.engine.signal_url(cx.stack_id(), cx.name());
        let token = cx.engine.signature(cx.stack_id(), cx.name());
        Ok(match name {
            "endpoint" => Some(json!(endpoint)),
            "token" => Some(json!(token)),
            "curl_cli" => Some(json!(format!(
                "curl -i -X POST -H 'Content-Type: application/json' -H 'Accept: application/json' '{endpoint}'"
            ))),
            "signal" => Some(json!({"alarm_url": endpoint})),
            "show" => Some(json!({})),
            _ => None,
        })
    }

    async fn signal(&self, cx: &Context, details: &Value) -> Result<Value, String> {
        add(cx, details).map(Value::String)
    }
}

//! `OS::Heat::WaitCondition`: waits until a handle has had as many signals as it should.

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::{
    plugin::{Plugin, Properties, Updated},
    schema::{Default, Property, Rule},
    server, wait_condition_handle as handle,
};
use crate::{
    heat::{
        engine::{Context, signals::SIMULATED, state::Resource},
        error::Failure,
    },
    services::Kind,
};

pub struct WaitCondition;

const PROPERTIES: &[Property] = &[
    Property::string("handle").required(),
    Property::integer("timeout").updatable().required().rules(&[Rule::Range(Some(1), Some(43_200))]),
    Property::integer("count").updatable().default(Default::Integer(1)).rules(&[Rule::Range(Some(1), None)]),
];

/// The handle that the condition waits for: a resource whose reference is the property.
fn handle_of(cx: &Context) -> Option<(String, Resource)> {
    let wanted = cx.property("handle")?;
    cx.engine.read(|state| {
        let root = state.root_of(cx.stack_id());
        state.tree(root).iter().filter_map(|id| state.stacks.get(id)).find_map(|stack| {
            let found = stack.resources.values().find(|resource| resource.reference.as_ref() == Some(&wanted))?;
            Some((stack.id.clone(), found.clone()))
        })
    })
}

/// Servers of the tree that were given the handle's URL, with whether each is up.
async fn senders(cx: &Context, stack: &str, handle: &Resource) -> Vec<(String, bool)> {
    let sign = cx.engine.signature(stack, &handle.name);
    let servers: Vec<(String, Properties)> = cx.engine.read(|state| {
        let root = state.root_of(cx.stack_id());
        let stacks = state.tree(root).into_iter().filter_map(|id| state.stacks.get(&id).cloned());
        stacks
            .flat_map(|stack| stack.resources.into_values())
            .filter(|resource| resource.resolved == "OS::Nova::Server")
            .filter_map(|resource| Some((resource.physical_id?, resource.properties)))
            .collect()
    });
    let mut senders = Vec::new();
    for (id, properties) in servers {
        if !server::user_data(cx, &properties).contains(&sign) {
            continue;
        }
        let shown = cx.services().show(cx.scope(), Kind::Server, &id).await;
        let up = shown.is_ok_and(|shown| shown.get("status").and_then(Value::as_str) == Some("ACTIVE"));
        senders.push((id, up));
    }
    senders
}

#[async_trait]
impl Plugin for WaitCondition {
    fn name(&self) -> &'static str {
        "OS::Heat::WaitCondition"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["data"]
    }

    async fn create(&self, cx: &Context, _properties: &Properties) -> Result<(), Failure> {
        cx.set_physical_id(&cx.physical_name());
        Ok(())
    }

    async fn ready(&self, cx: &Context) -> Result<bool, Failure> {
        let Some((stack, handle)) = handle_of(cx) else {
            return Err(Failure::new("ValueError", "The handle is not a WaitConditionHandle of this stack."));
        };
        let count = cx.property("count").and_then(|count| count.as_u64()).unwrap_or(1);
        let signals = handle::signals(&handle.data);
        let failed: Vec<&str> = signals
            .values()
            .filter(|signal| signal.get("status") != Some(&json!("SUCCESS")))
            .filter_map(|signal| signal.get("reason")?.as_str())
            .collect();
        if !failed.is_empty() {
            return Err(Failure::new("WaitConditionFailure", failed.join(";")));
        }
        let received = u64::try_from(signals.len()).unwrap_or(u64::MAX);
        if received >= count {
            return Ok(true);
        }
        let limit = cx.property("timeout").and_then(|limit| limit.as_u64()).unwrap_or(43_200);
        if cx.age() >= std::time::Duration::from_secs(limit) {
            return Err(Failure::new("WaitConditionTimeout", format!("{received} of {count} received")));
        }
        let senders = senders(cx, &stack, &handle).await;
        let alone = senders.len() == 1;
        if !cx.settled(senders.iter().any(|(_, up)| *up)) {
            return Ok(false);
        }
        let to = Context::new(cx.engine.clone(), cx.control.clone(), &stack, &handle);
        for (server, _) in senders.iter().filter(|(_, up)| *up) {
            // A server on its own gives all the signals there should be.
            for turn in 0..if alone { count } else { 1 } {
                let id = if turn == 0 { server.clone() } else { format!("{server}/{turn}") };
                let _ = handle::add(&to, &json!({"status": "SUCCESS", "id": id, "reason": SIMULATED}));
            }
        }
        cx.engine.signalled();
        Ok(false)
    }

    async fn update(&self, _cx: &Context, _after: &Properties, _changed: &Properties) -> Result<Updated, Failure> {
        Ok(Updated::InPlace)
    }

    async fn delete(&self, _cx: &Context) -> Result<(), Failure> {
        Ok(())
    }

    async fn attribute(&self, cx: &Context, name: &str) -> Result<Option<Value>, Failure> {
        if name != "data" {
            return Ok((name == "show").then(|| json!({})));
        }
        let signals = handle_of(cx).map(|(_, handle)| handle::signals(&handle.data)).unwrap_or_default();
        let data: Map<String, Value> =
            signals.into_iter().map(|(id, signal)| (id, signal.get("data").cloned().unwrap_or(Value::Null))).collect();
        Ok(Some(Value::String(Value::Object(data).to_string())))
    }
}

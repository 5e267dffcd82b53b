//! `resources` of a stack.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::{
    caller::{Caller, object},
    stacks, view,
};
use crate::heat::{
    Engine,
    engine::{
        MAX_DEPTH, Sketched,
        signals::missing,
        state::{Resource, Stack},
    },
    error::Result,
};

type Target = Path<(String, String, String, String)>;

/// The resources of a stack, and of those nested in it down to a depth.
fn collect(engine: &Engine, root: Stack, depth: usize) -> Vec<(Stack, Resource)> {
    let mut found = Vec::new();
    let mut level = vec![root];
    for _ in 0..=depth.min(MAX_DEPTH) {
        let mut next = Vec::new();
        for stack in level {
            for resource in stack.resources.values() {
                let nested = resource.physical_id.as_ref().and_then(|id| engine.read(|state| state.stacks.get(id).cloned()));
                next.extend(nested);
                found.push((stack.clone(), resource.clone()));
            }
        }
        level = next;
    }
    found
}

pub async fn list(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, _, id)): Path<(String, String, String)>,
) -> Result<Json<Value>> {
    let root = engine.stack(&caller.scope, &id, Stack::clone)?;
    let query = &caller.query;
    let depth = query.number("nested_depth")?.unwrap_or(0);
    let kept = |name: &str, value: &str| {
        let mut wanted = query.all(name).peekable();
        wanted.peek().is_none() || wanted.any(|wanted| wanted == value)
    };
    let mut shown = Vec::new();
    for (stack, resource) in collect(&engine, root, depth) {
        let status = resource.status.name();
        let full = format!("{}_{status}", resource.action.name());
        let fits = kept("name", &resource.name)
            && kept("type", &resource.kind)
            && kept("action", resource.action.name())
            && (kept("status", status) || kept("status", &full))
            && kept("id", &resource.uuid)
            && kept("physical_resource_id", resource.physical_id.as_deref().unwrap_or_default());
        if !fits {
            continue;
        }
        let mut entry = view::resource(&engine, &caller, &stack, &resource);
        if query.flag("with_detail")? {
            entry.insert("attributes".to_owned(), Value::Object(engine.shown_attributes(&stack.id, &resource.name).await));
            entry.insert("description".to_owned(), json!(resource.description));
        }
        shown.push(Value::Object(entry));
    }
    Ok(Json(json!({"resources": shown})))
}

fn find(engine: &Engine, caller: &Caller, id: &str, name: &str) -> Result<(Stack, Resource)> {
    let stack = engine.stack(&caller.scope, id, Stack::clone)?;
    let resource = stack.resources.get(name).cloned().ok_or_else(|| missing(name, &stack.name))?;
    Ok((stack, resource))
}

pub async fn show(State(engine): State<Arc<Engine>>, caller: Caller, Path((_, _, id, name)): Target) -> Result<Json<Value>> {
    let (stack, resource) = find(&engine, &caller, &id, &name)?;
    let mut shown = view::resource(&engine, &caller, &stack, &resource);
    let mut attributes = engine.shown_attributes(&stack.id, &resource.name).await;
    for wanted in caller.query.all("with_attr") {
        let value = engine.attribute(&stack.id, &resource.name, wanted).await.unwrap_or(Value::Null);
        attributes.insert(wanted.to_owned(), value);
    }
    shown.insert("attributes".to_owned(), Value::Object(attributes));
    shown.insert("description".to_owned(), json!(resource.description));
    Ok(Json(json!({"resource": shown})))
}

pub async fn metadata(State(engine): State<Arc<Engine>>, caller: Caller, Path((_, _, id, name)): Target) -> Result<Json<Value>> {
    let (_, resource) = find(&engine, &caller, &id, &name)?;
    let metadata = if resource.metadata.is_null() { json!({}) } else { resource.metadata };
    Ok(Json(json!({"metadata": metadata})))
}

pub async fn mark_unhealthy(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, _, id, name)): Target,
    body: Bytes,
) -> Result<StatusCode> {
    let body = object(&body)?;
    let unhealthy = stacks::flag(&body, "mark_unhealthy")?
        .ok_or_else(|| super::caller::bad("Missing mandatory (mark_unhealthy) key from mark unhealthy request"))?;
    let reason = body.get("resource_status_reason").and_then(Value::as_str).unwrap_or_default();
    engine.mark_unhealthy(&caller.scope, &id, &name, unhealthy, reason)?;
    Ok(StatusCode::OK)
}

/// A resource of a stack that is not made yet.
pub fn sketched(stack: &str, resource: &Sketched) -> Value {
    json!({
        "resource_name": resource.name, "logical_resource_id": resource.name, "physical_resource_id": "",
        "resource_type": resource.kind, "resource_status": "INIT_COMPLETE", "resource_status_reason": "",
        "resource_action": "INIT", "description": resource.description, "required_by": resource.required_by,
        "properties": known(&resource.properties), "metadata": {}, "attributes": {}, "stack_name": stack,
        "stack_identity": {"stack_name": stack, "stack_id": "None", "path": ""},
        "resources": resource.nested.iter().map(|inner| sketched(stack, inner)).collect::<Vec<_>>(),
    })
}

/// Properties without those that are not known yet.
fn known(properties: &crate::heat::resources::plugin::Properties) -> Value {
    let known = properties.iter().filter(|(_, value)| !crate::heat::hot::eval::is_unknown(value));
    Value::Object(known.map(|(key, value)| (key.clone(), value.clone())).collect())
}

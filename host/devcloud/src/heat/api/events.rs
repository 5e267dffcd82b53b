//! `events` of stacks and resources.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};

use super::{caller::Caller, view};
use crate::heat::{
    Engine, HeatError,
    engine::state::{Event, Stack},
    error::Result,
};

/// The events of a stack, and of those nested in it down to a depth, oldest first.
fn collect(engine: &Engine, root: &Stack, depth: usize) -> Vec<(Stack, Event)> {
    let mut level = vec![root.clone()];
    let mut events = Vec::new();
    for _ in 0..=depth {
        let mut next = Vec::new();
        for stack in level {
            next.extend(engine.read(|state| state.children(&stack.id).cloned().collect::<Vec<_>>()));
            events.extend(stack.events.iter().map(|event| (stack.clone(), event.clone())));
        }
        level = next;
    }
    events.sort_by_key(|(_, event)| event.moment);
    events
}

fn answer(engine: &Engine, caller: &Caller, id: &str, resource: Option<&str>) -> Result<Json<Value>> {
    let root = engine.stack(&caller.scope, id, Stack::clone)?;
    let query = &caller.query;
    let mut events = collect(engine, &root, query.number("nested_depth")?.unwrap_or(0));
    if let Some(resource) = resource {
        events.retain(|(stack, event)| event.resource_name == resource && stack.id == root.id);
    }
    let kept = |name: &str, value: &str| {
        let mut wanted = query.all(name).peekable();
        wanted.peek().is_none() || wanted.any(|wanted| wanted == value)
    };
    events.retain(|(_, event)| {
        kept("resource_name", &event.resource_name)
            && kept("resource_type", &event.resource_type)
            && kept("resource_action", event.action.name())
            && kept("resource_status", event.status.name())
    });
    if query.get("sort_dir") == Some("desc") {
        events.reverse();
    }
    if let Some(marker) = query.get("marker") {
        let at = events.iter().position(|(_, event)| event.id == marker).ok_or_else(|| HeatError::not_found("Event", marker))?;
        events.drain(..=at);
    }
    if let Some(limit) = query.number("limit")? {
        events.truncate(limit);
    }
    let shown: Vec<Value> = events.iter().map(|(stack, event)| view::event(caller, &root, stack, event, false)).collect();
    Ok(Json(json!({"events": shown})))
}

pub async fn list(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, _, id)): Path<(String, String, String)>,
) -> Result<Json<Value>> {
    answer(&engine, &caller, &id, None)
}

pub async fn of_resource(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, _, id, resource)): Path<(String, String, String, String)>,
) -> Result<Json<Value>> {
    answer(&engine, &caller, &id, Some(&resource))
}

pub async fn show(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, _, id, _, event)): Path<(String, String, String, String, String)>,
) -> Result<Json<Value>> {
    let stack = engine.stack(&caller.scope, &id, Stack::clone)?;
    let found = stack.events.iter().find(|kept| kept.id == event).ok_or_else(|| HeatError::not_found("Event", &event))?;
    Ok(Json(json!({"event": view::event(&caller, &stack, &stack, found, true)})))
}

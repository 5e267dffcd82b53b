//! Stacks, resources and events as answers show them.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::caller::Caller;
use crate::heat::{
    Engine,
    engine::state::{Event, Resource, Stack},
};

impl Caller {
    pub fn stack_url(&self, stack: &Stack) -> String {
        format!("{}/stacks/{}/{}", self.base, stack.name, stack.id)
    }

    pub fn resource_url(&self, stack: &Stack, resource: &str) -> String {
        let name = percent_encoding::utf8_percent_encode(resource, percent_encoding::NON_ALPHANUMERIC).to_string();
        // Names are mostly plain; only what must be is escaped.
        let plain = resource.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        format!("{}/resources/{}", self.stack_url(stack), if plain { resource } else { &name })
    }
}

fn link(href: String, rel: &str) -> Value {
    json!({"href": href, "rel": rel})
}

/// One entry of a list of stacks.
pub fn summary(caller: &Caller, stack: &Stack) -> Value {
    json!({
        "id": stack.id,
        "stack_name": stack.name,
        "description": stack.blueprint.template.description,
        "stack_status": crate::heat::engine::state_name(stack),
        "stack_status_reason": stack.reason,
        "creation_time": stack.created,
        "updated_time": stack.updated,
        "deletion_time": stack.deleted,
        "stack_owner": null,
        "parent": stack.parent.as_ref().map(|parent| &parent.stack),
        "stack_user_project_id": stack.owner.project_id,
        "project": stack.owner.project_id,
        "tags": if stack.tags.is_empty() { Value::Null } else { json!(stack.tags) },
        "links": [link(caller.stack_url(stack), "self")],
    })
}

/// A whole stack.
pub async fn stack(engine: &Arc<Engine>, caller: &Caller, stack: &Stack, resolve_outputs: bool) -> Value {
    let mut shown = summary(caller, stack);
    let mut parameters = stack.blueprint.parameters.shown();
    parameters.insert("OS::project_id".to_owned(), json!(stack.owner.project_id));
    parameters.insert("OS::stack_id".to_owned(), json!(stack.id));
    parameters.insert("OS::stack_name".to_owned(), json!(stack.name));
    let description = match stack.blueprint.template.description.as_str() {
        "" => "No description",
        description => description,
    };
    let Some(map) = shown.as_object_mut() else { return shown };
    map.remove("project");
    for (key, value) in [
        ("description", json!(description)),
        ("template_description", json!(description)),
        ("parameters", Value::Object(parameters)),
        ("disable_rollback", json!(stack.disable_rollback)),
        ("timeout_mins", json!(stack.timeout_mins)),
        ("capabilities", json!([])),
        ("notification_topics", json!([])),
    ] {
        map.insert(key.to_owned(), value);
    }
    if resolve_outputs && stack.is_live() {
        map.insert("outputs".to_owned(), Value::Array(engine.outputs(&stack.id, true).await));
    }
    shown
}

/// A resource in a list.
pub fn resource(engine: &Engine, caller: &Caller, stack: &Stack, resource: &Resource) -> Map<String, Value> {
    let required_by: Vec<&str> = stack
        .resources
        .values()
        .filter(|other| other.requires.contains(&resource.name))
        .map(|other| other.name.as_str())
        .collect();
    let mut links = vec![link(caller.resource_url(stack, &resource.name), "self"), link(caller.stack_url(stack), "stack")];
    let nested = resource.physical_id.as_ref().and_then(|id| engine.read(|state| state.stacks.get(id).cloned()));
    if let Some(nested) = nested {
        links.push(link(caller.stack_url(&nested), "nested"));
    }
    let mut shown = json!({
        "resource_name": resource.name,
        "logical_resource_id": resource.name,
        "physical_resource_id": resource.physical_id.clone().unwrap_or_default(),
        "resource_type": resource.kind,
        "resource_status": format!("{}_{}", resource.action.name(), resource.status.name()),
        "resource_status_reason": resource.reason,
        "creation_time": resource.created,
        "updated_time": resource.updated,
        "required_by": required_by,
        "links": links,
    });
    let Some(map) = shown.as_object_mut() else { return Map::new() };
    if let Some(parent) = &stack.parent {
        map.insert("parent_resource".to_owned(), json!(parent.resource));
    }
    std::mem::take(map)
}

/// An event; `whole` adds the resource's type and properties.
pub fn event(caller: &Caller, root: &Stack, stack: &Stack, event: &Event, whole: bool) -> Value {
    let mut links = vec![
        link(format!("{}/events/{}", caller.resource_url(stack, &event.resource_name), event.id), "self"),
        link(caller.resource_url(stack, &event.resource_name), "resource"),
        link(caller.stack_url(stack), "stack"),
    ];
    if root.id != stack.id {
        links.push(link(caller.stack_url(root), "root_stack"));
    }
    let mut shown = json!({
        "id": event.id,
        "resource_name": event.resource_name,
        "logical_resource_id": event.resource_name,
        "physical_resource_id": event.physical_id,
        "resource_status": format!("{}_{}", event.action.name(), event.status.name()),
        "resource_status_reason": event.reason,
        "event_time": event.time,
        "links": links,
    });
    if whole && let Some(shown) = shown.as_object_mut() {
        shown.insert("resource_type".to_owned(), json!(event.resource_type));
        shown.insert("resource_properties".to_owned(), json!(event.properties));
    }
    shown
}

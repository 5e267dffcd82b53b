//! `stacks`: list, create, look up, show, delete, preview.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{StatusCode, header};
use serde_json::{Map, Value, json};

use super::{
    caller::{Caller, bad, object},
    view,
};
use crate::heat::{
    Engine, HeatError,
    engine::{NewStack, blueprint::Request, state::Stack, state_name},
    error::{ErrorKind, Result},
    hot::text,
};

/// Reads the part of a body that describes a stack.
pub fn request(body: &Map<String, Value>) -> Result<Request> {
    let section = |name: &str| match body.get(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(map)) => Ok(map.clone()),
        Some(_) => Err(bad(format!("\"{name}\" must be a map"))),
    };
    let list = |name: &str| match body.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => Ok(items.iter().map(text::display).collect()),
        Some(_) => Err(bad(format!("\"{name}\" must be a list"))),
    };
    if body.get("template_url").is_some_and(|url| !url.is_null()) && body.get("template").is_none_or(Value::is_null) {
        return Err(bad("Could not retrieve template: this simulated Heat fetches nothing; send the template itself."));
    }
    let files = section("files")?
        .into_iter()
        .map(|(name, content)| match content {
            Value::String(content) => (name, content),
            // Clients parse nested templates and send them as objects.
            other => (name, other.to_string()),
        })
        .collect();
    Ok(Request {
        template: body.get("template").filter(|template| !template.is_null()).cloned(),
        files,
        environment: body.get("environment").cloned().unwrap_or_default(),
        environment_files: list("environment_files")?,
        parameters: section("parameters")?,
        clear_parameters: list("clear_parameters")?,
    })
}

pub fn timeout(body: &Map<String, Value>) -> Result<Option<u64>> {
    match body.get("timeout_mins") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => text::number(value).and_then(|number| number.as_u64()).map(Some).ok_or_else(|| {
            bad(format!("Only integer is allowed for the parameter \"timeout_mins\"; got {}", text::display(value)))
        }),
    }
}

pub fn tags(body: &Map<String, Value>) -> Result<Option<Vec<String>>> {
    let tags: Vec<String> = match body.get("tags") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(tags)) => tags.split(',').map(str::to_owned).collect(),
        Some(Value::Array(tags)) => tags.iter().map(text::display).collect(),
        Some(_) => return Err(bad("Invalid tags, not a list")),
    };
    match tags.iter().find(|tag| tag.len() > 80) {
        Some(tag) => Err(bad(format!("Invalid tag, \"{tag}\" is longer than 80 characters"))),
        None => Ok(Some(tags)),
    }
}

pub fn flag(body: &Map<String, Value>, name: &str) -> Result<Option<bool>> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => text::boolean(value).map(Some).ok_or_else(|| {
            bad(format!("Unrecognized value \"{}\" for \"{name}\", acceptable values are: true, false", text::display(value)))
        }),
    }
}

fn new_stack(body: &Map<String, Value>) -> Result<NewStack> {
    let name = body.get("stack_name").and_then(Value::as_str).ok_or_else(|| bad("No stack name specified"))?;
    Ok(NewStack {
        name: name.to_owned(),
        request: request(body)?,
        timeout_mins: timeout(body)?,
        disable_rollback: flag(body, "disable_rollback")?.unwrap_or(true),
        tags: tags(body)?.unwrap_or_default(),
    })
}

pub async fn create(State(engine): State<Arc<Engine>>, caller: Caller, body: Bytes) -> Result<Response> {
    let identity = engine.create(&caller.scope, new_stack(&object(&body)?)?).await?;
    let href = format!("{}/stacks/{}/{}", caller.base, identity.name, identity.id);
    let answer = json!({"stack": {"id": identity.id, "links": [{"href": href, "rel": "self"}]}});
    Ok((StatusCode::CREATED, [(header::LOCATION, href)], Json(answer)).into_response())
}

pub async fn preview(State(engine): State<Arc<Engine>>, caller: Caller, body: Bytes) -> Result<Json<Value>> {
    let new = new_stack(&object(&body)?)?;
    let (blueprint, resources) = engine.sketch(&caller.scope, &new).await?;
    let resources: Vec<Value> = resources.iter().map(|sketched| super::resources::sketched(&new.name, sketched)).collect();
    Ok(Json(json!({"stack": {
        "id": "None", "stack_name": new.name, "description": blueprint.template.description,
        "template_description": blueprint.template.description, "parameters": blueprint.parameters.shown(),
        "resources": resources, "disable_rollback": new.disable_rollback, "timeout_mins": new.timeout_mins,
        "tags": new.tags, "capabilities": [], "notification_topics": [], "parent": null, "stack_owner": null,
        "creation_time": crate::heat::engine::state::now(), "updated_time": null, "deletion_time": null, "links": [],
    }})))
}

fn matches(caller: &Caller, stack: &Stack) -> Result<bool> {
    let query = &caller.query;
    let any = |name: &str, value: &str| {
        let mut wanted = query.all(name).flat_map(|values| values.split(',')).peekable();
        wanted.peek().is_none() || wanted.any(|wanted| wanted == value)
    };
    let tagged =
        |name: &str| -> Vec<String> { query.get(name).into_iter().flat_map(|tags| tags.split(',')).map(str::to_owned).collect() };
    let has = |tag: &String| stack.tags.contains(tag);
    let state = state_name(stack);
    let by_status = query.all("status").chain(query.all("stack_status")).collect::<Vec<_>>();
    let status = by_status.is_empty() || by_status.iter().any(|wanted| *wanted == state || *wanted == stack.status.name());
    let (all, some, none, not_any) = (tagged("tags"), tagged("tags_any"), tagged("not_tags"), tagged("not_tags_any"));
    Ok(stack.owner.project_id == caller.scope.project_id
        && (stack.is_live() || query.flag("show_deleted")?)
        && (stack.parent.is_none() || query.flag("show_nested")?)
        && any("id", &stack.id)
        && any("name", &stack.name)
        && any("stack_name", &stack.name)
        && any("action", stack.action.name())
        && status
        && all.iter().all(has)
        && (some.is_empty() || some.iter().any(has))
        && (none.is_empty() || !none.iter().all(has))
        && !not_any.iter().any(has))
}

/// The stacks that the query asks for, and how many there are without its limit.
fn select(engine: &Engine, caller: &Caller) -> Result<(Vec<Stack>, usize)> {
    let query = &caller.query;
    let stacks: Vec<Stack> = engine.read(|state| state.stacks.values().cloned().collect());
    let mut selected = Vec::new();
    for stack in stacks {
        if matches(caller, &stack)? {
            selected.push(stack);
        }
    }
    let key = query.get("sort_keys").unwrap_or("creation_time").to_owned();
    selected.sort_by_cached_key(|stack| {
        let first = match key.as_str() {
            "name" | "stack_name" => stack.name.clone(),
            "status" | "stack_status" => state_name(stack),
            "updated_at" | "updated_time" => stack.updated.clone().unwrap_or_default(),
            _ => stack.created.clone(),
        };
        (first, stack.id.clone())
    });
    // Newest first, unless told otherwise.
    let ascending = query.get("sort_dir").map_or(query.get("sort_keys").is_some(), |direction| direction == "asc");
    if !ascending {
        selected.reverse();
    }
    let count = selected.len();
    if let Some(marker) = query.get("marker") {
        let at = selected.iter().position(|stack| stack.id == marker).ok_or_else(|| HeatError::not_found("Stack", marker))?;
        selected.drain(..=at);
    }
    if let Some(limit) = query.number("limit")? {
        selected.truncate(limit);
    }
    Ok((selected, count))
}

pub async fn list(State(engine): State<Arc<Engine>>, caller: Caller) -> Result<Json<Value>> {
    let (stacks, count) = select(&engine, &caller)?;
    let mut answer = json!({"stacks": stacks.iter().map(|stack| view::summary(&caller, stack)).collect::<Vec<_>>()});
    if caller.query.flag("with_count")?
        && let Some(answer) = answer.as_object_mut()
    {
        answer.insert("count".to_owned(), json!(count));
    }
    Ok(Json(answer))
}

pub async fn detail(State(engine): State<Arc<Engine>>, caller: Caller) -> Result<Json<Value>> {
    let mut stacks = Vec::new();
    for stack in select(&engine, &caller)?.0 {
        stacks.push(view::stack(&engine, &caller, &stack, false).await);
    }
    Ok(Json(json!({"stacks": stacks})))
}

/// By name, or by id: to the URL with both.
fn redirect(engine: &Engine, caller: &Caller, name: &str, below: &str, query: Option<&str>) -> Result<Response> {
    let identity = engine.find(&caller.scope, name)?;
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let location = format!("{}/stacks/{}/{}{below}{query}", caller.base, identity.name, identity.id);
    Ok((StatusCode::FOUND, [(header::LOCATION, location)]).into_response())
}

pub async fn lookup(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, name)): Path<(String, String)>,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> Result<Response> {
    redirect(&engine, &caller, &name, "", query.as_deref())
}

fn is_below(id: &str) -> bool {
    matches!(id, "resources" | "events" | "template" | "actions" | "environment" | "files" | "outputs")
}

/// `POST /stacks/{name}/actions` and the like, without the id.
pub async fn lookup_below(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, name, id)): Path<(String, String, String)>,
) -> Result<Response> {
    if is_below(&id) {
        return redirect(&engine, &caller, &name, &format!("/{id}"), None);
    }
    Err(HeatError::new(ErrorKind::BadRequest, "The method POST is not allowed for a stack."))
}

pub async fn show(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, name, id)): Path<(String, String, String)>,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> Result<Response> {
    if is_below(&id) {
        return redirect(&engine, &caller, &name, &format!("/{id}"), query.as_deref());
    }
    let stack = engine.stack(&caller.scope, &id, Stack::clone)?;
    let resolve = caller.query.flag_or("resolve_outputs", true)?;
    Ok(Json(json!({"stack": view::stack(&engine, &caller, &stack, resolve).await})).into_response())
}

pub async fn delete(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, _, id)): Path<(String, String, String)>,
) -> Result<StatusCode> {
    engine.delete(&caller.scope, &id)?;
    Ok(StatusCode::NO_CONTENT)
}

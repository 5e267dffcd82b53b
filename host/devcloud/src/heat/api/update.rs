//! `PUT` and `PATCH` of a stack, and their previews.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{
    caller::{Caller, object},
    stacks,
};
use crate::heat::{Engine, engine::UpdateStack, error::Result};

type Target = Path<(String, String, String)>;

fn update(body: &Map<String, Value>, existing: bool) -> Result<UpdateStack> {
    Ok(UpdateStack {
        request: stacks::request(body)?,
        // `existing` may also be said in the body of a PUT.
        existing: existing || stacks::flag(body, "existing")?.unwrap_or(false),
        timeout_mins: stacks::timeout(body)?,
        disable_rollback: stacks::flag(body, "disable_rollback")?,
        tags: stacks::tags(body)?,
    })
}

pub async fn put(State(engine): State<Arc<Engine>>, caller: Caller, Path((_, _, id)): Target, body: Bytes) -> Result<StatusCode> {
    engine.update(&caller.scope, &id, update(&object(&body)?, false)?).await?;
    Ok(StatusCode::ACCEPTED)
}

pub async fn patch(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, _, id)): Target,
    body: Bytes,
) -> Result<StatusCode> {
    engine.update(&caller.scope, &id, update(&object(&body)?, true)?).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn previewed(engine: Arc<Engine>, caller: Caller, id: String, body: Bytes, existing: bool) -> Result<Json<Value>> {
    let nested = caller.query.flag("show_nested")?;
    let preview = engine.preview_update(&caller.scope, &id, &update(&object(&body)?, existing)?, nested).await?;
    let list = |items: &[crate::heat::engine::Previewed]| -> Vec<Value> {
        items
            .iter()
            .map(|item| {
                let name = engine.read(|state| state.stacks.get(&item.stack).map(|stack| stack.name.clone())).unwrap_or_default();
                json!({
                    "resource_name": item.name, "logical_resource_id": item.name, "resource_type": item.kind,
                    "physical_resource_id": item.physical_id, "properties": item.properties,
                    "stack_identity": {"stack_id": item.stack, "stack_name": name, "tenant": caller.scope.project_id, "path": ""},
                    "stack_name": name,
                })
            })
            .collect()
    };
    Ok(Json(json!({"resource_changes": {
        "unchanged": list(&preview.unchanged),
        "updated": list(&preview.updated),
        "replaced": list(&preview.replaced),
        "added": list(&preview.added),
        "deleted": list(&preview.deleted),
    }})))
}

pub async fn preview(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, _, id)): Target,
    body: Bytes,
) -> Result<Json<Value>> {
    previewed(engine, caller, id, body, false).await
}

pub async fn preview_patch(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, _, id)): Target,
    body: Bytes,
) -> Result<Json<Value>> {
    previewed(engine, caller, id, body, true).await
}

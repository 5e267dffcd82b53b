//! `software_configs` and `software_deployments`.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::caller::{Caller, bad, object};
use crate::heat::{
    Engine,
    engine::{
        software::NewDeployment,
        state::{Action, SoftwareConfig, Status},
    },
    error::Result,
};

type Target = Path<(String, String)>;

pub async fn list_configs(State(engine): State<Arc<Engine>>, caller: Caller) -> Result<Json<Value>> {
    let limit = caller.query.number("limit")?.unwrap_or(usize::MAX);
    let marker = caller.query.get("marker").map(str::to_owned);
    let configs: Vec<Value> = engine.read(|state| {
        let own = state.configs.values().filter(|config| config.project_id == caller.scope.project_id);
        own.filter(|config| marker.as_ref().is_none_or(|marker| config.id > *marker))
            .take(limit)
            .map(|config| config.show(false))
            .collect()
    });
    Ok(Json(json!({"software_configs": configs})))
}

pub async fn create_config(State(engine): State<Arc<Engine>>, caller: Caller, body: Bytes) -> Result<Json<Value>> {
    let config = SoftwareConfig::read(&caller.scope.project_id, "", &object(&body)?);
    let shown = config.show(true);
    engine.add_config(config);
    Ok(Json(json!({"software_config": shown})))
}

pub async fn show_config(State(engine): State<Arc<Engine>>, caller: Caller, Path((_, id)): Target) -> Result<Json<Value>> {
    Ok(Json(json!({"software_config": engine.config(&caller.scope.project_id, &id)?.show(true)})))
}

pub async fn delete_config(State(engine): State<Arc<Engine>>, caller: Caller, Path((_, id)): Target) -> Result<StatusCode> {
    engine.remove_config(&caller.scope.project_id, &id)?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn list_deployments(State(engine): State<Arc<Engine>>, caller: Caller) -> Result<Json<Value>> {
    let server = caller.query.get("server_id").map(str::to_owned);
    let deployments: Vec<Value> = engine.read(|state| {
        let own = state.deployments.values().filter(|deployment| deployment.project_id == caller.scope.project_id);
        own.filter(|deployment| server.as_ref().is_none_or(|server| deployment.server_id == *server))
            .map(|deployment| deployment.show())
            .collect()
    });
    Ok(Json(json!({"software_deployments": deployments})))
}

fn text(body: &Map<String, Value>, name: &str) -> String {
    body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

pub async fn create_deployment(State(engine): State<Arc<Engine>>, caller: Caller, body: Bytes) -> Result<Json<Value>> {
    let body = object(&body)?;
    let status = match text(&body, "status").as_str() {
        "" | "COMPLETE" => Status::Complete,
        "IN_PROGRESS" => Status::InProgress,
        "FAILED" => Status::Failed,
        other => return Err(bad(format!("Invalid status {other}"))),
    };
    let action = match text(&body, "action").as_str() {
        "" | "INIT" => Action::Init,
        "CREATE" => Action::Create,
        "UPDATE" => Action::Update,
        "DELETE" => Action::Delete,
        other => return Err(bad(format!("Invalid action {other}"))),
    };
    let id = engine.add_deployment(&NewDeployment {
        project_id: caller.scope.project_id.clone(),
        config_id: text(&body, "config_id"),
        server_id: text(&body, "server_id"),
        action,
        status,
        reason: text(&body, "status_reason"),
        input_values: body.get("input_values").cloned().unwrap_or_else(|| json!({})),
        own_inputs: Map::new(),
    })?;
    Ok(Json(json!({"software_deployment": engine.deployment(&caller.scope.project_id, &id)?.show()})))
}

pub async fn show_deployment(State(engine): State<Arc<Engine>>, caller: Caller, Path((_, id)): Target) -> Result<Json<Value>> {
    Ok(Json(json!({"software_deployment": engine.deployment(&caller.scope.project_id, &id)?.show()})))
}

pub async fn update_deployment(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, id)): Target,
    body: Bytes,
) -> Result<Json<Value>> {
    let changed = engine.change_deployment(&caller.scope.project_id, &id, &object(&body)?)?;
    Ok(Json(json!({"software_deployment": changed.show()})))
}

pub async fn delete_deployment(State(engine): State<Arc<Engine>>, caller: Caller, Path((_, id)): Target) -> Result<StatusCode> {
    engine.remove_deployment(&caller.scope.project_id, &id)?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the agent on a server polls: the configurations it is to run, inputs filled in.
pub async fn metadata(State(engine): State<Arc<Engine>>, caller: Caller, Path((_, server)): Target) -> Result<Json<Value>> {
    let metadata: Vec<Value> = engine.read(|state| {
        let own = state
            .deployments
            .values()
            .filter(|deployment| deployment.project_id == caller.scope.project_id && deployment.server_id == server);
        own.filter_map(|deployment| state.configs.get(&deployment.derived_id).map(|config| config.show(true))).collect()
    });
    Ok(Json(json!({"metadata": metadata})))
}

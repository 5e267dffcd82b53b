//! `outputs` of a stack.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};

use super::caller::Caller;
use crate::heat::{Engine, HeatError, error::Result};

pub async fn list(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, _, id)): Path<(String, String, String)>,
) -> Result<Json<Value>> {
    engine.stack(&caller.scope, &id, |_| ())?;
    Ok(Json(json!({"outputs": engine.outputs(&id, false).await})))
}

pub async fn show(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, _, id, key)): Path<(String, String, String, String)>,
) -> Result<Json<Value>> {
    engine.stack(&caller.scope, &id, |_| ())?;
    let outputs = engine.outputs(&id, true).await;
    let found = outputs.into_iter().find(|output| output.get("output_key").and_then(Value::as_str) == Some(&key));
    let output = found.ok_or_else(|| {
        HeatError::new(crate::heat::ErrorKind::EntityNotFound, format!("Specified output key {key} not found."))
    })?;
    Ok(Json(json!({"output": output})))
}

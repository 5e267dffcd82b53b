//! `actions` on a stack.

use std::sync::Arc;

use axum::extract::{Path, State};
use bytes::Bytes;
use http::StatusCode;

use super::caller::{Caller, bad, object};
use crate::heat::{Engine, engine::state::Action, error::Result};

pub async fn act(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, _, id)): Path<(String, String, String)>,
    body: Bytes,
) -> Result<StatusCode> {
    let body = object(&body)?;
    let mut names = body.keys();
    let (Some(name), None) = (names.next(), names.next()) else {
        return Err(bad("Multiple actions specified, or none"));
    };
    match name.as_str() {
        "suspend" => engine.act(&caller.scope, &id, Action::Suspend)?,
        "resume" => engine.act(&caller.scope, &id, Action::Resume)?,
        "check" => engine.act(&caller.scope, &id, Action::Check)?,
        "cancel_update" => engine.cancel_update(&caller.scope, &id, true)?,
        "cancel_without_rollback" => engine.cancel_update(&caller.scope, &id, false)?,
        other => return Err(bad(format!("Invalid action {other} specified"))),
    }
    Ok(StatusCode::ACCEPTED)
}

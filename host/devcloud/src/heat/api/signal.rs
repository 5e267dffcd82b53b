//! Signals: with a token, or to a signed URL.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use bytes::Bytes;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::caller::{Caller, object};
use crate::heat::{
    Engine, HeatError,
    error::{ErrorKind, Result},
};

fn details(body: &Bytes) -> Result<Value> {
    object(body).map(Value::Object)
}

pub async fn authenticated(
    State(engine): State<Arc<Engine>>,
    caller: Caller,
    Path((_, _, id, resource)): Path<(String, String, String, String)>,
    body: Bytes,
) -> Result<Json<Value>> {
    engine.stack(&caller.scope, &id, |_| ())?;
    engine.signal(&id, &resource, &details(&body)?).await.map(Json)
}

pub async fn signed(
    State(engine): State<Arc<Engine>>,
    Path((stack, resource)): Path<(String, String)>,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
    body: Bytes,
) -> Result<Json<Value>> {
    let query = query.unwrap_or_default();
    let given = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "Signature").map(|(_, value)| value.into_owned());
    let expected = engine.signature(&stack, &resource);
    let same = given.is_some_and(|given| {
        given.len() == expected.len()
            && given.bytes().zip(expected.bytes()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
    });
    if !same {
        return Err(HeatError::new(ErrorKind::Forbidden, "You are not authorized to complete this action."));
    }
    let answer = engine.signal(&stack, &resource, &details(&body)?).await?;
    Ok(Json(json!(answer)))
}

//! Signals: with a token, or to a signed URL.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, RawQuery, State},
};
use bytes::Bytes;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::caller::object;
use crate::{
    heat::{
        Engine, HeatError,
        error::{ErrorKind, Result},
    },
    services::Scope,
};

type Target = Path<(String, String, String, String)>;

/// Whether the query carries the signature of this resource.
fn is_signed(engine: &Engine, stack: &str, resource: &str, query: &str) -> bool {
    let Some((_, given)) = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "Signature") else { return false };
    let expected = engine.signature(stack, resource);
    given.len() == expected.len() && given.bytes().zip(expected.bytes()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

pub async fn post(
    State(engine): State<Arc<Engine>>,
    scope: Option<Extension<Scope>>,
    Path((project, _, stack, resource)): Target,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Json<Value>> {
    let own = scope.is_some_and(|Extension(scope)| scope.project_id == project && engine.stack(&scope, &stack, |_| ()).is_ok());
    if !own && !is_signed(&engine, &stack, &resource, query.as_deref().unwrap_or_default()) {
        return Err(HeatError::new(ErrorKind::Forbidden, "You are not authorized to complete this action."));
    }
    let details: Map<String, Value> = object(&body)?;
    engine.signal(&stack, &resource, &Value::Object(details)).await.map(Json)
}

//! `/devcloud`: what tests of other processes need, and no OpenStack has.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::{cloud::Cloud, faults::Fault, http::rest::Shared, inventory, quota, service::Service, services::Kind};

pub fn router() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/faults", get(list_faults).post(add_fault).delete(clear_faults))
        .route("/inventory", get(list_inventory))
        .route("/quota", post(set_quota))
        .route("/clock", post(advance_clock))
        .route("/container-infra", post(set_container_infra))
        .route("/user-data/{server}", get(user_data))
}

async fn list_faults(State(cloud): Shared) -> Json<Value> {
    Json(json!({"faults": cloud.faults.list()}))
}

async fn add_fault(State(cloud): Shared, body: Json<Fault>) -> StatusCode {
    cloud.faults.add(body.0);
    StatusCode::CREATED
}

async fn clear_faults(State(cloud): Shared) -> StatusCode {
    cloud.faults.clear();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Whose {
    project: Option<String>,
}

async fn list_inventory(State(cloud): Shared, whose: Query<Whose>) -> Json<Value> {
    Json(inventory::list(&cloud, whose.project.as_deref()))
}

/// A limit for one project, or for all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetQuota {
    service: Service,
    resource: String,
    limit: i64,
    project: Option<String>,
}

async fn set_quota(State(cloud): Shared, body: Json<SetQuota>) -> Response {
    let Some(limit) = quota::find(body.service, &body.resource) else {
        let known: Vec<_> = quota::of(body.service).map(|limit| limit.resource).collect();
        return (StatusCode::BAD_REQUEST, Json(json!({"error": "no such quota", "known": known}))).into_response();
    };
    cloud.write(|state| limit.set(&mut state.quotas, body.project.as_deref(), body.limit));
    StatusCode::NO_CONTENT.into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: u64,
}

/// Moves the clock of the services forward: tokens end, servers are built.
async fn advance_clock(State(cloud): Shared, body: Json<Advance>) -> StatusCode {
    cloud.write(|state| state.advance(Duration::from_secs(body.seconds)));
    StatusCode::NO_CONTENT
}

/// What a server would read from its metadata service.
async fn user_data(State(cloud): Shared, server: Path<String>) -> Response {
    let given = cloud.read(|state| state.get(Kind::Server, &server.0).map(|server| server.text("user_data").to_owned()));
    match given.and_then(|text| BASE64_STANDARD.decode(text).ok()) {
        Some(bytes) => bytes.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContainerInfra {
    url: String,
}

async fn set_container_infra(State(cloud): Shared, body: Json<ContainerInfra>) -> StatusCode {
    let Ok(url) = Url::parse(&body.url) else {
        return StatusCode::BAD_REQUEST;
    };
    cloud.write(|state| state.keystone.set_container_infra(url.as_str()));
    StatusCode::NO_CONTENT
}

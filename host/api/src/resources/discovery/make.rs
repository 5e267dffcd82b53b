//! `GET /discovery/new?size=3`: another discovery, for an etcd that is not a cluster's of ours.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use jeroboam_model::discovery::{Discovery, DiscoveryOwner};
use time::{Duration, OffsetDateTime};

use crate::app::App;
use crate::edge::{RequestIds, authenticate};
use crate::error::{ApiError, respond};
use crate::links::Base;
use crate::policy::{Rule, Target, enforce};
use crate::query::Query;

/// What most ask for.
const DEFAULT_SIZE: u32 = 3;
/// More make no sense of an etcd.
const MAX_SIZE: u32 = 32;
/// How many of its own a project has at a time.
const MAX_OF_PROJECT: usize = 20;
/// An etcd is there within minutes, or never.
const LIFETIME: Duration = Duration::DAY;

pub async fn make(State(app): State<App>, request: Parts) -> Response {
    let ids = RequestIds::of(&request.headers);
    match made(&app, &request, &ids).await {
        Ok(url) => url.into_response(),
        Err(error) => respond(&error, &ids.own, &app.www_authenticate),
    }
}

async fn made(app: &App, request: &Parts, ids: &RequestIds) -> Result<String, ApiError> {
    let caller = authenticate(app, &request.headers, &request.method, request.uri.path(), ids).await?;
    enforce(
        &app.config.policy.rules(),
        Rule::ClusterCreate,
        &caller,
        Target::own(&caller),
        app.config.trustee_domain_id.as_deref(),
    )?;
    let project = caller.project_id().ok_or(ApiError::Policy(Rule::ClusterCreate.name()))?;
    let [size] = Query::read(request.uri.query(), ["size"])?.into_values();
    let size = size.map_or(Some(DEFAULT_SIZE), |size| size.parse().ok());
    let size = size.filter(|size| (1..=MAX_SIZE).contains(size)).ok_or(ApiError::DiscoverySize { max: MAX_SIZE })?;

    let now = OffsetDateTime::now_utc();
    let present = app.store.discoveries().of_project(project).await;
    let present = present.map_err(|error| ApiError::store("count the project's discoveries", error))?;
    let (over, live): (Vec<_>, Vec<_>) = present.into_iter().partition(|discovery| discovery.is_over(now));
    if live.len() >= MAX_OF_PROJECT {
        return Err(ApiError::DiscoveryLimit { limit: MAX_OF_PROJECT });
    }
    let discovery = Discovery::new(DiscoveryOwner::Project { id: project.clone(), expires_at: now + LIFETIME }, size);
    let mut tx = app.store.begin();
    over.iter().for_each(|discovery| tx.remove(discovery));
    tx.insert(&discovery);
    tx.commit().await.map_err(|error| ApiError::commit("store a discovery", error))?;

    let container_infra = &app.config.driver_settings.platform().container_infra_url;
    let base = Base::of(&request.uri, &request.headers, app.config.enable_proxy_headers_parsing);
    Ok(if container_infra.is_empty() { discovery.url(&base.to_string()) } else { discovery.url(container_infra) })
}

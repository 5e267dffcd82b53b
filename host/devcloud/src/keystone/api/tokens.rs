//! `/auth/tokens` and what a token opens: `/auth/catalog`, `/auth/projects`, `/auth/domains`.

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    extract::State,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::{Caller, Shown, list};
use crate::{
    cloud::Cloud,
    http::{
        query::Query,
        request::Object,
        rest::{Answer, Shared},
    },
    keystone::{
        Keystone,
        model::Target,
        not_found,
        policy::{Concern, decide},
        tokens::Identity,
        views,
    },
    refusal::{Problem, Refusal},
};

pub fn login() -> Router<Arc<Cloud>> {
    Router::new().route("/auth/tokens", post(issue))
}

pub fn router() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/auth/tokens", get(validate).delete(revoke))
        .route("/auth/catalog", get(catalog))
        .route("/auth/projects", get(projects))
        .route("/auth/domains", get(domains))
}

async fn issue(State(cloud): Shared, query: Query, body: Object) -> Answer {
    let auth = body.inner("auth")?;
    let lifetime = cloud.token_lifetime;
    let (secret, shown) = cloud.write(|state| {
        let now = state.now();
        let (secret, identity) = state.keystone.authenticate(&auth, now, lifetime)?;
        Ok::<_, Refusal>((secret, body_of(&cloud, &state.keystone, &identity, &query)))
    })?;
    Ok((StatusCode::CREATED, [("x-subject-token", secret), ("vary", "X-Auth-Token".to_owned())], Json(shown)).into_response())
}

async fn validate(State(cloud): Shared, Extension(caller): Caller, headers: HeaderMap, query: Query) -> Answer {
    let secret = subject(&headers)?;
    let shown = cloud.read(|state| {
        let subject = state.keystone.resolve(&secret, state.now()).ok_or_else(unrecognised)?;
        decide(&caller, "identity:validate_token", Concern::Token { user_id: &subject.user.id })?;
        Ok::<_, Refusal>(body_of(&cloud, &state.keystone, &subject, &query))
    })?;
    Ok(([("x-subject-token", secret), ("vary", "X-Auth-Token".to_owned())], Json(shown)).into_response())
}

async fn revoke(State(cloud): Shared, Extension(caller): Caller, headers: HeaderMap) -> Answer {
    let secret = subject(&headers)?;
    cloud.write(|state| {
        let subject = state.keystone.resolve(&secret, state.now()).ok_or_else(unrecognised)?;
        decide(&caller, "identity:revoke_token", Concern::Token { user_id: &subject.user.id })?;
        state.keystone.revoke_token(&secret);
        Ok::<_, Refusal>(StatusCode::NO_CONTENT.into_response())
    })
}

async fn catalog(State(cloud): Shared, Extension(caller): Caller) -> Response {
    let catalog = cloud.read(|state| state.keystone.catalog(&cloud.url(), caller.project_id()));
    Json(json!({"catalog": catalog, "links": {"self": format!("{}/auth/catalog", cloud.identity_url())}})).into_response()
}

async fn projects(State(cloud): Shared, Extension(caller): Caller, query: Query) -> Shown {
    let shown = cloud.read(|state| projects_of(&state.keystone, &cloud.identity_url(), &caller.user.id));
    list(&cloud, "projects", &query, shown)
}

/// The projects on which a user has a role.
pub fn projects_of(keystone: &Keystone, here: &str, user_id: &str) -> Vec<Value> {
    let held = |target: &Target| !keystone.effective_roles(user_id, target).is_empty();
    let projects = keystone.projects.values().filter(|project| held(&Target::Project(project.id.clone())));
    projects.map(|project| views::project(here, project)).collect()
}

async fn domains(State(cloud): Shared, Extension(caller): Caller, query: Query) -> Shown {
    let shown = cloud.read(|state| {
        let keystone = &state.keystone;
        let held = |target: &Target| !keystone.effective_roles(&caller.user.id, target).is_empty();
        let domains = keystone.domains.values().filter(|domain| held(&Target::Domain(domain.id.clone())));
        domains.map(|domain| views::domain(&cloud.identity_url(), domain)).collect()
    });
    list(&cloud, "domains", &query, shown)
}

fn body_of(cloud: &Cloud, keystone: &Keystone, identity: &Identity, query: &Query) -> Value {
    let catalog = (!query.flag("nocatalog")).then(|| keystone.catalog(&cloud.url(), identity.project_id()));
    views::token(keystone, identity, catalog)
}

fn subject(headers: &HeaderMap) -> Result<String, Refusal> {
    let value = headers.get("x-subject-token").and_then(|value| value.to_str().ok());
    value.map(str::to_owned).ok_or_else(|| not_found("token", "None"))
}

/// Ended, revoked and invented tokens are alike.
fn unrecognised() -> Refusal {
    Refusal::new(Problem::NotFound, "TokenNotFound", "Failed to validate token")
}

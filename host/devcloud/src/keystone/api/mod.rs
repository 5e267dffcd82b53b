//! `/identity/v3`.

mod app_credentials;
mod catalog;
mod domains;
mod projects;
mod roles;
mod tokens;
mod trusts;
mod users;

use std::sync::Arc;

use axum::{Extension, Json, Router, middleware::from_fn_with_state};
use serde_json::{Value, json};

use super::tokens::Identity;
use crate::{
    cloud::Cloud,
    http::{auth, query::Query},
    record::{Attributes as _, Body},
    refusal::Refusal,
};

type Caller = Extension<Identity>;
type Shown = Result<Json<Value>, Refusal>;

/// Logging in needs no token; everything else does.
pub fn router(cloud: &Arc<Cloud>) -> Router<Arc<Cloud>> {
    let guarded = Router::new()
        .merge(tokens::router())
        .merge(projects::router())
        .merge(users::router())
        .merge(domains::router())
        .merge(roles::router())
        .merge(catalog::router())
        .merge(trusts::router())
        .merge(app_credentials::router())
        .layer(from_fn_with_state(cloud.clone(), auth::required));
    Router::new().nest("/v3", guarded.merge(tokens::login()))
}

/// A list in Keystone's envelope, filtered by what was asked.
fn list(cloud: &Cloud, envelope: &str, query: &Query, items: Vec<Value>) -> Shown {
    let page = query.page(items)?;
    let links = json!({"self": format!("{}/{envelope}", cloud.identity_url()), "next": null, "previous": null});
    Ok(Json(json!({ envelope: page.items, "links": links })))
}

fn required<'a>(body: &'a Body, key: &str) -> Result<&'a str, Refusal> {
    body.text(key).ok_or_else(|| Refusal::bad(format!("Invalid input for field '{key}': '{key}' is a required property")))
}

/// Sets a text or a flag from a change, if the change has it.
fn change_text(body: &Body, key: &str, value: &mut String) {
    if let Some(text) = body.text(key) {
        text.clone_into(value);
    }
}

fn change_flag(body: &Body, key: &str, value: &mut bool) {
    if let Some(flag) = body.flag(key) {
        *value = flag;
    }
}

//! `/users/{user}/application_credentials`.

use std::sync::Arc;

use axum::{Extension, Json, Router, extract::State, response::IntoResponse as _, routing::get};
use http::StatusCode;
use serde_json::json;

use super::{Caller, Shown, list};
use crate::{
    cloud::Cloud,
    http::{
        query::Query,
        request::{Object, Parts, part},
        rest::{Answer, Shared},
    },
    keystone::{
        not_found,
        policy::{Concern, decide, forbidden},
        tokens::Identity,
        views,
    },
    refusal::Refusal,
};

pub fn router() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/users/{user}/application_credentials", get(index).post(create))
        .route("/users/{user}/application_credentials/{id}", get(show).delete(remove))
}

fn readable(caller: &Identity, action: &str, parts: &Parts) -> Result<(), Refusal> {
    decide(caller, action, Concern::User { id: part(parts, "user"), domain_id: "" })
}

async fn index(State(cloud): Shared, Extension(caller): Caller, parts: Parts, query: Query) -> Shown {
    readable(&caller, "identity:list_application_credentials", &parts)?;
    let shown = cloud.read(|state| {
        let all = state.keystone.app_credentials.values();
        let own = all.filter(|credential| credential.user_id == part(&parts, "user"));
        own.map(|credential| views::app_credential(&cloud.identity_url(), &state.keystone, credential)).collect()
    });
    list(&cloud, "application_credentials", &query, shown)
}

/// The answer is the only one with the secret.
async fn create(State(cloud): Shared, Extension(caller): Caller, parts: Parts, body: Object) -> Answer {
    if part(&parts, "user") != caller.user.id {
        return Err(forbidden("identity:create_application_credential"));
    }
    let given = body.inner("application_credential")?;
    cloud.write(|state| {
        let now = state.now();
        let (credential, secret) = state.keystone.create_app_credential(&caller, &given, now)?;
        let mut shown = views::app_credential(&cloud.identity_url(), &state.keystone, &credential);
        if let Some(shown) = shown.as_object_mut() {
            shown.insert("secret".to_owned(), json!(secret));
        }
        Ok((StatusCode::CREATED, Json(json!({"application_credential": shown}))).into_response())
    })
}

async fn show(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Shown {
    readable(&caller, "identity:get_application_credential", &parts)?;
    let id = part(&parts, "id");
    cloud.read(|state| {
        let own = state.keystone.app_credentials.get(id).filter(|credential| credential.user_id == part(&parts, "user"));
        let credential = own.ok_or_else(|| not_found("application credential", id))?;
        let shown = views::app_credential(&cloud.identity_url(), &state.keystone, credential);
        Ok(Json(json!({"application_credential": shown})))
    })
}

async fn remove(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Answer {
    readable(&caller, "identity:delete_application_credential", &parts)?;
    let id = part(&parts, "id");
    cloud.write(|state| {
        let own = state.keystone.app_credentials.get(id).is_some_and(|credential| credential.user_id == part(&parts, "user"));
        if !own {
            return Err(not_found("application credential", id));
        }
        state.keystone.delete_app_credential(&caller, id)?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

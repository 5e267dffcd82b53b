//! `/OS-TRUST/trusts`.

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
        Keystone, not_found,
        policy::{Concern, decide},
        tokens::Identity,
        trusts::Trust,
        views,
    },
    refusal::Refusal,
};

pub fn router() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/OS-TRUST/trusts", get(index).post(create))
        .route("/OS-TRUST/trusts/{id}", get(show).delete(remove))
        .route("/OS-TRUST/trusts/{id}/roles", get(roles))
        .route("/OS-TRUST/trusts/{id}/roles/{role}", get(role))
}

fn reachable<'a>(keystone: &'a Keystone, caller: &Identity, action: &str, id: &str) -> Result<&'a Trust, Refusal> {
    let trust = keystone.trusts.get(id).ok_or_else(|| not_found("trust", id))?;
    decide(caller, action, Concern::Trust { trustor: &trust.trustor_user_id, trustee: &trust.trustee_user_id })?;
    Ok(trust)
}

/// All of them are for administrators; those of one trustor or trustee for that user.
async fn index(State(cloud): Shared, Extension(caller): Caller, query: Query) -> Shown {
    let (trustor, trustee) = (query.get("trustor_user_id"), query.get("trustee_user_id"));
    let concern = match (trustor, trustee) {
        (None, None) => Concern::Cloud,
        _ => Concern::Trust { trustor: trustor.unwrap_or_default(), trustee: trustee.unwrap_or_default() },
    };
    decide(&caller, "identity:list_trusts", concern)?;
    let shown = cloud.read(|state| {
        let trusts = state.keystone.trusts.values();
        trusts.map(|trust| views::trust(&cloud.identity_url(), &state.keystone, trust, false)).collect()
    });
    list(&cloud, "trusts", &query, shown)
}

async fn create(State(cloud): Shared, Extension(caller): Caller, body: Object) -> Answer {
    let given = body.inner("trust")?;
    cloud.write(|state| {
        let now = state.now();
        let trust = state.keystone.create_trust(&caller, &given, now)?;
        let shown = views::trust(&cloud.identity_url(), &state.keystone, &trust, true);
        Ok((StatusCode::CREATED, Json(json!({"trust": shown}))).into_response())
    })
}

async fn show(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Shown {
    cloud.read(|state| {
        let trust = reachable(&state.keystone, &caller, "identity:get_trust", part(&parts, "id"))?;
        Ok(Json(json!({"trust": views::trust(&cloud.identity_url(), &state.keystone, trust, true)})))
    })
}

/// For the trustor, or whoever impersonates the trustor.
async fn remove(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Answer {
    let id = part(&parts, "id");
    cloud.write(|state| {
        let trust = state.keystone.trusts.get(id).ok_or_else(|| not_found("trust", id))?;
        decide(&caller, "identity:delete_trust", Concern::Trust { trustor: &trust.trustor_user_id, trustee: "" })?;
        state.keystone.trusts.remove(id);
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

async fn roles(State(cloud): Shared, Extension(caller): Caller, parts: Parts, query: Query) -> Shown {
    let shown = cloud.read(|state| {
        let trust = reachable(&state.keystone, &caller, "identity:list_roles_for_trust", part(&parts, "id"))?;
        let roles = trust.role_ids.iter().filter_map(|id| state.keystone.roles.get(id));
        Ok::<_, Refusal>(roles.map(|role| views::role(&cloud.identity_url(), role)).collect())
    })?;
    list(&cloud, "roles", &query, shown)
}

async fn role(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Shown {
    let wanted = part(&parts, "role");
    cloud.read(|state| {
        let trust = reachable(&state.keystone, &caller, "identity:get_role_for_trust", part(&parts, "id"))?;
        let role = state.keystone.roles.get(wanted).filter(|role| trust.role_ids.contains(&role.id));
        let role = role.ok_or_else(|| not_found("role", wanted))?;
        Ok(Json(json!({"role": views::role(&cloud.identity_url(), role)})))
    })
}

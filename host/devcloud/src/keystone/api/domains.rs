//! `/domains`.

use std::sync::Arc;

use axum::{Extension, Json, Router, extract::State, response::IntoResponse as _, routing::get};
use http::StatusCode;
use serde_json::json;

use super::{Caller, Shown, change_flag, change_text, list, required};
use crate::{
    cloud::Cloud,
    http::{
        query::Query,
        request::{Object, Parts, part},
        rest::{Answer, Shared},
    },
    keystone::{
        duplicate,
        model::Domain,
        new_id, not_found,
        policy::{Concern, decide, forbidden},
        views,
    },
    record::Attributes as _,
};

pub fn router() -> Router<Arc<Cloud>> {
    Router::new().route("/domains", get(index).post(create)).route("/domains/{id}", get(show).patch(update).delete(remove))
}

/// Administrators of a domain see their own.
async fn index(State(cloud): Shared, Extension(caller): Caller, query: Query) -> Shown {
    let own = caller.domain_id();
    decide(&caller, "identity:list_domains", own.map_or(Concern::Cloud, Concern::Domain))?;
    let shown = cloud.read(|state| {
        let domains = state.keystone.domains.values().filter(|domain| own.is_none_or(|own| own == domain.id));
        domains.map(|domain| views::domain(&cloud.identity_url(), domain)).collect()
    });
    list(&cloud, "domains", &query, shown)
}

async fn create(State(cloud): Shared, Extension(caller): Caller, body: Object) -> Answer {
    decide(&caller, "identity:create_domain", Concern::Cloud)?;
    let given = body.inner("domain")?;
    let name = required(&given, "name")?;
    let domain = Domain {
        id: new_id(),
        name: name.to_owned(),
        description: given.text("description").unwrap_or_default().to_owned(),
        enabled: given.flag("enabled").unwrap_or(true),
    };
    let shown = views::domain(&cloud.identity_url(), &domain);
    cloud.write(|state| {
        if state.keystone.domain_named(name).is_some() {
            return Err(duplicate("domain", "Duplicate entry found with the same name"));
        }
        state.keystone.domains.insert(domain.id.clone(), domain);
        Ok((StatusCode::CREATED, Json(json!({"domain": shown}))).into_response())
    })
}

async fn show(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Shown {
    let id = part(&parts, "id");
    if caller.user.domain_id != id {
        decide(&caller, "identity:get_domain", Concern::Domain(id))?;
    }
    cloud.read(|state| {
        let domain = state.keystone.domains.get(id).ok_or_else(|| not_found("domain", id))?;
        Ok(Json(json!({"domain": views::domain(&cloud.identity_url(), domain)})))
    })
}

async fn update(State(cloud): Shared, Extension(caller): Caller, parts: Parts, body: Object) -> Shown {
    decide(&caller, "identity:update_domain", Concern::Cloud)?;
    let (id, given) = (part(&parts, "id"), body.inner("domain")?);
    cloud.write(|state| {
        let domain = state.keystone.domains.get_mut(id).ok_or_else(|| not_found("domain", id))?;
        change_text(&given, "name", &mut domain.name);
        change_text(&given, "description", &mut domain.description);
        change_flag(&given, "enabled", &mut domain.enabled);
        Ok(Json(json!({"domain": views::domain(&cloud.identity_url(), domain)})))
    })
}

async fn remove(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Answer {
    decide(&caller, "identity:delete_domain", Concern::Cloud)?;
    let id = part(&parts, "id");
    cloud.write(|state| {
        let domain = state.keystone.domains.get(id).ok_or_else(|| not_found("domain", id))?;
        if domain.enabled {
            return Err(forbidden("Cannot delete a domain that is enabled, please disable it first"));
        }
        state.keystone.remove_domain(id);
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

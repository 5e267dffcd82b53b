//! `/projects`.

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
        model::{DEFAULT_DOMAIN, Project},
        new_id, not_found,
        policy::{Concern, decide},
        views,
    },
    neutron::security_groups,
    record::Attributes as _,
};

pub fn router() -> Router<Arc<Cloud>> {
    Router::new().route("/projects", get(index).post(create)).route("/projects/{id}", get(show).patch(update).delete(remove))
}

async fn index(State(cloud): Shared, Extension(caller): Caller, query: Query) -> Shown {
    let asked = query.get("domain_id").or(caller.domain_id());
    decide(&caller, "identity:list_projects", asked.map_or(Concern::Cloud, Concern::Domain))?;
    let shown = cloud.read(|state| {
        let projects = state.keystone.projects.values();
        let projects = projects.filter(|project| asked.is_none_or(|domain| domain == project.domain_id));
        projects.map(|project| views::project(&cloud.identity_url(), project)).collect()
    });
    list(&cloud, "projects", &query, shown)
}

async fn create(State(cloud): Shared, Extension(caller): Caller, body: Object) -> Answer {
    let given = body.inner("project")?;
    let name = required(&given, "name")?;
    let domain_id = given.text("domain_id").or(caller.domain_id()).unwrap_or(DEFAULT_DOMAIN);
    decide(&caller, "identity:create_project", Concern::Domain(domain_id))?;
    let project = Project {
        id: new_id(),
        name: name.to_owned(),
        domain_id: domain_id.to_owned(),
        description: given.text("description").unwrap_or_default().to_owned(),
        enabled: given.flag("enabled").unwrap_or(true),
        tags: Vec::new(),
    };
    let shown = views::project(&cloud.identity_url(), &project);
    cloud.write(|state| {
        let keystone = &mut state.keystone;
        if !keystone.domains.contains_key(domain_id) {
            return Err(not_found("domain", domain_id));
        }
        if keystone.project_named(domain_id, name).is_some() {
            return Err(duplicate("project", "it is not permitted to have two projects with the same name in the same domain"));
        }
        let id = project.id.clone();
        keystone.projects.insert(id.clone(), project);
        security_groups::ensure_default(state, &id);
        Ok((StatusCode::CREATED, Json(json!({"project": shown}))).into_response())
    })
}

/// Whoever has a role on a project may see it.
async fn show(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Shown {
    let id = part(&parts, "id");
    cloud.read(|state| {
        let project = state.keystone.projects.get(id);
        if caller.project_id() != Some(id) {
            let concern = project.map_or(Concern::Cloud, |project| Concern::Domain(&project.domain_id));
            decide(&caller, "identity:get_project", concern)?;
        }
        let project = project.ok_or_else(|| not_found("project", id))?;
        Ok(Json(json!({"project": views::project(&cloud.identity_url(), project)})))
    })
}

async fn update(State(cloud): Shared, Extension(caller): Caller, parts: Parts, body: Object) -> Shown {
    let (id, given) = (part(&parts, "id"), body.inner("project")?);
    cloud.write(|state| {
        let project = state.keystone.projects.get_mut(id).ok_or_else(|| not_found("project", id))?;
        decide(&caller, "identity:update_project", Concern::Domain(&project.domain_id))?;
        change_text(&given, "name", &mut project.name);
        change_text(&given, "description", &mut project.description);
        change_flag(&given, "enabled", &mut project.enabled);
        Ok(Json(json!({"project": views::project(&cloud.identity_url(), project)})))
    })
}

async fn remove(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Answer {
    let id = part(&parts, "id");
    cloud.write(|state| {
        let project = state.keystone.projects.get(id).ok_or_else(|| not_found("project", id))?;
        decide(&caller, "identity:delete_project", Concern::Domain(&project.domain_id))?;
        state.keystone.remove_project(id);
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

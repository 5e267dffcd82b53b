//! `/roles`, `/role_assignments`, and the roles of a user on a project or a domain.

use std::sync::Arc;

use axum::{Extension, Json, Router, extract::State, response::IntoResponse as _, routing::get};
use http::StatusCode;
use serde_json::{Value, json};

use super::{Caller, Shown, list, required};
use crate::{
    cloud::Cloud,
    http::{
        query::Query,
        request::{Object, Parts, part},
        rest::{Answer, Shared},
    },
    keystone::{
        Keystone, duplicate,
        model::{Role, Target},
        new_id, not_found,
        policy::{Concern, decide},
        tokens::Identity,
        views,
    },
    refusal::Refusal,
};

pub fn router() -> Router<Arc<Cloud>> {
    let assigned = "/users/{user}/roles";
    Router::new()
        .route("/roles", get(index).post(create))
        .route("/roles/{id}", get(show).delete(remove))
        .route("/role_assignments", get(assignments))
        .route(&format!("/projects/{{project}}{assigned}"), get(held))
        .route(&format!("/projects/{{project}}{assigned}/{{role}}"), get(check).put(grant).delete(revoke))
        .route(&format!("/domains/{{domain}}{assigned}"), get(held))
        .route(&format!("/domains/{{domain}}{assigned}/{{role}}"), get(check).put(grant).delete(revoke))
}

async fn index(State(cloud): Shared, Extension(caller): Caller, query: Query) -> Shown {
    decide(&caller, "identity:list_roles", caller.domain_id().map_or(Concern::Cloud, Concern::Domain))?;
    let shown = cloud.read(|state| {
        let roles = state.keystone.roles.values();
        roles.map(|role| views::role(&cloud.identity_url(), role)).collect()
    });
    list(&cloud, "roles", &query, shown)
}

async fn create(State(cloud): Shared, Extension(caller): Caller, body: Object) -> Answer {
    decide(&caller, "identity:create_role", Concern::Cloud)?;
    let given = body.inner("role")?;
    let role = Role { id: new_id(), name: required(&given, "name")?.to_owned() };
    let shown = views::role(&cloud.identity_url(), &role);
    cloud.write(|state| {
        if state.keystone.role_named(&role.name).is_some() {
            return Err(duplicate("role", "Duplicate entry found with the same name"));
        }
        state.keystone.roles.insert(role.id.clone(), role);
        Ok((StatusCode::CREATED, Json(json!({"role": shown}))).into_response())
    })
}

async fn show(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Shown {
    decide(&caller, "identity:get_role", caller.domain_id().map_or(Concern::Cloud, Concern::Domain))?;
    let id = part(&parts, "id");
    cloud.read(|state| {
        let role = state.keystone.roles.get(id).ok_or_else(|| not_found("role", id))?;
        Ok(Json(json!({"role": views::role(&cloud.identity_url(), role)})))
    })
}

async fn remove(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Answer {
    decide(&caller, "identity:delete_role", Concern::Cloud)?;
    let id = part(&parts, "id");
    cloud.write(|state| {
        state.keystone.roles.remove(id).ok_or_else(|| not_found("role", id))?;
        state.keystone.assignments.retain(|assignment| assignment.role_id != id);
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

/// The target in the path; whoever asks must be an administrator of it.
fn target(keystone: &Keystone, caller: &Identity, action: &str, parts: &Parts) -> Result<Target, Refusal> {
    let (project, domain) = (part(parts, "project"), part(parts, "domain"));
    let target = if domain.is_empty() { Target::Project(project.to_owned()) } else { Target::Domain(domain.to_owned()) };
    let within = match &target {
        Target::Project(id) => keystone.projects.get(id).map(|project| project.domain_id.as_str()),
        Target::Domain(id) => keystone.domains.get(id).map(|domain| domain.id.as_str()),
        Target::System => None,
    };
    decide(caller, action, within.map_or(Concern::Cloud, Concern::Domain))?;
    match within {
        Some(_) => Ok(target),
        None if domain.is_empty() => Err(not_found("project", project)),
        None => Err(not_found("domain", domain)),
    }
}

fn known<'a>(keystone: &Keystone, parts: &'a Parts) -> Result<(&'a str, &'a str), Refusal> {
    let (user, role) = (part(parts, "user"), part(parts, "role"));
    if !keystone.users.contains_key(user) {
        return Err(not_found("user", user));
    }
    if !role.is_empty() && !keystone.roles.contains_key(role) {
        return Err(not_found("role", role));
    }
    Ok((user, role))
}

async fn held(State(cloud): Shared, Extension(caller): Caller, parts: Parts, query: Query) -> Shown {
    let shown = cloud.read(|state| {
        let target = target(&state.keystone, &caller, "identity:list_grants", &parts)?;
        let (user, _) = known(&state.keystone, &parts)?;
        let held = state.keystone.assignments.iter().filter(|held| held.user_id == user && held.target == target);
        let roles = held.filter_map(|held| state.keystone.roles.get(&held.role_id));
        Ok::<_, Refusal>(roles.map(|role| views::role(&cloud.identity_url(), role)).collect())
    })?;
    list(&cloud, "roles", &query, shown)
}

async fn check(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Answer {
    cloud.read(|state| {
        let target = target(&state.keystone, &caller, "identity:check_grant", &parts)?;
        let (user, role) = known(&state.keystone, &parts)?;
        let mut all = state.keystone.assignments.iter();
        let held = all.any(|held| held.user_id == user && held.role_id == role && held.target == target);
        if held { Ok(StatusCode::NO_CONTENT.into_response()) } else { Err(not_found("role assignment with role", role)) }
    })
}

async fn grant(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Answer {
    cloud.write(|state| {
        let target = target(&state.keystone, &caller, "identity:create_grant", &parts)?;
        let (user, role) = known(&state.keystone, &parts)?;
        state.keystone.grant(user, role, target);
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

async fn revoke(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Answer {
    cloud.write(|state| {
        let target = target(&state.keystone, &caller, "identity:revoke_grant", &parts)?;
        let (user, role) = known(&state.keystone, &parts)?;
        if !state.keystone.revoke(user, role, &target) {
            return Err(not_found("role assignment with role", role));
        }
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

/// Users may list their own; `effective` adds the implied ones, `include_names` the names.
async fn assignments(State(cloud): Shared, Extension(caller): Caller, query: Query) -> Shown {
    if query.get("user.id") != Some(&caller.user.id) {
        decide(&caller, "identity:list_role_assignments", Concern::Cloud)?;
    }
    let items = cloud.read(|state| {
        let keystone = &state.keystone;
        let mut items = Vec::new();
        for held in &keystone.assignments {
            let wanted = |key: &str, id: &str| query.get(key).is_none_or(|wanted| wanted == id);
            let (project, domain) = match &held.target {
                Target::Project(id) => (id.as_str(), ""),
                Target::Domain(id) => ("", id.as_str()),
                Target::System => ("", ""),
            };
            let there =
                wanted("user.id", &held.user_id) && wanted("scope.project.id", project) && wanted("scope.domain.id", domain);
            let roles = if query.flag("effective") {
                keystone.implied(std::iter::once(held.role_id.as_str()))
            } else {
                keystone.roles.get(&held.role_id).cloned().into_iter().collect()
            };
            for role in roles.into_iter().filter(|role| there && wanted("role.id", &role.id)) {
                items.push(assignment(keystone, held.user_id.as_str(), &role, &held.target, query.flag("include_names")));
            }
        }
        items
    });
    Ok(Json(json!({"role_assignments": items, "links": {"self": null, "next": null, "previous": null}})))
}

fn assignment(keystone: &Keystone, user_id: &str, role: &Role, target: &Target, names: bool) -> Value {
    let domain = |id: &str| json!({"id": id, "name": keystone.domains.get(id).map(|domain| &domain.name)});
    let (user, project) = (keystone.users.get(user_id), |id: &str| keystone.projects.get(id));
    let scope = match target {
        Target::Project(id) if names => {
            json!({"project": {"id": id, "name": project(id).map(|known| &known.name), "domain": project(id).map(|known| domain(&known.domain_id))}})
        }
        Target::Project(id) => json!({"project": {"id": id}}),
        Target::Domain(id) if names => json!({"domain": domain(id)}),
        Target::Domain(id) => json!({"domain": {"id": id}}),
        Target::System => json!({"system": {"all": true}}),
    };
    if names {
        let user =
            json!({"id": user_id, "name": user.map(|user| &user.name), "domain": user.map(|user| domain(&user.domain_id))});
        return json!({"user": user, "role": views::short_role(role), "scope": scope, "links": {}});
    }
    json!({"user": {"id": user_id}, "role": {"id": role.id}, "scope": scope, "links": {}})
}

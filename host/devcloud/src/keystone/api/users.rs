//! `/users`.

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    extract::State,
    response::IntoResponse as _,
    routing::{get, post},
};
use http::StatusCode;
use serde_json::{Value, json};

use super::{Caller, Shown, change_flag, change_text, list, required, tokens::projects_of};
use crate::{
    cloud::Cloud,
    http::{
        query::Query,
        request::{Object, Parts, part},
        rest::{Answer, Shared},
    },
    keystone::{
        Keystone, duplicate,
        model::{DEFAULT_DOMAIN, User},
        new_id, not_found,
        policy::{Concern, decide},
        secret::Sealed,
        tokens::{Identity, unauthorized},
        views,
    },
    record::{Attributes as _, Body},
    refusal::Refusal,
};

pub fn router() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/users", get(index).post(create))
        .route("/users/{id}", get(show).patch(update).delete(remove))
        .route("/users/{id}/password", post(change_password))
        .route("/users/{id}/projects", get(projects))
        .route("/users/{id}/groups", get(async |query: Query, State(cloud): Shared| list(&cloud, "groups", &query, Vec::new())))
        .route("/groups", get(async |query: Query, State(cloud): Shared| list(&cloud, "groups", &query, Vec::new())))
}

/// The user, if the caller may do this with it.
fn reachable<'a>(keystone: &'a Keystone, caller: &Identity, action: &str, id: &str) -> Result<&'a User, Refusal> {
    let user = keystone.users.get(id);
    let domain_id = user.map_or("", |user| user.domain_id.as_str());
    decide(caller, action, Concern::User { id, domain_id })?;
    user.ok_or_else(|| not_found("user", id))
}

/// As [`reachable`], without the right that everybody has over themselves.
fn managed<'a>(keystone: &'a Keystone, caller: &Identity, action: &str, id: &str) -> Result<&'a User, Refusal> {
    let user = keystone.users.get(id).ok_or_else(|| not_found("user", id));
    decide(caller, action, user.as_ref().map_or(Concern::Cloud, |user| Concern::Domain(&user.domain_id)))?;
    user
}

async fn index(State(cloud): Shared, Extension(caller): Caller, query: Query) -> Shown {
    let asked = query.get("domain_id").or(caller.domain_id());
    decide(&caller, "identity:list_users", asked.map_or(Concern::Cloud, Concern::Domain))?;
    let shown = cloud.read(|state| {
        let users = state.keystone.users.values().filter(|user| asked.is_none_or(|domain| domain == user.domain_id));
        users.map(|user| views::user(&cloud.identity_url(), user)).collect()
    });
    list(&cloud, "users", &query, shown)
}

async fn create(State(cloud): Shared, Extension(caller): Caller, body: Object) -> Answer {
    let given = body.inner("user")?;
    let name = required(&given, "name")?;
    let domain_id = given.text("domain_id").or(caller.domain_id()).unwrap_or(DEFAULT_DOMAIN);
    decide(&caller, "identity:create_user", Concern::Domain(domain_id))?;
    let user = User {
        id: new_id(),
        name: name.to_owned(),
        domain_id: domain_id.to_owned(),
        description: given.text("description").map(str::to_owned),
        email: given.text("email").map(str::to_owned),
        default_project_id: given.text("default_project_id").map(str::to_owned),
        enabled: given.flag("enabled").unwrap_or(true),
        password: given.text("password").map(Sealed::new),
        generation: 0,
        seeded: false,
    };
    let shown = views::user(&cloud.identity_url(), &user);
    cloud.write(|state| {
        let keystone = &mut state.keystone;
        if !keystone.domains.contains_key(domain_id) {
            return Err(not_found("domain", domain_id));
        }
        if keystone.user_named(domain_id, name).is_some() {
            return Err(duplicate("user", &format!("Duplicate entry found with name {name} at domain ID {domain_id}")));
        }
        keystone.users.insert(user.id.clone(), user);
        Ok((StatusCode::CREATED, Json(json!({"user": shown}))).into_response())
    })
}

async fn show(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Shown {
    cloud.read(|state| {
        let user = reachable(&state.keystone, &caller, "identity:get_user", part(&parts, "id"))?;
        Ok(Json(json!({"user": views::user(&cloud.identity_url(), user)})))
    })
}

async fn update(State(cloud): Shared, Extension(caller): Caller, parts: Parts, body: Object) -> Shown {
    let given = body.inner("user")?;
    cloud.write(|state| {
        let id = managed(&state.keystone, &caller, "identity:update_user", part(&parts, "id"))?.id.clone();
        let user = state.keystone.users.get_mut(&id).ok_or_else(|| not_found("user", &id))?;
        apply(user, &given);
        Ok(Json(json!({"user": views::user(&cloud.identity_url(), user)})))
    })
}

fn apply(user: &mut User, given: &Body) {
    change_text(given, "name", &mut user.name);
    change_flag(given, "enabled", &mut user.enabled);
    for (key, value) in
        [("description", &mut user.description), ("email", &mut user.email), ("default_project_id", &mut user.default_project_id)]
    {
        if let Some(given) = given.get(key) {
            *value = given.as_str().map(str::to_owned);
        }
    }
    if let Some(password) = given.text("password") {
        user.password = Some(Sealed::new(password));
        user.generation += 1;
    }
}

async fn remove(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Answer {
    cloud.write(|state| {
        let id = managed(&state.keystone, &caller, "identity:delete_user", part(&parts, "id"))?.id.clone();
        state.keystone.remove_user(&id);
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

/// Users change their own password, knowing the old one; their tokens end.
async fn change_password(State(cloud): Shared, Extension(caller): Caller, parts: Parts, body: Object) -> Answer {
    let given = body.inner("user")?;
    let text = |key: &str| given.get(key).and_then(Value::as_str);
    let (Some(new), Some(old)) = (text("password"), text("original_password")) else {
        return Err(Refusal::bad("'password' and 'original_password' are required properties"));
    };
    cloud.write(|state| {
        let id = part(&parts, "id");
        let user = state.keystone.users.get_mut(id).filter(|user| user.id == caller.user.id).ok_or_else(unauthorized)?;
        if !user.password.as_ref().is_some_and(|sealed| sealed.opens_with(old)) {
            return Err(unauthorized());
        }
        user.password = Some(Sealed::new(new));
        user.generation += 1;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

async fn projects(State(cloud): Shared, Extension(caller): Caller, parts: Parts, query: Query) -> Shown {
    let shown = cloud.read(|state| {
        let user = reachable(&state.keystone, &caller, "identity:list_user_projects", part(&parts, "id"))?;
        Ok::<_, Refusal>(projects_of(&state.keystone, &cloud.identity_url(), &user.id))
    })?;
    list(&cloud, "projects", &query, shown)
}

//! Networking: networks, subnets, ports, routers, floating IPs and security groups. Addresses are really allocated.

pub mod addresses;
pub mod floating_ips;
pub mod networks;
pub mod ports;
mod rest;
pub mod routers;
pub mod security_group_rules;
pub mod security_groups;
pub mod subnets;

pub use rest::router;

use serde_json::{Value, json};

use crate::{
    quota,
    record::{Attributes as _, Body, Record},
    refusal::{Problem, Refusal},
    service::Service,
    services::Scope,
    state::State,
};

/// Refuses what would pass the project's quota.
pub fn admit(state: &State, project: &str, resource: &str) -> Result<(), Refusal> {
    let limit = quota::find(Service::Network, resource);
    limit
        .map_or(Ok(()), |limit| limit.admit(state, project, 1))
        .map_err(|_| Refusal::new(Problem::OverQuota, "OverQuota", format!("Quota exceeded for resources: ['{resource}'].")))
}

/// The project that a new object is for: administrators may name another one.
pub fn owner(scope: &Scope, given: &mut Body) -> Result<String, Refusal> {
    let asked = [given.remove("project_id"), given.remove("tenant_id")];
    let asked = asked.into_iter().flatten().find_map(|value| value.as_str().map(str::to_owned));
    match asked {
        Some(project) if project != scope.project_id && !scope.is_admin() => Err(Refusal::forbidden(
            "Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin privileges",
        )),
        Some(project) => Ok(project),
        None => Ok(scope.project_id.clone()),
    }
}

/// What every object of Neutron shows.
pub fn view(record: &Record) -> Value {
    let mut shown = record.body.clone();
    let mut put = |key: &str, value: Value| shown.insert(key.to_owned(), value);
    put("id", json!(record.id));
    put("project_id", json!(record.project_id));
    put("tenant_id", json!(record.project_id));
    put("created_at", json!(record.created.zulu()));
    put("updated_at", json!(record.updated.unwrap_or(record.created).zulu()));
    put("revision_number", json!(1));
    if !record.body.has("tags") {
        put("tags", json!([]));
    }
    Value::Object(shown)
}

/// The texts of a list, all of which must be text.
pub fn texts(body: &Body, key: &str) -> Result<Vec<String>, Refusal> {
    let text = |value: &Value| {
        value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| Refusal::bad(format!("Invalid input for {key}. Reason: {value} is not a valid string.")))
    };
    body.list(key).iter().map(text).collect()
}

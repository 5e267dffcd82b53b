//! `/limits` and `/os-quota-sets`.

use serde_json::{Map, Value, json};

use crate::{quota, record::Body, refusal::Refusal, service::Service, services::Scope, state::State};

/// What quota sets have beside what is counted here.
const UNCOUNTED: [(&str, i64); 4] =
    [("metadata_items", 128), ("server_group_members", 100), ("injected_files", 5), ("floating_ips", -1)];

pub fn absolute(state: &State, project: &str) -> Value {
    let value = |resource: &str| {
        quota::find(Service::Compute, resource)
            .map(|limit| (limit.allowed(state, project), limit.used(state, project)))
            .unwrap_or((-1, 0))
    };
    let (instances, cores, ram) = (value("instances"), value("cores"), value("ram"));
    json!({"limits": {"rate": [], "absolute": {
        "maxTotalInstances": instances.0, "totalInstancesUsed": instances.1, "maxTotalCores": cores.0, "totalCoresUsed": cores.1,
        "maxTotalRAMSize": ram.0, "totalRAMUsed": ram.1, "maxTotalKeypairs": value("key_pairs").0,
        "maxServerGroups": value("server_groups").0, "totalServerGroupsUsed": value("server_groups").1,
        "maxServerGroupMembers": 100, "maxServerMeta": 128, "maxImageMeta": 128,
    }}})
}

/// With `detail`, what is used too.
pub fn quota_set(state: &State, project: &str, detail: bool) -> Value {
    let mut set = Map::from_iter([("id".to_owned(), json!(project))]);
    for limit in quota::of(Service::Compute) {
        let allowed = limit.allowed(state, project);
        let shown =
            if detail { json!({"limit": allowed, "in_use": limit.used(state, project), "reserved": 0}) } else { json!(allowed) };
        set.insert(limit.resource.to_owned(), shown);
    }
    for (name, value) in UNCOUNTED {
        let shown = if detail { json!({"limit": value, "in_use": 0, "reserved": 0}) } else { json!(value) };
        set.insert(name.to_owned(), shown);
    }
    json!({ "quota_set": set })
}

pub fn allowed(scope: &Scope, project: &str, writing: bool) -> Result<(), Refusal> {
    if scope.is_admin() || (!writing && scope.project_id == project) {
        return Ok(());
    }
    Err(Refusal::forbidden("Policy doesn't allow os_compute_api:os-quota-sets to be performed."))
}

pub fn set(state: &mut State, project: &str, wanted: &Body) -> Result<(), Refusal> {
    for (resource, value) in wanted.iter().filter(|(name, _)| !["force", "tenant_id"].contains(&name.as_str())) {
        let value = value.as_i64().or_else(|| value.as_str()?.parse().ok());
        match (quota::find(Service::Compute, resource), value) {
            (Some(limit), Some(value)) => limit.set(&mut state.quotas, Some(project), value),
            (None, Some(_)) if UNCOUNTED.iter().any(|(name, _)| name == resource) => {}
            _ => {
                return Err(Refusal::bad(format!(
                    "Invalid input for field/attribute quota_set. Additional properties are not allowed ('{resource}' was unexpected)"
                )));
            }
        }
    }
    Ok(())
}

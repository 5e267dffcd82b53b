//! Load balancing: what changes is immutable until it has changed.

pub mod health_monitors;
pub mod listeners;
pub mod load_balancers;
pub mod members;
pub mod pools;
mod rest;

pub use rest::router;

use serde_json::{Value, json};

use crate::{
    pending::Change,
    quota,
    record::{Attributes as _, Body, Record},
    refusal::{Problem, Refusal},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

/// The attribute by which every object knows its load balancer; for those that do not show it.
pub const BALANCER: &str = "load_balancer";

pub fn admit(state: &State, project: &str, resource: &str) -> Result<(), Refusal> {
    let limit = quota::find(Service::LoadBalancer, resource);
    limit
        .map_or(Ok(()), |limit| limit.admit(state, project, 1))
        .map_err(|_| Refusal::new(Problem::OverQuota, "QuotaException", "Quota has been met."))
}

/// Refuses a change while another one is under way.
pub fn mutable(state: &State, balancer: &str) -> Result<(), Refusal> {
    let pending =
        state.get(Kind::LoadBalancer, balancer).is_some_and(|record| record.text("provisioning_status").starts_with("PENDING"));
    if pending {
        return Err(Refusal::conflict(
            "ImmutableObject",
            format!("Load Balancer {balancer} is immutable and cannot be updated."),
        ));
    }
    Ok(())
}

/// A new object of a load balancer, on its way; the load balancer is busy until it has arrived.
pub fn arrive(state: &mut State, kind: Kind, balancer: &str, mut record: Record) -> String {
    record.set("provisioning_status", "PENDING_CREATE");
    record.set("operating_status", "OFFLINE");
    record.private.insert(BALANCER.to_owned(), json!(balancer));
    let id = state.insert(kind, record);
    state.later(kind, &id, arrived());
    busy(state, balancer);
    id
}

pub fn arrived() -> Change {
    Change::set([("provisioning_status", json!("ACTIVE")), ("operating_status", json!("ONLINE"))])
}

fn busy(state: &mut State, balancer: &str) {
    state.set(Kind::LoadBalancer, balancer, "provisioning_status", "PENDING_UPDATE");
    state.later(Kind::LoadBalancer, balancer, Change::set([("provisioning_status", json!("ACTIVE"))]));
}

/// Changes an object of a load balancer.
pub fn change(state: &mut State, kind: Kind, id: &str, body: Body) -> Result<(), Refusal> {
    let balancer = balancer_of(state, kind, id);
    mutable(state, &balancer)?;
    state.patch(kind, id, body);
    state.set(kind, id, "provisioning_status", "PENDING_UPDATE");
    state.later(kind, id, arrived());
    busy(state, &balancer);
    Ok(())
}

/// Removes an object of a load balancer.
pub fn leave(state: &mut State, kind: Kind, id: &str) -> Result<(), Refusal> {
    let balancer = balancer_of(state, kind, id);
    mutable(state, &balancer)?;
    state.set(kind, id, "provisioning_status", "PENDING_DELETE");
    state.later(kind, id, Change::Remove);
    busy(state, &balancer);
    Ok(())
}

pub fn balancer_of(state: &State, kind: Kind, id: &str) -> String {
    state.get(kind, id).and_then(|record| record.private.text(BALANCER)).unwrap_or_default().to_owned()
}

/// The objects of a kind that belong to a load balancer.
pub fn of_balancer(state: &State, kind: Kind, balancer: &str) -> Vec<String> {
    state.ids(kind, |record| record.private.text(BALANCER) == Some(balancer))
}

/// References to objects, as Octavia shows them.
pub fn references(ids: &[String]) -> Value {
    ids.iter().map(|id| json!({ "id": id })).collect()
}

pub fn view(record: &Record) -> Body {
    let mut shown = record.body.clone();
    let mut put = |key: &str, value: Value| shown.insert(key.to_owned(), value);
    put("id", json!(record.id));
    put("project_id", json!(record.project_id));
    put("tenant_id", json!(record.project_id));
    put("created_at", json!(record.created.plain()));
    put("updated_at", json!(record.updated.map(|at| at.plain())));
    shown
}

/// Octavia's objects belong to the project of the token unless an administrator names another.
pub fn owner(scope: &Scope, given: &mut Body) -> Result<String, Refusal> {
    crate::neutron::owner(scope, given)
}

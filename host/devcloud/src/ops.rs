//! The six things that can be done with a collection: what REST and Heat have in common.

use serde_json::Value;

use crate::{
    collections::resource,
    record::{Body, Record},
    refusal::{Problem, Refusal},
    resource::{Access, ONCE, decide},
    services::{Kind, Scope},
    state::State,
};

pub fn create(state: &mut State, scope: &Scope, kind: Kind, body: Body) -> Result<Value, Refusal> {
    let resource = resource(kind);
    decide(scope, resource.shape().service, Access::Write)?;
    let id = resource.create(state, scope, body)?;
    let record = state.get(kind, &id).ok_or_else(|| resource.missing(&id))?;
    let shown = resource.view_created(state, record);
    if let Some(record) = state.get_mut(kind, &id) {
        record.private.remove(ONCE);
    }
    Ok(shown)
}

pub fn show(state: &State, scope: &Scope, kind: Kind, id: &str) -> Result<Value, Refusal> {
    let resource = resource(kind);
    decide(scope, resource.shape().service, Access::Read)?;
    state.visible(scope, kind, &resource.key(scope, id)).map(|record| resource.view(state, record))
}

/// What the caller may see, oldest first.
pub fn list(state: &State, scope: &Scope, kind: Kind) -> Result<Vec<Value>, Refusal> {
    let resource = resource(kind);
    Ok(records(state, scope, kind)?.into_iter().map(|record| resource.view(state, record)).collect())
}

fn records<'a>(state: &'a State, scope: &Scope, kind: Kind) -> Result<Vec<&'a Record>, Refusal> {
    let resource = resource(kind);
    decide(scope, resource.shape().service, Access::Read)?;
    let mut records = state.all(kind);
    records.retain(|record| resource.visible(state, scope, record));
    Ok(records)
}

pub fn update(state: &mut State, scope: &Scope, kind: Kind, id: &str, body: Body) -> Result<Value, Refusal> {
    let resource = resource(kind);
    decide(scope, resource.shape().service, Access::Write)?;
    let id = &resource.key(scope, id);
    state.visible(scope, kind, id)?;
    resource.update(state, scope, id, body)?;
    state.visible(scope, kind, id).map(|record| resource.view(state, record))
}

pub fn delete(state: &mut State, scope: &Scope, kind: Kind, id: &str) -> Result<(), Refusal> {
    let resource = resource(kind);
    decide(scope, resource.shape().service, Access::Write)?;
    let id = &resource.key(scope, id);
    state.visible(scope, kind, id)?;
    resource.delete(state, scope, id)
}

pub fn act(state: &mut State, scope: &Scope, kind: Kind, id: &str, action: &str, body: Body) -> Result<Value, Refusal> {
    let resource = resource(kind);
    decide(scope, resource.shape().service, Access::Write)?;
    let id = &resource.key(scope, id);
    state.visible(scope, kind, id)?;
    resource.act(state, scope, id, action, body)
}

/// By id, else by a name that only one visible object has.
pub fn find(state: &State, scope: &Scope, kind: Kind, name_or_id: &str) -> Result<Value, Refusal> {
    let resource = resource(kind);
    let records = records(state, scope, kind)?;
    if let Some(record) = records.iter().find(|record| record.id == name_or_id) {
        return Ok(resource.view(state, record));
    }
    let mut named = records.into_iter().filter(|record| record.name() == name_or_id);
    match (named.next(), named.next()) {
        (Some(record), None) => Ok(resource.view(state, record)),
        (None, _) => Err(resource.missing(name_or_id)),
        (Some(_), Some(_)) => Err(Refusal::new(
            Problem::Conflict,
            AMBIGUOUS,
            format!("Multiple {} matches found for {name_or_id}.", resource.shape().singular),
        )),
    }
}

/// The name of the refusal for a name that several objects have.
pub const AMBIGUOUS: &str = "NoUniqueMatch";

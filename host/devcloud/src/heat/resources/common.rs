//! What most resource types do alike.

use serde_json::{Map, Value};

use super::{plugin::Properties, schema::Property};
use crate::{
    heat::{engine::Context, error::Failure},
    services::{Kind, ServiceError},
};

/// The properties as a request body: `value_specs` spread out, and a name if the type has one.
pub fn body(cx: &Context, table: &[Property], properties: &Properties) -> Map<String, Value> {
    let mut body = properties.clone();
    if let Some(Value::Object(specs)) = body.shift_remove("value_specs") {
        body.extend(specs);
    }
    if table.iter().any(|property| property.name == "name") && !body.contains_key("name") {
        body.insert("name".to_owned(), Value::String(cx.physical_name()));
    }
    body
}

/// Moves values to the names a service has for them.
pub fn rename(body: &mut Map<String, Value>, names: &[(&str, &str)]) {
    for (from, to) in names {
        if let Some(value) = body.shift_remove(*from) {
            body.insert((*to).to_owned(), value);
        }
    }
}

/// Whether a refusal only says that the object is changing just now.
fn is_passing(kind: Kind, error: &ServiceError) -> bool {
    let octavia = matches!(kind, Kind::LoadBalancer | Kind::Listener | Kind::Pool | Kind::PoolMember | Kind::HealthMonitor);
    octavia && matches!(error, ServiceError::Conflict(message) if message.contains("immutable"))
}

pub async fn create(cx: &Context, kind: Kind, body: Value) -> Result<Value, Failure> {
    let mut wait = cx.waiting();
    loop {
        match cx.services().create(cx.scope(), kind, body.clone()).await {
            Ok(made) => {
                let id = made.get("id").or_else(|| made.get("name")).and_then(Value::as_str).unwrap_or_default();
                cx.set_physical_id(id);
                return Ok(made);
            }
            Err(error) if is_passing(kind, &error) => wait.again().await?,
            Err(error) => return Err(error.into()),
        }
    }
}

pub async fn update(cx: &Context, kind: Kind, id: &str, body: Value) -> Result<Value, Failure> {
    let mut wait = cx.waiting();
    loop {
        match cx.services().update(cx.scope(), kind, id, body.clone()).await {
            Err(error) if is_passing(kind, &error) => wait.again().await?,
            other => return Ok(other?),
        }
    }
}

/// Deletes, and waits until the object is gone.
pub async fn delete(cx: &Context, kind: Kind, id: &str) -> Result<(), Failure> {
    let mut wait = cx.waiting();
    loop {
        match cx.services().delete(cx.scope(), kind, id).await {
            Ok(()) => break,
            Err(ServiceError::NotFound { .. }) => return Ok(()),
            Err(error) if is_passing(kind, &error) => wait.again().await?,
            Err(error) => return Err(error.into()),
        }
    }
    let lingers = matches!(
        kind,
        Kind::Server | Kind::Volume | Kind::LoadBalancer | Kind::Listener | Kind::Pool | Kind::PoolMember | Kind::HealthMonitor
    );
    if !lingers {
        return Ok(());
    }
    loop {
        match cx.services().show(cx.scope(), kind, id).await {
            Err(ServiceError::NotFound { .. }) => break,
            Err(error) => return Err(error.into()),
            Ok(shown) => match state(&shown).as_str() {
                "DELETED" => break,
                "ERROR" | "ERROR_DELETING" => return Err(in_error(&shown, "deleting")),
                _ => wait.again().await?,
            },
        }
    }
    Ok(())
}

/// By its `provisioning_status` or `status`: there, still coming, or in error.
pub async fn ready(cx: &Context, kind: Kind, id: &str) -> Result<bool, Failure> {
    let timed = matches!(
        kind,
        Kind::Server | Kind::Volume | Kind::LoadBalancer | Kind::Listener | Kind::Pool | Kind::PoolMember | Kind::HealthMonitor
    );
    if !timed {
        return Ok(true);
    }
    let shown = cx.services().show(cx.scope(), kind, id).await?;
    match state(&shown).as_str() {
        "ERROR" => Err(in_error(&shown, "creating")),
        "ACTIVE" | "AVAILABLE" | "IN-USE" | "" => Ok(true),
        _ => Ok(false),
    }
}

fn state(shown: &Value) -> String {
    shown.get("provisioning_status").or_else(|| shown.get("status")).and_then(Value::as_str).unwrap_or_default().to_uppercase()
}

fn in_error(shown: &Value, doing: &str) -> Failure {
    let fault = shown.get("fault");
    let message = fault.and_then(|fault| fault.get("message")).and_then(Value::as_str).unwrap_or("Unknown");
    let code = fault.and_then(|fault| fault.get("code")).map_or_else(|| "Unknown".to_owned(), ToString::to_string);
    Failure::new("ResourceInError", format!("Went to status ERROR while {doing} due to \"Message: {message}, Code: {code}\""))
}

/// The id of what a property names.
pub async fn id_of(cx: &Context, kind: Kind, name_or_id: &str) -> Result<String, Failure> {
    let found = cx.services().find(cx.scope(), kind, name_or_id).await?;
    let id = found.get("id").or_else(|| found.get("name")).and_then(Value::as_str);
    Ok(id.unwrap_or(name_or_id).to_owned())
}

/// Replaces the names in `keys` by ids, under the names that the service has for them.
pub async fn resolve(cx: &Context, body: &mut Map<String, Value>, keys: &[(&str, &str, Kind)]) -> Result<(), Failure> {
    for (from, to, kind) in keys {
        match body.shift_remove(*from) {
            Some(Value::String(name)) if !name.is_empty() => {
                let id = id_of(cx, *kind, &name).await?;
                body.insert((*to).to_owned(), Value::String(id));
            }
            Some(Value::Array(names)) => {
                let mut ids = Vec::with_capacity(names.len());
                for name in names.iter().filter_map(Value::as_str) {
                    ids.push(Value::String(id_of(cx, *kind, name).await?));
                }
                body.insert((*to).to_owned(), Value::Array(ids));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The text of a property, when it has one.
pub fn text<'a>(properties: &'a Properties, name: &str) -> Option<&'a str> {
    properties.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The changed properties as a request: what was taken away becomes null, names become ids.
pub async fn changes(
    cx: &Context,
    changed: &Properties,
    ids: &[(&str, &str, Kind)],
    renames: &[(&str, &str)],
) -> Result<Value, Failure> {
    let mut body = changed.clone();
    if let Some(Value::Object(specs)) = body.shift_remove("value_specs") {
        body.extend(specs);
    }
    resolve(cx, &mut body, ids).await?;
    rename(&mut body, renames);
    Ok(Value::Object(body))
}

//! `/key-manager/v1`: objects are known by reference, a URL.

use std::sync::Arc;

use axum::{Extension, Json, Router, body::Bytes, extract::State, response::IntoResponse as _, routing::get};
use http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};

use super::secrets;
use crate::{
    cloud::Cloud,
    collections::resource,
    http::{
        query::Query,
        request::{Object, Parts, part},
        rest::{Answer, Shared},
    },
    ops,
    record::Attributes as _,
    refusal::{Problem, Refusal},
    resource::{Access, decide},
    service::Service,
    services::{Kind, Scope},
};

type Caller = Extension<Scope>;

pub fn router() -> Router<Arc<Cloud>> {
    Router::new()
        .route(
            "/secrets",
            get(async |c: Shared, s: Caller, q: Query| index(&c, &s, Kind::Secret, &q))
                .post(async |c: Shared, s: Caller, b: Object| create(&c, &s, Kind::Secret, b)),
        )
        .route(
            "/secrets/{id}",
            get(show_secret).put(put_payload).delete(async |c: Shared, s: Caller, p: Parts| remove(&c, &s, Kind::Secret, &p)),
        )
        .route("/secrets/{id}/payload", get(payload))
        .route(
            "/containers",
            get(async |c: Shared, s: Caller, q: Query| index(&c, &s, Kind::SecretContainer, &q))
                .post(async |c: Shared, s: Caller, b: Object| create(&c, &s, Kind::SecretContainer, b)),
        )
        .route(
            "/containers/{id}",
            get(async |c: Shared, s: Caller, p: Parts| show(&c, &s, Kind::SecretContainer, &p))
                .delete(async |c: Shared, s: Caller, p: Parts| remove(&c, &s, Kind::SecretContainer, &p)),
        )
        .route("/containers/{id}/consumers", get(consumers).post(add_consumer).delete(remove_consumer))
}

fn reference(cloud: &Cloud, kind: Kind, id: &str) -> String {
    format!("{}/key-manager/v1/{}/{id}", cloud.url(), resource(kind).shape().plural)
}

/// The id gives way to the reference.
fn referred(cloud: &Cloud, kind: Kind, mut shown: Value) -> Value {
    if let Some(shown) = shown.as_object_mut() {
        let id = shown.remove("id").and_then(|id| id.as_str().map(str::to_owned)).unwrap_or_default();
        let key = if kind == Kind::Secret { "secret_ref" } else { "container_ref" };
        shown.insert(key.to_owned(), json!(reference(cloud, kind, &id)));
    }
    shown
}

fn index(cloud: &Cloud, scope: &Scope, kind: Kind, query: &Query) -> Answer {
    let items = cloud.read(|state| ops::list(state, scope, kind))?;
    let (offset, limit) = (number(query, "offset", 0), number(query, "limit", 10).min(100));
    let asked = query.clone().without("limit").without("offset");
    let all = asked.page(items)?.items;
    let total = all.len();
    let page: Vec<Value> = all.into_iter().skip(offset).take(limit).map(|item| referred(cloud, kind, item)).collect();
    let plural = resource(kind).shape().plural;
    let mut shown = json!({plural: page, "total": total});
    if let (true, Some(shown)) = (offset + limit < total, shown.as_object_mut()) {
        shown.insert(
            "next".to_owned(),
            json!(format!("{}/key-manager/v1/{plural}?limit={limit}&offset={}", cloud.url(), offset + limit)),
        );
    }
    Ok(Json(shown).into_response())
}

fn number(query: &Query, key: &str, otherwise: usize) -> usize {
    query.get(key).and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn create(cloud: &Cloud, scope: &Scope, kind: Kind, body: Object) -> Answer {
    let made = cloud.write(|state| ops::create(state, scope, kind, body.0))?;
    let here = reference(cloud, kind, made.get("id").and_then(Value::as_str).unwrap_or_default());
    let key = if kind == Kind::Secret { "secret_ref" } else { "container_ref" };
    Ok((StatusCode::CREATED, [(header::LOCATION, here.clone())], Json(json!({ key: here }))).into_response())
}

fn show(cloud: &Cloud, scope: &Scope, kind: Kind, parts: &Parts) -> Answer {
    let shown = cloud.read(|state| ops::show(state, scope, kind, part(parts, "id")))?;
    Ok(Json(referred(cloud, kind, shown)).into_response())
}

fn remove(cloud: &Cloud, scope: &Scope, kind: Kind, parts: &Parts) -> Answer {
    cloud.write(|state| ops::delete(state, scope, kind, part(parts, "id")))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Metadata for `application/json`, else the payload, as older clients ask for it.
async fn show_secret(cloud: Shared, scope: Caller, headers: HeaderMap, parts: Parts) -> Answer {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("application/json");
    if accept.contains("json") || accept.contains("*/*") {
        return show(&cloud, &scope, Kind::Secret, &parts);
    }
    payload(cloud, scope, parts).await
}

async fn payload(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    decide(&scope, Service::KeyManager, Access::Write)?;
    let found = cloud.read(|state| state.visible(&scope, Kind::Secret, part(&parts, "id")).map(secrets::payload))?;
    let (kind, bytes) =
        found.ok_or_else(|| Refusal::new(Problem::NotFound, "NotFound", "Not Found. Sorry but your secret has no payload."))?;
    Ok(([(header::CONTENT_TYPE, kind)], bytes).into_response())
}

async fn put_payload(State(cloud): Shared, scope: Caller, parts: Parts, headers: HeaderMap, body: Bytes) -> Answer {
    decide(&scope, Service::KeyManager, Access::Write)?;
    let header = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let kind = header(header::CONTENT_TYPE).unwrap_or_else(|| "text/plain".to_owned());
    let encoded = header(header::CONTENT_ENCODING).as_deref() == Some("base64");
    let id = part(&parts, "id");
    cloud.write(|state| {
        state.visible(&scope, Kind::Secret, id)?;
        let record = state.get_mut(Kind::Secret, id).ok_or_else(|| resource(Kind::Secret).missing(id))?;
        match std::str::from_utf8(&body) {
            Ok(text) => secrets::store(record, &kind, encoded, text),
            Err(_) if !record.private.contains_key("payload") => {
                secrets::keep(record, &kind, &body);
                Ok(())
            }
            Err(_) => Err(Refusal::conflict("SecretAlreadyHasData", "Secret already has data, cannot modify it.")),
        }
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn consumers(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let consumers = cloud.read(|state| {
        state.visible(&scope, Kind::SecretContainer, part(&parts, "id")).map(|record| record.list("consumers").to_vec())
    })?;
    Ok(Json(json!({"consumers": consumers, "total": consumers.len()})).into_response())
}

async fn add_consumer(State(cloud): Shared, scope: Caller, parts: Parts, body: Object) -> Answer {
    change_consumers(&cloud, &scope, &parts, &body, true)
}

async fn remove_consumer(State(cloud): Shared, scope: Caller, parts: Parts, body: Object) -> Answer {
    change_consumers(&cloud, &scope, &parts, &body, false)
}

fn change_consumers(cloud: &Cloud, scope: &Scope, parts: &Parts, body: &Object, add: bool) -> Answer {
    decide(scope, Service::KeyManager, Access::Write)?;
    let (Some(name), Some(url)) = (body.0.text("name"), body.0.text("URL")) else {
        return Err(Refusal::bad("Provided object does not match schema 'Consumer': 'name' and 'URL' are required properties."));
    };
    let (id, consumer) = (part(parts, "id"), json!({"name": name, "URL": url}));
    let shown = cloud.write(|state| {
        state.visible(scope, Kind::SecretContainer, id)?;
        let record = state.get_mut(Kind::SecretContainer, id).ok_or_else(|| resource(Kind::SecretContainer).missing(id))?;
        let was = record.retain("consumers", |kept| *kept != consumer);
        if add {
            record.push("consumers", consumer);
        } else if !was {
            return Err(Refusal::new(Problem::NotFound, "NotFound", "Not Found. Consumer does not exist."));
        }
        ops::show(state, scope, Kind::SecretContainer, id)
    })?;
    Ok(Json(referred(cloud, Kind::SecretContainer, shown)).into_response())
}

//! `/image/v2`.

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    body::Bytes,
    extract::{OriginalUri, State},
    response::IntoResponse as _,
    routing::{get, put},
};
use http::{StatusCode, header};
use serde_json::{Value, json};

use super::images;
use crate::{
    cloud::Cloud,
    http::{
        query::Query,
        request::{Object, Parts, part},
        rest::{Answer, Shared, listed},
    },
    ops,
    record::Body,
    refusal::Refusal,
    service::Service,
    services::{Kind, Scope},
};

type Caller = Extension<Scope>;

pub fn router() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/images", get(index).post(create))
        .route("/images/{id}", get(show).patch(update).delete(remove))
        .route("/images/{id}/file", put(upload).get(download))
        .route("/images/{id}/members", get(async || Json(json!({"members": [], "schema": "/v2/schemas/members"}))))
        .route("/schemas/image", get(schema))
        .route(
            "/info/import",
            get(async || {
                Json(json!({"import-methods": {"description": "Import methods available.", "type": "array", "value": []}}))
            }),
        )
}

/// Hidden images are not listed, community ones only on request.
async fn index(State(cloud): Shared, scope: Caller, uri: OriginalUri, query: Query) -> Answer {
    let mut items = cloud.read(|state| ops::list(state, &scope, Kind::Image))?;
    items.reverse();
    let is = |image: &Value, key: &str, value: &Value| image.get(key) == Some(value);
    let hidden = query.flag("os_hidden");
    items.retain(|image| is(image, "os_hidden", &json!(hidden)));
    if query.get("visibility").is_none() {
        items.retain(|image| !is(image, "visibility", &json!("community")) || is(image, "owner", &json!(scope.project_id)));
    }
    let asked = if query.get("visibility") == Some("all") { query.clone().without("visibility") } else { query.clone() };
    let page = asked.without("member_status").without("tag").page(items)?;
    Ok(listed(&cloud, Service::Image, "images", &query, &uri, page))
}

async fn create(State(cloud): Shared, scope: Caller, body: Object) -> Answer {
    let shown = cloud.write(|state| ops::create(state, &scope, Kind::Image, body.0))?;
    let here = format!("{}/image/v2/images/{}", cloud.url(), shown.get("id").and_then(Value::as_str).unwrap_or_default());
    Ok((StatusCode::CREATED, [(header::LOCATION, here)], Json(shown)).into_response())
}

async fn show(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let shown = cloud.read(|state| ops::show(state, &scope, Kind::Image, part(&parts, "id")))?;
    Ok(Json(shown).into_response())
}

/// A JSON patch of attributes at the top level.
async fn update(State(cloud): Shared, scope: Caller, parts: Parts, body: Bytes) -> Answer {
    let id = part(&parts, "id");
    let changes: Vec<Value> =
        serde_json::from_slice(&body).map_err(|_| Refusal::bad("Request body must be a JSON array of operation objects."))?;
    let shown = cloud.write(|state| {
        let (mut set, mut gone) = (Body::new(), Vec::new());
        for change in &changes {
            let text = |key: &str| change.get(key).and_then(Value::as_str);
            let name =
                text("path").and_then(|path| path.strip_prefix('/')).filter(|name| !name.is_empty() && !name.contains('/'));
            let name = name.ok_or_else(|| Refusal::bad("Invalid JSON pointer for this resource"))?;
            match (text("op"), change.get("value")) {
                (Some("add" | "replace"), Some(value)) => {
                    set.insert(name.to_owned(), value.clone());
                }
                (Some("remove"), _) => gone.push(name.to_owned()),
                _ => return Err(Refusal::bad("Unable to find 'op' and 'value' in JSON Schema change")),
            }
        }
        ops::update(state, &scope, Kind::Image, id, set)?;
        if let Some(image) = state.get_mut(Kind::Image, id) {
            gone.iter().for_each(|name| drop(image.body.remove(name)));
        }
        ops::show(state, &scope, Kind::Image, id)
    })?;
    Ok(Json(shown).into_response())
}

async fn remove(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    cloud.write(|state| ops::delete(state, &scope, Kind::Image, part(&parts, "id")))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn upload(State(cloud): Shared, scope: Caller, parts: Parts, body: Bytes) -> Answer {
    cloud.write(|state| images::upload(state, &scope, part(&parts, "id"), &body))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn download(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let bytes = cloud.read(|state| state.visible(&scope, Kind::Image, part(&parts, "id")).map(images::bytes))?;
    Ok(match bytes {
        Some(bytes) => ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

async fn schema() -> Json<Value> {
    let text = json!({"type": ["null", "string"]});
    let properties = json!({"id": text, "name": text, "status": text, "visibility": text, "owner": text, "checksum": text,
        "container_format": text, "disk_format": text, "size": {"type": ["null", "integer"]}, "min_disk": {"type": "integer"},
        "min_ram": {"type": "integer"}, "protected": {"type": "boolean"}, "os_hidden": {"type": "boolean"},
        "created_at": text, "updated_at": text, "self": text, "file": text, "schema": text, "tags": {"type": "array"}});
    Json(json!({"name": "image", "properties": properties, "additionalProperties": {"type": "string"}}))
}

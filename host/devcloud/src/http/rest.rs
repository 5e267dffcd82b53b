//! The REST side of a collection: what is alike in all services.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Extension, Json, Router,
    extract::{OriginalUri, Path, State},
    response::{IntoResponse as _, Response},
    routing::get,
};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{
    query::{Page, Query},
    request::{Object, Parts, part},
};
use crate::{
    cloud::Cloud,
    collections::resource,
    ops,
    record::Body,
    refusal::Refusal,
    resource::Shape,
    service::Service,
    services::{Kind, Scope},
};

pub type Answer = Result<Response, Refusal>;
pub type Shared = State<Arc<Cloud>>;

/// List, create, show, update and delete under `path`. Parts of the path other than `id` and `project` belong to the objects.
pub fn collection(kind: Kind, path: &str) -> Router<Arc<Cloud>> {
    let list = move |cloud: Shared, scope: Extension<Scope>, uri: OriginalUri, parts: Parts, query: Query| async move {
        list(&cloud, &scope, kind, &parts, &query, &uri)
    };
    let create = move |cloud: Shared, scope: Extension<Scope>, parts: Parts, body: Object| async move {
        create(&cloud, &scope, kind, parts, body)
    };
    let show = move |cloud: Shared, scope: Extension<Scope>, parts: Parts| async move {
        let shown = cloud.read(|state| ops::show(state, &scope, kind, part(&parts, "id")))?;
        Ok::<_, Refusal>(Json(enveloped(kind, shown)))
    };
    let update = move |cloud: Shared, scope: Extension<Scope>, parts: Parts, body: Object| async move {
        let body = body.inner(resource(kind).shape().singular)?;
        let shown = cloud.write(|state| ops::update(state, &scope, kind, part(&parts, "id"), body))?;
        Ok::<_, Refusal>(Json(enveloped(kind, shown)))
    };
    let delete = move |cloud: Shared, scope: Extension<Scope>, parts: Parts| async move {
        cloud.write(|state| ops::delete(state, &scope, kind, part(&parts, "id")))?;
        Ok::<_, Refusal>(status(resource(kind).shape().deleted))
    };
    Router::new().route(path, get(list).post(create)).route(&format!("{path}/{{id}}"), get(show).put(update).delete(delete))
}

fn create(cloud: &Cloud, scope: &Scope, kind: Kind, Path(parts): Parts, body: Object) -> Answer {
    let Shape { singular, created, .. } = resource(kind).shape();
    let mut body: Body = body.inner(singular)?;
    for (key, value) in owners(&parts) {
        body.insert(key.clone(), json!(value));
    }
    let shown = cloud.write(|state| ops::create(state, scope, kind, body))?;
    Ok((status(created), Json(enveloped(kind, shown))).into_response())
}

fn list(cloud: &Cloud, scope: &Scope, kind: Kind, parts: &BTreeMap<String, String>, query: &Query, uri: &OriginalUri) -> Answer {
    let mut items = cloud.read(|state| ops::list(state, scope, kind))?;
    for (key, value) in owners(parts) {
        items.retain(|item| item.get(key).and_then(Value::as_str) == Some(value));
    }
    let Shape { service, plural, .. } = resource(kind).shape();
    Ok(listed(cloud, service, plural, query, uri, query.page(items)?))
}

/// A page in its envelope, with a link to the next one.
pub fn listed(cloud: &Cloud, service: Service, plural: &str, query: &Query, uri: &OriginalUri, page: Page) -> Response {
    let mut body = Map::from_iter([(plural.to_owned(), Value::Array(page.items))]);
    if let Some(marker) = page.next {
        let href = format!("{}?{}", uri.path(), query.from(&marker));
        match service {
            Service::Image => body.insert("next".to_owned(), json!(href.strip_prefix("/image").unwrap_or(&href))),
            _ => {
                let link = json!([{"rel": "next", "href": format!("{}{href}", cloud.url())}]);
                body.insert(format!("{plural}_links"), link)
            }
        };
    }
    Json(Value::Object(body)).into_response()
}

fn owners(parts: &BTreeMap<String, String>) -> impl Iterator<Item = (&String, &String)> {
    parts.iter().filter(|(key, _)| *key != "id" && *key != "project")
}

pub fn enveloped(kind: Kind, shown: Value) -> Value {
    match resource(kind).shape().singular {
        "" => shown,
        singular => json!({ singular: shown }),
    }
}

pub fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::OK)
}

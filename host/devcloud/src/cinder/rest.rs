//! `/volume/v3/{project}`.

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    extract::{OriginalUri, Path, Request, State},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::{
    cloud::Cloud,
    http::{
        query::{Page, Query},
        request::{Object, Parts, part},
        rest::{Answer, Shared, collection, listed},
    },
    ops, quota,
    refusal::Refusal,
    service::Service,
    services::{Kind, Scope},
    state::State as Everything,
};

type Caller = Extension<Scope>;

/// Collections that are always empty here: path and envelope.
const EMPTY: [(&str, &str); 8] = [
    ("/snapshots", "snapshots"),
    ("/snapshots/detail", "snapshots"),
    ("/backups", "backups"),
    ("/backups/detail", "backups"),
    ("/os-services", "services"),
    ("/groups/detail", "groups"),
    ("/os-volume-transfer", "transfers"),
    ("/os-volume-transfer/detail", "transfers"),
];

pub fn router() -> Router<Arc<Cloud>> {
    let mut inner = Router::new()
        .route(
            "/volumes",
            get(async |c: Shared, s: Caller, u: OriginalUri, q: Query| volumes(&c, &s, &u, &q, false)).post(create_volume),
        )
        .route("/volumes/detail", get(async |c: Shared, s: Caller, u: OriginalUri, q: Query| volumes(&c, &s, &u, &q, true)))
        .route("/volumes/{id}/action", post(action))
        .merge(collection(Kind::VolumeType, "/types"))
        .merge(item())
        .route("/types/{id}/extra_specs", get(extra_specs))
        .route("/limits", get(limits))
        .route("/os-quota-sets/{owner}", get(quotas).put(set_quotas).delete(reset_quotas))
        .route(
            "/os-availability-zone",
            get(async || Json(json!({"availabilityZoneInfo": [{"zoneName": "nova", "zoneState": {"available": true}}]}))),
        )
        .route("/attachments", get(attachments))
        .route("/attachments/detail", get(attachments))
        .route("/extensions", get(async || Json(json!({"extensions": []}))));
    for (path, envelope) in EMPTY {
        inner = inner.route(path, get(async move || Json(json!({ envelope: [] }))));
    }
    Router::new().nest("/{project}", inner.layer(from_fn(own_project)))
}

/// One volume: its collection is listed in a way of its own.
fn item() -> Router<Arc<Cloud>> {
    let show = async |State(cloud): Shared, scope: Caller, parts: Parts| -> Answer {
        let shown = cloud.read(|state| ops::show(state, &scope, Kind::Volume, part(&parts, "id")))?;
        Ok(Json(json!({"volume": shown})).into_response())
    };
    let update = async |State(cloud): Shared, scope: Caller, parts: Parts, body: Object| -> Answer {
        let given = body.inner("volume")?;
        let shown = cloud.write(|state| ops::update(state, &scope, Kind::Volume, part(&parts, "id"), given))?;
        Ok(Json(json!({"volume": shown})).into_response())
    };
    let delete = async |State(cloud): Shared, scope: Caller, parts: Parts| -> Answer {
        cloud.write(|state| ops::delete(state, &scope, Kind::Volume, part(&parts, "id")))?;
        Ok(StatusCode::ACCEPTED.into_response())
    };
    Router::new().route("/volumes/{id}", get(show).put(update).delete(delete))
}

/// The project in the path must be that of the token.
async fn own_project(Path(parts): Parts, request: Request, next: Next) -> Response {
    let scope = request.extensions().get::<Scope>();
    if scope.is_some_and(|scope| scope.project_id != part(&parts, "project")) {
        return Refusal::bad("Malformed request url").into_response();
    }
    next.run(request).await
}

fn volumes(cloud: &Cloud, scope: &Scope, uri: &OriginalUri, query: &Query, detail: bool) -> Answer {
    let mut items = cloud.read(|state| ops::list(state, scope, Kind::Volume))?;
    items.reverse();
    if !(scope.is_admin() && query.flag("all_tenants")) {
        items.retain(|volume| volume.get("os-vol-tenant-attr:tenant_id").and_then(Value::as_str) == Some(&scope.project_id));
    }
    let Page { mut items, next } = query.page(items)?;
    if !detail {
        items =
            items.into_iter().map(|volume| json!({"id": volume.get("id"), "name": volume.get("name"), "links": []})).collect();
    }
    Ok(listed(cloud, Service::Volume, "volumes", query, uri, Page { items, next }))
}

async fn create_volume(State(cloud): Shared, scope: Caller, body: Object) -> Answer {
    let given = body.inner("volume")?;
    let shown = cloud.write(|state| ops::create(state, &scope, Kind::Volume, given))?;
    Ok((StatusCode::ACCEPTED, Json(json!({"volume": shown}))).into_response())
}

async fn action(State(cloud): Shared, scope: Caller, parts: Parts, body: Object) -> Answer {
    let (action, given) = body.0.into_iter().next().ok_or_else(|| Refusal::bad("There is no action in the body."))?;
    let given = given.as_object().cloned().unwrap_or_default();
    cloud.write(|state| ops::act(state, &scope, Kind::Volume, part(&parts, "id"), &action, given))?;
    Ok(StatusCode::ACCEPTED.into_response())
}

async fn extra_specs(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let shown = cloud.read(|state| ops::show(state, &scope, Kind::VolumeType, part(&parts, "id")))?;
    Ok(Json(json!({"extra_specs": shown.get("extra_specs")})).into_response())
}

async fn attachments(State(cloud): Shared, scope: Caller) -> Answer {
    let items = cloud.read(|state| ops::list(state, &scope, Kind::VolumeAttachment))?;
    let shown = |item: Value| json!({"id": item.get("attachment_id"), "volume_id": item.get("volumeId"), "instance": item.get("serverId"), "status": "attached"});
    Ok(Json(json!({"attachments": items.into_iter().map(shown).collect::<Vec<_>>()})).into_response())
}

async fn limits(State(cloud): Shared, scope: Caller) -> Json<Value> {
    let project = &scope.project_id;
    let shown = cloud.read(|state| {
        let value = |resource: &str| {
            quota::find(Service::Volume, resource)
                .map(|limit| (limit.allowed(state, project), limit.used(state, project)))
                .unwrap_or((-1, 0))
        };
        let (volumes, gigabytes, snapshots) = (value("volumes"), value("gigabytes"), value("snapshots"));
        json!({"maxTotalVolumes": volumes.0, "totalVolumesUsed": volumes.1, "maxTotalVolumeGigabytes": gigabytes.0,
            "totalGigabytesUsed": gigabytes.1, "maxTotalSnapshots": snapshots.0, "totalSnapshotsUsed": 0,
            "maxTotalBackups": 0, "totalBackupsUsed": 0, "maxTotalBackupGigabytes": 0, "totalBackupGigabytesUsed": 0})
    });
    Json(json!({"limits": {"rate": [], "absolute": shown}}))
}

fn quota_set(state: &Everything, owner: &str, usage: bool) -> Value {
    let mut set = Map::from_iter([("id".to_owned(), json!(owner))]);
    for limit in quota::of(Service::Volume) {
        let allowed = limit.allowed(state, owner);
        let shown =
            if usage { json!({"limit": allowed, "in_use": limit.used(state, owner), "reserved": 0}) } else { json!(allowed) };
        set.insert(limit.resource.to_owned(), shown);
    }
    json!({ "quota_set": set })
}

fn allowed(scope: &Scope, owner: &str, writing: bool) -> Result<(), Refusal> {
    if scope.is_admin() || (!writing && scope.project_id == owner) {
        return Ok(());
    }
    Err(Refusal::forbidden("Policy doesn't allow volume_extension:quotas:update to be performed."))
}

async fn quotas(State(cloud): Shared, scope: Caller, parts: Parts, query: Query) -> Answer {
    let owner = part(&parts, "owner");
    allowed(&scope, owner, false)?;
    Ok(Json(cloud.read(|state| quota_set(state, owner, query.flag("usage")))).into_response())
}

async fn set_quotas(State(cloud): Shared, scope: Caller, parts: Parts, body: Object) -> Answer {
    let owner = part(&parts, "owner");
    allowed(&scope, owner, true)?;
    let wanted = body.inner("quota_set")?;
    cloud.write(|state| {
        for (resource, value) in wanted {
            let value = value.as_i64().or_else(|| value.as_str()?.parse().ok());
            let (Some(limit), Some(value)) = (quota::find(Service::Volume, &resource), value) else {
                return Err(Refusal::bad(format!("Bad key(s) in quota set: {resource}")));
            };
            limit.set(&mut state.quotas, Some(owner), value);
        }
        Ok(Json(quota_set(state, owner, false)).into_response())
    })
}

async fn reset_quotas(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let owner = part(&parts, "owner");
    allowed(&scope, owner, true)?;
    cloud.write(|state| state.quotas.reset(Service::Volume, owner));
    Ok(StatusCode::OK.into_response())
}

//! `/compute/v2.1`.

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    extract::{OriginalUri, Request, State},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::{limits, networking};
use crate::{
    cloud::Cloud,
    collections::resource,
    http::{
        query::{Page, Query},
        request::{Object, Parts, part},
        rest::{Answer, Shared, collection, enveloped, listed, status},
    },
    ops,
    record::Attributes as _,
    refusal::Refusal,
    service::Service,
    services::{Kind, Scope},
};

type Caller = Extension<Scope>;

/// The newest microversion; each request says which it speaks.
const NEWEST: u32 = 96;

pub fn router() -> Router<Arc<Cloud>> {
    Router::new()
        .merge(collection(Kind::ServerGroup, "/os-server-groups"))
        .merge(collection(Kind::VolumeAttachment, "/servers/{server_id}/os-volume_attachments"))
        .route(
            "/servers",
            get(async |c: Shared, s: Caller, u: OriginalUri, h: HeaderMap, q: Query| servers(&c, &s, &u, &h, q, false))
                .post(create_server),
        )
        .route(
            "/servers/detail",
            get(async |c: Shared, s: Caller, u: OriginalUri, h: HeaderMap, q: Query| servers(&c, &s, &u, &h, q, true)),
        )
        .route("/servers/{id}", get(server).put(update_server).delete(delete_server))
        .route("/servers/{id}/action", post(action))
        .route("/servers/{id}/ips", get(ips))
        .route("/servers/{id}/metadata", get(metadata).put(set_metadata).post(set_metadata))
        .route("/servers/{id}/os-security-groups", get(security_groups))
        .route("/servers/{id}/os-interface", get(interfaces).post(attach))
        .route("/servers/{id}/os-interface/{port}", axum::routing::delete(detach))
        .route(
            "/flavors",
            get(async |c: Shared, s: Caller, u: OriginalUri, q: Query| flavors(&c, &s, &u, &q, false)).post(create_flavor),
        )
        .route("/flavors/detail", get(async |c: Shared, s: Caller, u: OriginalUri, q: Query| flavors(&c, &s, &u, &q, true)))
        .route(
            "/flavors/{id}",
            get(async |c: Shared, s: Caller, p: Parts| show(&c, &s, Kind::Flavor, &p))
                .delete(async |c: Shared, s: Caller, p: Parts| delete(&c, &s, Kind::Flavor, &p)),
        )
        .route("/flavors/{id}/os-extra_specs", get(extra_specs).post(set_extra_specs))
        .route("/os-keypairs", get(keypairs).post(create_keypair))
        .route(
            "/os-keypairs/{id}",
            get(async |c: Shared, s: Caller, p: Parts| show(&c, &s, Kind::Keypair, &p))
                .delete(async |c: Shared, s: Caller, p: Parts| delete(&c, &s, Kind::Keypair, &p)),
        )
        .route("/limits", get(async |c: Shared, s: Caller| Json(c.read(|state| limits::absolute(state, &s.project_id)))))
        .route(
            "/os-quota-sets/{project}",
            get(async |c: Shared, s: Caller, p: Parts| quota_set(&c, &s, &p, false)).put(set_quotas).delete(reset_quotas),
        )
        .route("/os-quota-sets/{project}/defaults", get(async |c: Shared, s: Caller, p: Parts| quota_set(&c, &s, &p, false)))
        .route("/os-quota-sets/{project}/detail", get(async |c: Shared, s: Caller, p: Parts| quota_set(&c, &s, &p, true)))
        .route("/os-availability-zone", get(zones))
        .route("/os-availability-zone/detail", get(zones))
        .route("/extensions", get(async || Json(json!({"extensions": []}))))
        .route("/os-services", get(async || Json(json!({"services": []}))))
        .route("/os-hypervisors", get(async || Json(json!({"hypervisors": []}))))
        .route("/os-hypervisors/detail", get(async || Json(json!({"hypervisors": []}))))
        .route("/os-aggregates", get(async || Json(json!({"aggregates": []}))))
        .route("/os-migrations", get(async || Json(json!({"migrations": []}))))
        .layer(from_fn(microversion))
}

/// What a request asks for in either header; 2.1 without one.
fn minor(headers: &HeaderMap) -> u32 {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let asked =
        text("openstack-api-version").and_then(|value| value.strip_prefix("compute ")).or(text("x-openstack-nova-api-version"));
    match asked.map(str::trim) {
        Some("latest") => NEWEST,
        Some(version) => version.strip_prefix("2.").and_then(|minor| minor.parse().ok()).unwrap_or(u32::MAX),
        None => 1,
    }
}

async fn microversion(request: Request, next: Next) -> Response {
    let minor = minor(request.headers());
    if !(1..=NEWEST).contains(&minor) {
        let body = json!({"computeFault": {"code": 406, "message": format!("Version is not supported by the API. Minimum is 2.1 and maximum is 2.{NEWEST}.")}});
        return (StatusCode::NOT_ACCEPTABLE, Json(body)).into_response();
    }
    let mut response = next.run(request).await;
    for (name, value) in
        [("openstack-api-version", format!("compute 2.{minor}")), ("x-openstack-nova-api-version", format!("2.{minor}"))]
    {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
        .headers_mut()
        .append(http::header::VARY, HeaderValue::from_static("OpenStack-API-Version, X-OpenStack-Nova-API-Version"));
    response
}

fn show(cloud: &Cloud, scope: &Scope, kind: Kind, parts: &Parts) -> Answer {
    let shown = cloud.read(|state| ops::show(state, scope, kind, part(parts, "id")))?;
    Ok(Json(enveloped(kind, shown)).into_response())
}

fn delete(cloud: &Cloud, scope: &Scope, kind: Kind, parts: &Parts) -> Answer {
    cloud.write(|state| ops::delete(state, scope, kind, part(parts, "id")))?;
    Ok(status(resource(kind).shape().deleted).into_response())
}

/// Before 2.47 the flavor of a server is a reference.
fn dated(mut server: Value, headers: &HeaderMap) -> Value {
    if let Some(flavor) = server.get_mut("flavor").and_then(Value::as_object_mut) {
        flavor.retain(|key, _| (key == "id") == (minor(headers) < 47));
    }
    server
}

fn servers(cloud: &Cloud, scope: &Scope, uri: &OriginalUri, headers: &HeaderMap, query: Query, detail: bool) -> Answer {
    let mut items = cloud.read(|state| ops::list(state, scope, Kind::Server))?;
    items.reverse();
    if !(scope.is_admin() && query.flag("all_tenants")) {
        items.retain(|server| server.get("tenant_id").and_then(Value::as_str) == Some(&scope.project_id));
    }
    // Nova takes the name for a pattern.
    if let Some(name) = query.get("name") {
        let (name, head, tail) = (name.trim_start_matches('^').trim_end_matches('$'), name.starts_with('^'), name.ends_with('$'));
        let fits = |found: &str| match (head, tail) {
            (true, true) => found == name,
            (true, false) => found.starts_with(name),
            (false, true) => found.ends_with(name),
            (false, false) => found.contains(name),
        };
        items.retain(|server| server.get("name").and_then(Value::as_str).is_some_and(fits));
    }
    let query = query.without("name").without("image").without("flavor").without("deleted");
    let Page { items, next } = query.page(items)?;
    let brief = |server: Value| json!({"id": server.get("id"), "name": server.get("name"), "links": []});
    let items = items.into_iter().map(|server| if detail { dated(server, headers) } else { brief(server) }).collect();
    Ok(listed(cloud, Service::Compute, "servers", &query, uri, Page { items, next }))
}

/// Hints for the scheduler stand beside the server.
async fn create_server(State(cloud): Shared, scope: Caller, mut body: Object) -> Answer {
    let hints = body.0.remove("os:scheduler_hints").or_else(|| body.0.remove("OS-SCH-HNT:scheduler_hints"));
    let mut given = body.inner("server")?;
    if let Some(hints) = hints {
        given.insert("os:scheduler_hints".to_owned(), hints);
    }
    let made = cloud.write(|state| ops::create(state, &scope, Kind::Server, given))?;
    let id = made.get("id").and_then(Value::as_str).unwrap_or_default();
    let here = format!("{}/compute/v2.1/servers/{id}", cloud.url());
    let shown = json!({"server": {"id": id, "adminPass": made.get("adminPass"), "OS-DCF:diskConfig": made.get("OS-DCF:diskConfig"),
        "security_groups": made.get("security_groups"), "links": [{"rel": "self", "href": here}]}});
    Ok((StatusCode::ACCEPTED, [("location", here)], Json(shown)).into_response())
}

async fn server(State(cloud): Shared, scope: Caller, headers: HeaderMap, parts: Parts) -> Answer {
    let shown = cloud.read(|state| ops::show(state, &scope, Kind::Server, part(&parts, "id")))?;
    Ok(Json(json!({"server": dated(shown, &headers)})).into_response())
}

async fn update_server(State(cloud): Shared, scope: Caller, headers: HeaderMap, parts: Parts, body: Object) -> Answer {
    let given = body.inner("server")?;
    let shown = cloud.write(|state| ops::update(state, &scope, Kind::Server, part(&parts, "id"), given))?;
    Ok(Json(json!({"server": dated(shown, &headers)})).into_response())
}

async fn delete_server(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    delete(&cloud, &scope, Kind::Server, &parts)
}

/// The body is one object named after the action.
async fn action(State(cloud): Shared, scope: Caller, parts: Parts, body: Object) -> Answer {
    let (action, given) = body.0.into_iter().next().ok_or_else(|| Refusal::bad("There is no action in the body."))?;
    if action.contains('-') && !action.starts_with("os-") {
        return Err(Refusal::bad(format!("There is no such action: {action}")));
    }
    let given = given.as_object().cloned().unwrap_or_default();
    let done = cloud.write(|state| ops::act(state, &scope, Kind::Server, part(&parts, "id"), &action, given))?;
    Ok(if done.is_null() { StatusCode::ACCEPTED.into_response() } else { Json(done).into_response() })
}

async fn ips(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let shown = cloud.read(|state| ops::show(state, &scope, Kind::Server, part(&parts, "id")))?;
    Ok(Json(json!({"addresses": shown.get("addresses")})).into_response())
}

async fn metadata(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let shown = cloud.read(|state| ops::show(state, &scope, Kind::Server, part(&parts, "id")))?;
    Ok(Json(json!({"metadata": shown.get("metadata")})).into_response())
}

/// `PUT` replaces, `POST` adds.
async fn set_metadata(State(cloud): Shared, scope: Caller, parts: Parts, method: http::Method, body: Object) -> Answer {
    let (id, given) = (part(&parts, "id"), body.inner("metadata")?);
    let done = cloud.write(|state| {
        let server = state.visible(&scope, Kind::Server, id)?;
        let mut all = if method == http::Method::POST {
            server.body.object("metadata").cloned().unwrap_or_default()
        } else {
            Default::default()
        };
        all.extend(given);
        ops::act(state, &scope, Kind::Server, id, "set-metadata", all)
    })?;
    Ok(Json(done).into_response())
}

async fn security_groups(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let groups = cloud.read(|state| {
        let server = state.visible(&scope, Kind::Server, part(&parts, "id"))?;
        let mut ids: Vec<String> = networking::ports(state, &server.id)
            .iter()
            .flat_map(|port| port.texts("security_groups").map(str::to_owned))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        Ok::<_, Refusal>(ids.iter().filter_map(|id| ops::show(state, &scope, Kind::SecurityGroup, id).ok()).collect::<Vec<_>>())
    })?;
    Ok(Json(json!({"security_groups": groups})).into_response())
}

async fn interfaces(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let shown = cloud.read(|state| {
        let server = state.visible(&scope, Kind::Server, part(&parts, "id"))?;
        Ok::<_, Refusal>(networking::ports(state, &server.id).into_iter().map(networking::interface).collect::<Vec<_>>())
    })?;
    Ok(Json(json!({"interfaceAttachments": shown})).into_response())
}

async fn attach(State(cloud): Shared, scope: Caller, parts: Parts, body: Object) -> Answer {
    let given = body.inner("interfaceAttachment")?;
    let shown = cloud.write(|state| ops::act(state, &scope, Kind::Server, part(&parts, "id"), "attach-interface", given))?;
    Ok(Json(json!({"interfaceAttachment": shown})).into_response())
}

async fn detach(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let given = [("port_id".to_owned(), json!(part(&parts, "port")))].into_iter().collect();
    cloud.write(|state| ops::act(state, &scope, Kind::Server, part(&parts, "id"), "detach-interface", given))?;
    Ok(StatusCode::ACCEPTED.into_response())
}

fn flavors(cloud: &Cloud, scope: &Scope, uri: &OriginalUri, query: &Query, detail: bool) -> Answer {
    let Page { mut items, next } = query.page(cloud.read(|state| ops::list(state, scope, Kind::Flavor))?)?;
    if !detail {
        items =
            items.into_iter().map(|flavor| json!({"id": flavor.get("id"), "name": flavor.get("name"), "links": []})).collect();
    }
    Ok(listed(cloud, Service::Compute, "flavors", query, uri, Page { items, next }))
}

async fn create_flavor(State(cloud): Shared, scope: Caller, body: Object) -> Answer {
    let given = body.inner("flavor")?;
    let shown = cloud.write(|state| ops::create(state, &scope, Kind::Flavor, given))?;
    Ok(Json(json!({"flavor": shown})).into_response())
}

async fn extra_specs(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let shown = cloud.read(|state| ops::show(state, &scope, Kind::Flavor, part(&parts, "id")))?;
    Ok(Json(json!({"extra_specs": shown.get("extra_specs")})).into_response())
}

async fn set_extra_specs(State(cloud): Shared, scope: Caller, parts: Parts, body: Object) -> Answer {
    let given = body.inner("extra_specs")?;
    let shown = cloud.write(|state| ops::act(state, &scope, Kind::Flavor, part(&parts, "id"), "set-extra-specs", given))?;
    Ok(Json(json!({"extra_specs": shown})).into_response())
}

/// Each keypair has an envelope of its own within the list.
async fn keypairs(State(cloud): Shared, scope: Caller, uri: OriginalUri, query: Query) -> Answer {
    let Page { items, next } = query.page(cloud.read(|state| ops::list(state, &scope, Kind::Keypair))?)?;
    let items = items.into_iter().map(|keypair| json!({"keypair": keypair})).collect();
    Ok(listed(&cloud, Service::Compute, "keypairs", &query, &uri, Page { items, next }))
}

async fn create_keypair(State(cloud): Shared, scope: Caller, headers: HeaderMap, body: Object) -> Answer {
    let given = body.inner("keypair")?;
    let shown = cloud.write(|state| ops::create(state, &scope, Kind::Keypair, given))?;
    let code = if minor(&headers) < 2 { StatusCode::OK } else { StatusCode::CREATED };
    Ok((code, Json(json!({"keypair": shown}))).into_response())
}

fn quota_set(cloud: &Cloud, scope: &Scope, parts: &Parts, detail: bool) -> Answer {
    let project = part(parts, "project");
    limits::allowed(scope, project, false)?;
    Ok(Json(cloud.read(|state| limits::quota_set(state, project, detail))).into_response())
}

async fn set_quotas(State(cloud): Shared, scope: Caller, parts: Parts, body: Object) -> Answer {
    let project = part(&parts, "project");
    limits::allowed(&scope, project, true)?;
    let given = body.inner("quota_set")?;
    cloud.write(|state| limits::set(state, project, &given))?;
    quota_set(&cloud, &scope, &parts, false)
}

async fn reset_quotas(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let project = part(&parts, "project");
    limits::allowed(&scope, project, true)?;
    cloud.write(|state| state.quotas.reset(Service::Compute, project));
    Ok(StatusCode::ACCEPTED.into_response())
}

async fn zones() -> Json<Value> {
    Json(json!({"availabilityZoneInfo": [{"zoneName": "nova", "zoneState": {"available": true}, "hosts": null}]}))
}

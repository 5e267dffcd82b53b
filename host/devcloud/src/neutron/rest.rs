//! `/network/v2.0`.

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    extract::{OriginalUri, State},
    response::IntoResponse as _,
    routing::{get, put},
};
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::{
    cloud::Cloud,
    http::{
        query::Query,
        request::{Object, Parts, part},
        rest::{Answer, Shared, collection, listed},
    },
    ops, quota,
    refusal::Refusal,
    service::Service,
    services::{Kind, Scope},
};

/// Collections that are always empty here.
const EMPTY: [&str; 9] = [
    "subnetpools",
    "address-scopes",
    "agents",
    "service-providers",
    "network-ip-availabilities",
    "rbac-policies",
    "trunks",
    "address-groups",
    "segments",
];

/// What a client asks before it uses it.
const EXTENSIONS: [&str; 22] = [
    "router",
    "external-net",
    "security-group",
    "quotas",
    "quota_details",
    "allowed-address-pairs",
    "port-security",
    "extra_dhcp_opt",
    "provider",
    "net-mtu",
    "ext-gw-mode",
    "extraroute",
    "availability_zone",
    "network_availability_zone",
    "standard-attr-description",
    "standard-attr-tag",
    "standard-attr-timestamp",
    "standard-attr-revisions",
    "binding",
    "project-id",
    "fip-port-details",
    "dns-integration",
];

type Caller = Extension<Scope>;

pub fn router() -> Router<Arc<Cloud>> {
    let mut router = Router::new()
        .merge(collection(Kind::Network, "/networks"))
        .merge(collection(Kind::Subnet, "/subnets"))
        .merge(collection(Kind::Port, "/ports"))
        .merge(collection(Kind::Router, "/routers"))
        .merge(collection(Kind::FloatingIp, "/floatingips"))
        .merge(collection(Kind::SecurityGroup, "/security-groups"))
        .merge(collection(Kind::SecurityGroupRule, "/security-group-rules"))
        .route(
            "/routers/{id}/add_router_interface",
            put(async |cloud: Shared, scope: Caller, parts: Parts, body: Object| {
                act(&cloud, &scope, &parts, "add-router-interface", body)
            }),
        )
        .route(
            "/routers/{id}/remove_router_interface",
            put(async |cloud: Shared, scope: Caller, parts: Parts, body: Object| {
                act(&cloud, &scope, &parts, "remove-router-interface", body)
            }),
        )
        .route("/{collection}/{id}/tags", get(tags).put(set_tags))
        .route("/extensions", get(extensions))
        .route("/extensions/{alias}", get(extension))
        .route("/availability_zones", get(zones))
        .route("/quotas/{project}", get(quotas).put(set_quotas).delete(reset_quotas))
        .route("/quotas/{project}/details", get(quota_details))
        .route("/quotas/{project}/default", get(quotas));
    for path in EMPTY {
        let list = move |cloud: Shared, uri: OriginalUri, query: Query| async move {
            let page = query.page(Vec::new())?;
            Ok::<_, Refusal>(listed(&cloud, Service::Network, &path.replace('-', "_"), &query, &uri, page))
        };
        router = router.route(&format!("/{path}"), get(list));
    }
    router
}

fn act(cloud: &Cloud, scope: &Scope, parts: &Parts, action: &str, body: Object) -> Answer {
    let done = cloud.write(|state| ops::act(state, scope, Kind::Router, part(parts, "id"), action, body.0))?;
    Ok(Json(done).into_response())
}

fn tagged(parts: &Parts) -> Result<(Kind, &str), Refusal> {
    let kind = match part(parts, "collection") {
        "networks" => Kind::Network,
        "subnets" => Kind::Subnet,
        "ports" => Kind::Port,
        "routers" => Kind::Router,
        "floatingips" => Kind::FloatingIp,
        "security-groups" => Kind::SecurityGroup,
        _ => return Err(Refusal::no_such_path()),
    };
    Ok((kind, part(parts, "id")))
}

async fn tags(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let (kind, id) = tagged(&parts)?;
    let tags = cloud.read(|state| state.visible(&scope, kind, id).map(|record| record.list("tags").to_vec()))?;
    Ok(Json(json!({ "tags": tags })).into_response())
}

async fn set_tags(State(cloud): Shared, scope: Caller, parts: Parts, body: Object) -> Answer {
    let (kind, id) = tagged(&parts)?;
    let tags = super::texts(&body.0, "tags")?;
    cloud.write(|state| ops::update(state, &scope, kind, id, Map::from_iter([("tags".to_owned(), json!(tags))])))?;
    Ok(Json(json!({ "tags": tags })).into_response())
}

fn described(alias: &str) -> Value {
    json!({"alias": alias, "name": alias, "description": "", "updated": "2025-10-01T00:00:00-00:00", "links": []})
}

async fn extensions() -> Json<Value> {
    Json(json!({"extensions": EXTENSIONS.map(described)}))
}

async fn extension(parts: Parts) -> Answer {
    let alias = part(&parts, "alias");
    if !EXTENSIONS.contains(&alias) {
        return Err(Refusal::no_such_path());
    }
    Ok(Json(json!({"extension": described(alias)})).into_response())
}

async fn zones() -> Json<Value> {
    let zone = |resource: &str| json!({"name": "nova", "resource": resource, "state": "available"});
    Json(json!({"availability_zones": [zone("network"), zone("router")]}))
}

fn allowed(scope: &Scope, project: &str, writing: bool) -> Result<(), Refusal> {
    if scope.is_admin() || (!writing && scope.project_id == project) {
        return Ok(());
    }
    Err(Refusal::forbidden("rule:update_quota is disallowed by policy"))
}

async fn quotas(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let project = part(&parts, "project");
    allowed(&scope, project, false)?;
    let limits = cloud.read(|state| {
        quota::of(Service::Network)
            .map(|limit| (limit.resource.to_owned(), json!(limit.allowed(state, project))))
            .collect::<Map<_, _>>()
    });
    Ok(Json(json!({ "quota": limits })).into_response())
}

async fn quota_details(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let project = part(&parts, "project");
    allowed(&scope, project, false)?;
    let limits = cloud.read(|state| {
        let detail = |limit: &quota::Limit| json!({"limit": limit.allowed(state, project), "used": limit.used(state, project), "reserved": 0});
        quota::of(Service::Network).map(|limit| (limit.resource.to_owned(), detail(limit))).collect::<Map<_, _>>()
    });
    Ok(Json(json!({ "quota": limits })).into_response())
}

async fn set_quotas(State(cloud): Shared, scope: Caller, parts: Parts, body: Object) -> Answer {
    let project = part(&parts, "project");
    allowed(&scope, project, true)?;
    let wanted = body.inner("quota")?;
    cloud.write(|state| {
        for (resource, value) in wanted {
            let (Some(limit), Some(value)) = (quota::find(Service::Network, &resource), value.as_i64()) else {
                return Err(Refusal::bad(format!("Unrecognized attribute(s) '{resource}'")));
            };
            limit.set(&mut state.quotas, Some(project), value);
        }
        Ok(())
    })?;
    quotas(State(cloud), scope, parts).await
}

async fn reset_quotas(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let project = part(&parts, "project");
    allowed(&scope, project, true)?;
    cloud.write(|state| state.quotas.reset(Service::Network, project));
    Ok(StatusCode::NO_CONTENT.into_response())
}

//! `/load-balancer/v2/lbaas`.

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    extract::{OriginalUri, State},
    response::IntoResponse as _,
    routing::get,
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

type Caller = Extension<Scope>;

pub fn router() -> Router<Arc<Cloud>> {
    let inner = Router::new()
        .route("/loadbalancers", get(index).post(create))
        .route("/loadbalancers/{id}", get(show).put(update).delete(remove))
        .route("/loadbalancers/{id}/status", get(statuses))
        .route("/loadbalancers/{id}/stats", get(stats))
        .merge(collection(Kind::Listener, "/listeners"))
        .merge(collection(Kind::Pool, "/pools"))
        .merge(collection(Kind::PoolMember, "/pools/{pool_id}/members"))
        .merge(collection(Kind::HealthMonitor, "/healthmonitors"))
        .route("/l7policies", get(async || Json(json!({"l7policies": []}))))
        .route("/flavors", get(async || Json(json!({"flavors": []}))))
        .route("/availabilityzones", get(async || Json(json!({"availability_zones": []}))))
        .route("/providers", get(async || Json(json!({"providers": [{"name": "amphora", "description": "Simulated."}]}))))
        .route("/quotas", get(async || Json(json!({"quotas": []}))))
        .route("/quotas/defaults", get(async |c: Shared| Json(quota_set(&c, ""))))
        .route("/quotas/{project}", get(quotas).put(set_quotas).delete(reset_quotas));
    Router::new().nest("/lbaas", inner)
}

async fn index(State(cloud): Shared, scope: Caller, uri: OriginalUri, query: Query) -> Answer {
    let items = cloud.read(|state| ops::list(state, &scope, Kind::LoadBalancer))?;
    Ok(listed(&cloud, Service::LoadBalancer, "loadbalancers", &query, &uri, query.page(items)?))
}

async fn create(State(cloud): Shared, scope: Caller, body: Object) -> Answer {
    let given = body.inner("loadbalancer")?;
    let shown = cloud.write(|state| ops::create(state, &scope, Kind::LoadBalancer, given))?;
    Ok((StatusCode::CREATED, Json(json!({"loadbalancer": shown}))).into_response())
}

async fn show(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let shown = cloud.read(|state| ops::show(state, &scope, Kind::LoadBalancer, part(&parts, "id")))?;
    Ok(Json(json!({"loadbalancer": shown})).into_response())
}

async fn update(State(cloud): Shared, scope: Caller, parts: Parts, body: Object) -> Answer {
    let given = body.inner("loadbalancer")?;
    let shown = cloud.write(|state| ops::update(state, &scope, Kind::LoadBalancer, part(&parts, "id"), given))?;
    Ok(Json(json!({"loadbalancer": shown})).into_response())
}

/// With `cascade`, everything that it has goes too.
async fn remove(State(cloud): Shared, scope: Caller, parts: Parts, query: Query) -> Answer {
    let id = part(&parts, "id");
    cloud.write(|state| match query.flag("cascade") {
        true => ops::act(state, &scope, Kind::LoadBalancer, id, "delete-cascade", Map::new()).map(drop),
        false => ops::delete(state, &scope, Kind::LoadBalancer, id),
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The tree of a load balancer with the condition of each part.
async fn statuses(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let tree = cloud.read(|state| {
        let balancer = ops::show(state, &scope, Kind::LoadBalancer, part(&parts, "id"))?;
        let brief = |item: &Value| {
            let kept = ["id", "name", "provisioning_status", "operating_status", "protocol", "address", "protocol_port", "type"];
            let kept = kept.into_iter().filter_map(|key| Some((key.to_owned(), item.get(key)?.clone())));
            kept.collect::<Map<String, Value>>()
        };
        let children = |parent: &Value, key: &str, kind: Kind| -> Vec<Value> {
            let ids = parent.get(key).and_then(Value::as_array).into_iter().flatten();
            ids.filter_map(|id| ops::show(state, &scope, kind, id.get("id")?.as_str()?).ok()).collect()
        };
        let pools = |parent: &Value| -> Value {
            let pool = |pool: &Value| {
                let mut shown = brief(pool);
                shown.insert(
                    "members".to_owned(),
                    children(pool, "members", Kind::PoolMember).iter().map(|member| Value::Object(brief(member))).collect(),
                );
                Value::Object(shown)
            };
            children(parent, "pools", Kind::Pool).iter().map(pool).collect()
        };
        let mut shown = brief(&balancer);
        let listener = |listener: &Value| {
            let mut shown = brief(listener);
            let own = json!({"pools": [{"id": listener.get("default_pool_id")}]});
            shown.insert("pools".to_owned(), pools(&own));
            Value::Object(shown)
        };
        shown.insert("listeners".to_owned(), children(&balancer, "listeners", Kind::Listener).iter().map(listener).collect());
        shown.insert("pools".to_owned(), pools(&balancer));
        Ok::<_, Refusal>(shown)
    })?;
    Ok(Json(json!({"statuses": {"loadbalancer": tree}})).into_response())
}

/// No packet passes here.
async fn stats(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    cloud.read(|state| ops::show(state, &scope, Kind::LoadBalancer, part(&parts, "id")))?;
    let none = json!({"active_connections": 0, "bytes_in": 0, "bytes_out": 0, "request_errors": 0, "total_connections": 0});
    Ok(Json(json!({ "stats": none })).into_response())
}

fn quota_set(cloud: &Cloud, project: &str) -> Value {
    let limits = cloud.read(|state| {
        let limits =
            quota::of(Service::LoadBalancer).map(|limit| (limit.resource.to_owned(), json!(limit.allowed(state, project))));
        limits.collect::<Map<_, _>>()
    });
    json!({ "quota": limits })
}

fn allowed(scope: &Scope, project: &str, writing: bool) -> Result<(), Refusal> {
    if scope.is_admin() || (!writing && scope.project_id == project) {
        return Ok(());
    }
    Err(Refusal::forbidden("Policy does not allow this request to be performed."))
}

async fn quotas(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let project = part(&parts, "project");
    allowed(&scope, project, false)?;
    Ok(Json(quota_set(&cloud, project)).into_response())
}

async fn set_quotas(State(cloud): Shared, scope: Caller, parts: Parts, body: Object) -> Answer {
    let project = part(&parts, "project");
    allowed(&scope, project, true)?;
    let wanted = body.inner("quota")?;
    cloud.write(|state| {
        for (resource, value) in wanted {
            // Two of them have older names too.
            let resource = match resource.as_str() {
                "load_balancer" => "loadbalancer",
                "health_monitor" => "healthmonitor",
                other => other,
            };
            let (Some(limit), Some(value)) = (quota::find(Service::LoadBalancer, resource), value.as_i64()) else {
                return Err(Refusal::bad(format!("Invalid input for field/attribute {resource}. Unknown attribute")));
            };
            limit.set(&mut state.quotas, Some(project), value);
        }
        Ok(())
    })?;
    Ok((StatusCode::ACCEPTED, Json(quota_set(&cloud, project))).into_response())
}

async fn reset_quotas(State(cloud): Shared, scope: Caller, parts: Parts) -> Answer {
    let project = part(&parts, "project");
    allowed(&scope, project, true)?;
    cloud.write(|state| state.quotas.reset(Service::LoadBalancer, project));
    Ok(StatusCode::NO_CONTENT.into_response())
}

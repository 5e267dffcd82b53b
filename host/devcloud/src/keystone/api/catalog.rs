//! `/services`, `/endpoints`, `/regions`.

use std::sync::Arc;

use axum::{Extension, Json, Router, extract::State, response::IntoResponse as _, routing::get};
use http::StatusCode;
use serde_json::json;

use super::{Caller, Shown, list, required};
use crate::{
    cloud::Cloud,
    http::{
        query::Query,
        request::{Object, Parts, part},
        rest::{Answer, Shared},
    },
    keystone::{
        model::{Endpoint, ServiceEntry},
        new_id, not_found,
        policy::{Concern, decide},
        views,
    },
    record::Attributes as _,
};

pub fn router() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/services", get(services).post(create_service))
        .route("/services/{id}", get(service).delete(remove_service))
        .route("/endpoints", get(endpoints).post(create_endpoint))
        .route("/endpoints/{id}", get(endpoint).delete(remove_endpoint))
        .route("/regions", get(regions))
        .route("/regions/{id}", get(region))
}

async fn services(State(cloud): Shared, Extension(caller): Caller, query: Query) -> Shown {
    decide(&caller, "identity:list_services", Concern::Cloud)?;
    let shown = cloud.read(|state| {
        let services = state.keystone.services.values();
        services.map(|service| views::service(&cloud.identity_url(), service)).collect()
    });
    list(&cloud, "services", &query, shown)
}

async fn service(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Shown {
    decide(&caller, "identity:get_service", Concern::Cloud)?;
    let id = part(&parts, "id");
    cloud.read(|state| {
        let service = state.keystone.services.get(id).ok_or_else(|| not_found("service", id))?;
        Ok(Json(json!({"service": views::service(&cloud.identity_url(), service)})))
    })
}

async fn create_service(State(cloud): Shared, Extension(caller): Caller, body: Object) -> Answer {
    decide(&caller, "identity:create_service", Concern::Cloud)?;
    let given = body.inner("service")?;
    let service = ServiceEntry {
        id: new_id(),
        kind: required(&given, "type")?.to_owned(),
        name: given.text("name").unwrap_or_default().to_owned(),
        description: given.text("description").unwrap_or_default().to_owned(),
        enabled: given.flag("enabled").unwrap_or(true),
    };
    let shown = json!({"service": views::service(&cloud.identity_url(), &service)});
    cloud.write(|state| state.keystone.services.insert(service.id.clone(), service));
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

async fn remove_service(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Answer {
    decide(&caller, "identity:delete_service", Concern::Cloud)?;
    let id = part(&parts, "id");
    cloud.write(|state| {
        state.keystone.services.remove(id).ok_or_else(|| not_found("service", id))?;
        state.keystone.endpoints.retain(|_, endpoint| endpoint.service_id != id);
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

async fn endpoints(State(cloud): Shared, Extension(caller): Caller, query: Query) -> Shown {
    decide(&caller, "identity:list_endpoints", Concern::Cloud)?;
    let shown = cloud.read(|state| {
        let endpoints = state.keystone.endpoints.values();
        endpoints.map(|endpoint| views::endpoint(&cloud.identity_url(), &cloud.url(), endpoint)).collect()
    });
    list(&cloud, "endpoints", &query, shown)
}

async fn endpoint(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Shown {
    decide(&caller, "identity:get_endpoint", Concern::Cloud)?;
    let id = part(&parts, "id");
    cloud.read(|state| {
        let endpoint = state.keystone.endpoints.get(id).ok_or_else(|| not_found("endpoint", id))?;
        Ok(Json(json!({"endpoint": views::endpoint(&cloud.identity_url(), &cloud.url(), endpoint)})))
    })
}

async fn create_endpoint(State(cloud): Shared, Extension(caller): Caller, body: Object) -> Answer {
    decide(&caller, "identity:create_endpoint", Concern::Cloud)?;
    let given = body.inner("endpoint")?;
    let endpoint = Endpoint {
        id: new_id(),
        service_id: required(&given, "service_id")?.to_owned(),
        region_id: given.text("region_id").or(given.text("region")).map(str::to_owned),
        interface: required(&given, "interface")?.to_owned(),
        url: required(&given, "url")?.to_owned(),
        enabled: given.flag("enabled").unwrap_or(true),
    };
    let shown = json!({"endpoint": views::endpoint(&cloud.identity_url(), &cloud.url(), &endpoint)});
    cloud.write(|state| {
        if !state.keystone.services.contains_key(&endpoint.service_id) {
            return Err(not_found("service", &endpoint.service_id));
        }
        state.keystone.endpoints.insert(endpoint.id.clone(), endpoint);
        Ok((StatusCode::CREATED, Json(shown)).into_response())
    })
}

async fn remove_endpoint(State(cloud): Shared, Extension(caller): Caller, parts: Parts) -> Answer {
    decide(&caller, "identity:delete_endpoint", Concern::Cloud)?;
    let id = part(&parts, "id");
    cloud.write(|state| {
        state.keystone.endpoints.remove(id).ok_or_else(|| not_found("endpoint", id))?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

/// Regions are no secret.
async fn regions(State(cloud): Shared, query: Query) -> Shown {
    let shown = cloud.read(|state| {
        let regions = state.keystone.regions.values();
        regions.map(|region| views::region(&cloud.identity_url(), region)).collect()
    });
    list(&cloud, "regions", &query, shown)
}

async fn region(State(cloud): Shared, parts: Parts) -> Shown {
    let id = part(&parts, "id");
    cloud.read(|state| {
        let region = state.keystone.regions.get(id).ok_or_else(|| not_found("region", id))?;
        Ok(Json(json!({"region": views::region(&cloud.identity_url(), region)})))
    })
}

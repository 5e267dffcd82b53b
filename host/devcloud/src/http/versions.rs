//! Version discovery: which API versions a service speaks, and where.

use std::sync::Arc;

use axum::{Json, Router, extract::State, response::IntoResponse, routing::get};
use http::StatusCode;
use serde_json::{Value, json};

use super::rest::Shared;
use crate::{cloud::Cloud, service::Service};

const UPDATED: &str = "2025-10-01T00:00:00Z";

/// The documents at the root of a service and at its version.
pub fn router(service: Service) -> Router<Arc<Cloud>> {
    let root = move |State(cloud): Shared| async move { (choice(service), Json(versions(service, &cloud))).into_response() };
    let version = move |State(cloud): Shared| async move { Json(version(service, &cloud)) };
    let router = Router::new().route("/", get(root));
    match at(service) {
        // These have nothing at their version.
        "v2" => router.route("/versions", get(root)),
        path => router.route(&format!("/{path}"), get(version)),
    }
}

fn at(service: Service) -> &'static str {
    match service {
        Service::Identity | Service::Volume => "v3",
        Service::Image | Service::LoadBalancer => "v2",
        Service::Compute => "v2.1",
        Service::Network => "v2.0",
        Service::KeyManager | Service::Orchestration => "v1",
    }
}

/// Those that answer "multiple choices" at their root.
fn choice(service: Service) -> StatusCode {
    match service {
        Service::Identity | Service::Image | Service::Volume | Service::KeyManager | Service::Orchestration => {
            StatusCode::MULTIPLE_CHOICES
        }
        Service::Compute | Service::Network | Service::LoadBalancer => StatusCode::OK,
    }
}

/// What every version of a service has; microversions where there are some.
fn entry(service: Service, cloud: &Cloud) -> Value {
    let href = format!("{}/{}/{}/", cloud.url(), service.prefix(), at(service));
    let links = json!([{"rel": "self", "href": href}]);
    let media = |kind: &str, version: &str| json!([{"base": "application/json", "type": format!("application/vnd.openstack.{kind}-{version}+json")}]);
    match service {
        Service::Identity => {
            json!({"id": "v3.14", "status": "stable", "updated": UPDATED, "links": links, "media-types": media("identity", "v3")})
        }
        Service::Image => json!({"id": "v2.17", "status": "CURRENT", "links": links}),
        Service::Compute => {
            json!({"id": "v2.1", "status": "CURRENT", "version": "2.96", "min_version": "2.1", "updated": UPDATED, "links": links, "media-types": media("compute", "v2.1")})
        }
        Service::Network => json!({"id": "v2.0", "status": "CURRENT", "links": links}),
        Service::Volume => {
            json!({"id": "v3.0", "status": "CURRENT", "version": "3.70", "min_version": "3.0", "updated": UPDATED, "links": links, "media-types": media("volume", "3")})
        }
        Service::LoadBalancer => json!({"id": "v2.27", "status": "CURRENT", "updated": UPDATED, "links": links}),
        Service::KeyManager => {
            json!({"id": "v1", "status": "CURRENT", "min_version": "1.0", "max_version": "1.0", "links": links, "media-types": media("key-manager", "v1")})
        }
        Service::Orchestration => json!({"id": "v1.0", "status": "CURRENT", "links": links}),
    }
}

fn versions(service: Service, cloud: &Cloud) -> Value {
    let entries = json!([entry(service, cloud)]);
    match service {
        Service::Identity => json!({"versions": {"values": entries}}),
        _ => json!({ "versions": entries }),
    }
}

fn version(service: Service, cloud: &Cloud) -> Value {
    match service {
        Service::Network => {
            let here = format!("{}/network/v2.0", cloud.url());
            let names = ["networks", "subnets", "ports", "routers", "floatingips", "security-groups", "security-group-rules"];
            let resources = names.map(|name| {
                let plain = name.replace('-', "_");
                json!({"collection": plain, "name": plain.trim_end_matches('s'), "links": [{"rel": "self", "href": format!("{here}/{name}")}]})
            });
            json!({ "resources": resources })
        }
        Service::Volume => versions(service, cloud),
        _ => json!({"version": entry(service, cloud)}),
    }
}

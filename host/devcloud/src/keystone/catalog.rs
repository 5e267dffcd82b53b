//! The catalogue: which service is where.

use serde_json::{Value, json};

use super::{
    Keystone,
    model::{Endpoint, ServiceEntry},
    new_id,
};

/// Stands in an endpoint for where this cloud is: its port may change between two starts.
pub const HERE: &str = "$(devcloud)s";
pub const REGION: &str = "RegionOne";
const INTERFACES: [&str; 3] = ["public", "internal", "admin"];

impl Keystone {
    /// A service with one URL for all interfaces.
    pub fn add_service(&mut self, kind: &str, name: &str, url: &str) {
        let service = ServiceEntry {
            id: new_id(),
            kind: kind.to_owned(),
            name: name.to_owned(),
            description: String::new(),
            enabled: true,
        };
        for interface in INTERFACES {
            let endpoint = Endpoint {
                id: new_id(),
                service_id: service.id.clone(),
                region_id: Some(REGION.to_owned()),
                interface: interface.to_owned(),
                url: url.to_owned(),
                enabled: true,
            };
            self.endpoints.insert(endpoint.id.clone(), endpoint);
        }
        self.services.insert(service.id.clone(), service);
    }

    /// Says where Magnum is, in place of what was said before.
    pub fn set_container_infra(&mut self, url: &str) {
        let url = url.trim_end_matches('/');
        let url = if url.ends_with("/v1") { url.to_owned() } else { format!("{url}/v1") };
        let old: Vec<_> = self.services.values().filter(|service| service.kind == "container-infra").collect();
        let old: Vec<_> = old.into_iter().map(|service| service.id.clone()).collect();
        for id in old {
            self.services.remove(&id);
            self.endpoints.retain(|_, endpoint| endpoint.service_id != id);
        }
        self.add_service("container-infra", "magnum", &url);
    }

    /// The catalogue of a token; without a project, services with one in their path are left out, as Keystone does.
    pub fn catalog(&self, here: &str, project_id: Option<&str>) -> Value {
        let mut services: Vec<_> = self.services.values().filter(|service| service.enabled).collect();
        services.sort_by(|one, other| (&one.kind, &one.id).cmp(&(&other.kind, &other.id)));
        let entries = services.into_iter().filter_map(|service| {
            let endpoints = self.endpoints.values().filter(|endpoint| endpoint.enabled && endpoint.service_id == service.id);
            let shown: Vec<_> = endpoints.filter_map(|endpoint| shown(endpoint, here, project_id)).collect();
            (!shown.is_empty()).then(|| json!({"id": service.id, "type": service.kind, "name": service.name, "endpoints": shown}))
        });
        Value::Array(entries.collect())
    }
}

fn shown(endpoint: &Endpoint, here: &str, project_id: Option<&str>) -> Option<Value> {
    let mut url = endpoint.url.replace(HERE, here);
    for key in ["$(project_id)s", "%(project_id)s", "$(tenant_id)s", "%(tenant_id)s"] {
        if url.contains(key) {
            url = url.replace(key, project_id?);
        }
    }
    Some(json!({
        "id": endpoint.id, "interface": endpoint.interface, "region": endpoint.region_id,
        "region_id": endpoint.region_id, "url": url,
    }))
}

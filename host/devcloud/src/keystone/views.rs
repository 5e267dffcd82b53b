//! How Keystone shows what it knows.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use super::{
    Keystone,
    app_credentials::AppCredential,
    model::{Domain, Endpoint, Project, Region, Role, ServiceEntry, Target, User},
    tokens::Identity,
    trusts::Trust,
};
use crate::moment::Moment;

pub fn audit_id() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(uuid::Uuid::new_v4().as_bytes())
}

fn written(moment: Moment) -> String {
    format!("{}Z", moment.micros())
}

pub fn domain(here: &str, domain: &Domain) -> Value {
    json!({"id": domain.id, "name": domain.name, "description": domain.description, "enabled": domain.enabled,
        "tags": [], "options": {}, "links": {"self": format!("{here}/domains/{}", domain.id)}})
}

pub fn project(here: &str, project: &Project) -> Value {
    json!({"id": project.id, "name": project.name, "domain_id": project.domain_id, "parent_id": project.domain_id,
        "description": project.description, "enabled": project.enabled, "is_domain": false, "tags": project.tags,
        "options": {}, "links": {"self": format!("{here}/projects/{}", project.id)}})
}

pub fn user(here: &str, user: &User) -> Value {
    let mut shown = json!({"id": user.id, "name": user.name, "domain_id": user.domain_id, "enabled": user.enabled,
        "password_expires_at": null, "options": {}, "links": {"self": format!("{here}/users/{}", user.id)}});
    if let Value::Object(shown) = &mut shown {
        let optional =
            [("description", &user.description), ("email", &user.email), ("default_project_id", &user.default_project_id)];
        for (key, value) in optional {
            if let Some(value) = value {
                shown.insert(key.to_owned(), json!(value));
            }
        }
    }
    shown
}

pub fn role(here: &str, role: &Role) -> Value {
    json!({"id": role.id, "name": role.name, "domain_id": null, "description": null, "options": {},
        "links": {"self": format!("{here}/roles/{}", role.id)}})
}

pub fn region(here: &str, region: &Region) -> Value {
    json!({"id": region.id, "description": region.description, "parent_region_id": null,
        "links": {"self": format!("{here}/regions/{}", region.id)}})
}

pub fn service(here: &str, service: &ServiceEntry) -> Value {
    json!({"id": service.id, "type": service.kind, "name": service.name, "description": service.description,
        "enabled": service.enabled, "links": {"self": format!("{here}/services/{}", service.id)}})
}

/// `base` is where the cloud is, for the URL.
pub fn endpoint(here: &str, base: &str, endpoint: &Endpoint) -> Value {
    json!({"id": endpoint.id, "service_id": endpoint.service_id, "interface": endpoint.interface,
        "region": endpoint.region_id, "region_id": endpoint.region_id, "enabled": endpoint.enabled,
        "url": endpoint.url.replace(super::catalog::HERE, base),
        "links": {"self": format!("{here}/endpoints/{}", endpoint.id)}})
}

pub fn app_credential(here: &str, keystone: &Keystone, credential: &AppCredential) -> Value {
    let roles: Vec<_> = credential.role_ids.iter().filter_map(|id| keystone.roles.get(id)).map(short_role).collect();
    json!({"id": credential.id, "name": credential.name, "description": credential.description,
        "project_id": credential.project_id, "user_id": credential.user_id, "roles": roles,
        "expires_at": credential.expires.map(Moment::micros), "unrestricted": credential.unrestricted, "system": null,
        "links": {"self": format!("{here}/users/{}/application_credentials/{}", credential.user_id, credential.id)}})
}

/// A list of trusts does not say which roles they lend.
pub fn trust(here: &str, keystone: &Keystone, trust: &Trust, with_roles: bool) -> Value {
    let link = format!("{here}/OS-TRUST/trusts/{}", trust.id);
    let mut shown = json!({"id": trust.id, "trustor_user_id": trust.trustor_user_id,
        "trustee_user_id": trust.trustee_user_id, "project_id": trust.project_id, "impersonation": trust.impersonation,
        "expires_at": trust.expires.map(written), "remaining_uses": trust.remaining_uses, "deleted_at": null,
        "redelegation_count": trust.redelegation_count, "links": {"self": link},
        "roles_links": {"self": format!("{link}/roles"), "next": null, "previous": null}});
    if let (true, Value::Object(shown)) = (with_roles, &mut shown) {
        let roles = trust.role_ids.iter().filter_map(|id| keystone.roles.get(id));
        shown.insert("roles".to_owned(), roles.map(|known| role(here, known)).collect());
    }
    shown
}

/// The body of a token; `catalog` is left out when it was not wanted.
pub fn token(keystone: &Keystone, identity: &Identity, catalog: Option<Value>) -> Value {
    let token = &identity.token;
    let user = &identity.user;
    let mut shown = Map::new();
    let mut put = |key: &str, value: Value| shown.insert(key.to_owned(), value);
    put("methods", json!(token.methods));
    put(
        "user",
        json!({"id": user.id, "name": user.name, "domain": named_domain(keystone, &user.domain_id), "password_expires_at": null}),
    );
    put("audit_ids", json!(token.audit_ids));
    put("issued_at", json!(written(token.issued)));
    put("expires_at", json!(written(token.expires)));
    match &identity.target {
        Some(Target::Project(id)) => {
            if let Some(project) = keystone.projects.get(id) {
                put("project", json!({"id": id, "name": project.name, "domain": named_domain(keystone, &project.domain_id)}));
                put("is_domain", json!(false));
            }
        }
        Some(Target::Domain(id)) => {
            put("domain", named_domain(keystone, id));
        }
        Some(Target::System) => {
            put("system", json!({"all": true}));
        }
        None => {}
    }
    if identity.target.is_some() {
        put("roles", identity.roles.iter().map(short_role).collect());
        if let Some(catalog) = catalog {
            put("catalog", catalog);
        }
    }
    if let Some(trust) = identity.trust_id().and_then(|id| keystone.trusts.get(id)) {
        put(
            "OS-TRUST:trust",
            json!({"id": trust.id, "impersonation": trust.impersonation,
            "trustor_user": {"id": trust.trustor_user_id}, "trustee_user": {"id": trust.trustee_user_id}}),
        );
    }
    if let Some(credential) = token.app_credential_id.as_ref().and_then(|id| keystone.app_credentials.get(id)) {
        put(
            "application_credential",
            json!({"id": credential.id, "name": credential.name, "restricted": !credential.unrestricted}),
        );
    }
    json!({ "token": shown })
}

fn named_domain(keystone: &Keystone, id: &str) -> Value {
    json!({"id": id, "name": keystone.domains.get(id).map(|domain| &domain.name)})
}

pub fn short_role(role: &Role) -> Value {
    json!({"id": role.id, "name": role.name})
}

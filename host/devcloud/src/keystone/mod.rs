//! Identity: who there is, what they may do where, and the tokens that say so.

pub mod api;
pub mod app_credentials;
pub mod auth;
pub mod catalog;
pub mod model;
pub mod policy;
pub mod roles;
pub mod secret;
pub mod stack_users;
pub mod tokens;
pub mod trusts;
pub mod views;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::refusal::{Problem, Refusal};
use app_credentials::AppCredential;
use model::{Assignment, Domain, Endpoint, Project, Region, Role, ServiceEntry, Target, User};
use tokens::Token;
use trusts::Trust;

/// Everything that Keystone knows.
#[derive(Default, Serialize, Deserialize)]
pub struct Keystone {
    pub domains: BTreeMap<String, Domain>,
    pub projects: BTreeMap<String, Project>,
    pub users: BTreeMap<String, User>,
    pub roles: BTreeMap<String, Role>,
    pub assignments: Vec<Assignment>,
    pub services: BTreeMap<String, ServiceEntry>,
    pub endpoints: BTreeMap<String, Endpoint>,
    pub regions: BTreeMap<String, Region>,
    pub trusts: BTreeMap<String, Trust>,
    pub app_credentials: BTreeMap<String, AppCredential>,
    /// By the digest of the token: the tokens themselves are not kept.
    pub tokens: BTreeMap<String, Token>,
}

impl Keystone {
    pub fn user_named(&self, domain_id: &str, name: &str) -> Option<&User> {
        self.users.values().find(|user| user.domain_id == domain_id && user.name == name)
    }

    pub fn project_named(&self, domain_id: &str, name: &str) -> Option<&Project> {
        self.projects.values().find(|project| project.domain_id == domain_id && project.name == name)
    }

    pub fn domain_named(&self, name: &str) -> Option<&Domain> {
        self.domains.values().find(|domain| domain.name == name)
    }

    pub fn role_named(&self, name: &str) -> Option<&Role> {
        self.roles.values().find(|role| role.name == name)
    }

    /// Removes a user, and all that was the user's or was delegated by or to the user.
    pub fn remove_user(&mut self, id: &str) {
        self.users.remove(id);
        self.assignments.retain(|assignment| assignment.user_id != id);
        self.trusts.retain(|_, trust| trust.trustor_user_id != id && trust.trustee_user_id != id);
        self.app_credentials.retain(|_, credential| credential.user_id != id);
        self.tokens.retain(|_, token| token.user_id != id);
    }

    pub fn remove_project(&mut self, id: &str) {
        self.projects.remove(id);
        self.assignments.retain(|assignment| assignment.target != Target::Project(id.to_owned()));
        self.trusts.retain(|_, trust| trust.project_id.as_deref() != Some(id));
        self.app_credentials.retain(|_, credential| credential.project_id != id);
    }

    /// Removes a domain with its users and projects.
    pub fn remove_domain(&mut self, id: &str) {
        let users: Vec<_> = self.users.values().filter(|user| user.domain_id == id).map(|user| user.id.clone()).collect();
        users.iter().for_each(|user| self.remove_user(user));
        let projects = self.projects.values().filter(|project| project.domain_id == id);
        let projects: Vec<_> = projects.map(|project| project.id.clone()).collect();
        projects.iter().for_each(|project| self.remove_project(project));
        self.assignments.retain(|assignment| assignment.target != Target::Domain(id.to_owned()));
        self.domains.remove(id);
    }

    /// Trusts, application credentials, and the users outside the default domain.
    pub fn inventory(&self) -> Vec<Value> {
        let trusts = self.trusts.values().map(|trust| {
            json!({"service": "identity", "type": "trust", "id": trust.id, "name": "", "project_id": trust.project_id,
                "seeded": false})
        });
        let credentials = self.app_credentials.values().map(|credential| {
            json!({"service": "identity", "type": "application_credential", "id": credential.id,
                "name": credential.name, "project_id": credential.project_id, "seeded": false})
        });
        let users = self.users.values().filter(|user| user.domain_id != model::DEFAULT_DOMAIN).map(|user| {
            json!({"service": "identity", "type": "user", "id": user.id, "name": user.name, "project_id": null,
                "domain_id": user.domain_id, "seeded": user.seeded})
        });
        trusts.chain(credentials).chain(users).collect()
    }
}

/// A new id as Keystone writes them: 32 hexadecimal digits.
pub fn new_id() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

pub fn not_found(what: &str, id: &str) -> Refusal {
    Refusal::new(Problem::NotFound, "NotFound", format!("Could not find {what}: {id}."))
}

pub fn duplicate(what: &str, detail: &str) -> Refusal {
    Refusal::conflict("Conflict", format!("Conflict occurred attempting to store {what} - {detail}."))
}

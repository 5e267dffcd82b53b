//! `/v3/users`: the trustees of clusters.

use serde::Deserialize;
use serde_json::json;

use super::Keystone;
use crate::error::CloudError;
use crate::http::Call;
use crate::parse;
use crate::service::Service;
use jeroboam_model::Secret;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct User {
    pub id: String,
    pub name: String,
    pub domain_id: String,
    #[serde(default)]
    pub enabled: bool,
    #[serde(default, deserialize_with = "parse::non_empty")]
    pub description: Option<String>,
}

/// A user to create.
#[derive(Clone)]
pub struct NewUser {
    /// Unique within the domain: a second creation is a conflict.
    pub name: String,
    pub domain_id: String,
    pub password: Secret,
    pub description: String,
}

impl Keystone {
    /// Creates a user. Sent once: after no answer, look for the name. A taken name is
    /// [`Kind::Conflict`](crate::Kind::Conflict).
    pub async fn create_user(&self, user: &NewUser) -> Result<User, CloudError> {
        let call = Call::post(Service::Keystone, "create user", "/users")
            .json(&json!({"user": {
                "name": user.name,
                "domain_id": user.domain_id,
                "password": user.password.expose(),
                "description": user.description,
                "enabled": true,
            }}))
            .secret(&user.password);
        self.session.call(call).await?.member("user")
    }

    /// The user of a name in a domain.
    pub async fn find_user(&self, domain_id: &str, name: &str) -> Result<Option<User>, CloudError> {
        let call = Call::get(Service::Keystone, "list users", "/users").query("domain_id", domain_id).query("name", name);
        let users: Vec<User> = self.session.call(call).await?.member("users")?;
        Ok(users.into_iter().find(|user| user.name == name && user.domain_id == domain_id))
    }

    /// Every user of a domain, for comparing with what should be there.
    pub async fn list_users(&self, domain_id: &str) -> Result<Vec<User>, CloudError> {
        let call = Call::get(Service::Keystone, "list users", "/users").query("domain_id", domain_id);
        self.session.call(call).await?.member("users")
    }

    /// Replaces a user's password, as its administrator.
    pub async fn set_password(&self, user_id: &str, password: &Secret) -> Result<(), CloudError> {
        let call = Call::patch(Service::Keystone, "set the password of user", "/users/{}")
            .arg(user_id)
            .json(&json!({"user": {"password": password.expose()}}))
            .secret(password);
        self.session.call(call).await.map(drop)
    }

    /// Deletes a user; one that is not there is deleted.
    pub async fn delete_user(&self, user_id: &str) -> Result<(), CloudError> {
        let call = Call::delete(Service::Keystone, "delete user", "/users/{}").arg(user_id);
        self.session.call_delete(call).await
    }
}

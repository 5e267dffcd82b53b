//! Application credentials: a password of its own for some of a user's roles on one project.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Keystone, duplicate, new_id, not_found,
    policy::forbidden,
    secret::{self, Sealed},
    tokens::{Identity, TokenScope},
};
use crate::{
    moment::Moment,
    record::{Attributes as _, Body},
    refusal::Refusal,
};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AppCredential {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub user_id: String,
    pub project_id: String,
    pub role_ids: Vec<String>,
    pub secret: Sealed,
    pub expires: Option<Moment>,
    pub unrestricted: bool,
}

impl AppCredential {
    pub fn lives(&self, now: Moment) -> bool {
        self.expires.is_none_or(|at| at > now)
    }
}

impl Keystone {
    /// A credential for the caller's own project; answers with the secret, which is not kept.
    pub fn create_app_credential(
        &mut self,
        caller: &Identity,
        given: &Body,
        now: Moment,
    ) -> Result<(AppCredential, String), Refusal> {
        self.may_manage_app_credentials(caller)?;
        let name = given.text("name").ok_or_else(|| Refusal::bad("'name' is a required property"))?;
        let project_id = caller.project_id().ok_or_else(|| forbidden("the token has no project"))?.to_owned();
        let taken = |kept: &AppCredential| kept.user_id == caller.user.id && kept.name == name;
        if self.app_credentials.values().any(taken) {
            return Err(duplicate("application_credential", "Duplicate entry found with the same name"));
        }
        let role_ids = match given.list("roles") {
            [] => caller.roles.iter().map(|role| role.id.clone()).collect(),
            wanted => wanted
                .iter()
                .map(|wanted| {
                    let named = |key: &str| wanted.get(key).and_then(Value::as_str);
                    let found =
                        caller.roles.iter().find(|role| named("id") == Some(&role.id) || named("name") == Some(&role.name));
                    found.map(|role| role.id.clone()).ok_or_else(|| {
                        Refusal::bad("Invalid application credential: Could not find role assignment for the user.")
                    })
                })
                .collect::<Result<_, _>>()?,
        };
        let expires = match given.text("expires_at") {
            Some(text) => Some(
                Moment::parse(text).filter(|at| *at > now).ok_or_else(|| Refusal::bad(format!("Invalid expires_at: {text}")))?,
            ),
            None => None,
        };
        let plain = given.text("secret").map_or_else(|| secret::random(64), str::to_owned);
        let credential = AppCredential {
            id: new_id(),
            name: name.to_owned(),
            description: given.text("description").map(str::to_owned),
            user_id: caller.user.id.clone(),
            project_id,
            role_ids,
            secret: Sealed::new(&plain),
            expires,
            unrestricted: given.flag("unrestricted").unwrap_or(false),
        };
        self.app_credentials.insert(credential.id.clone(), credential.clone());
        Ok((credential, plain))
    }

    pub fn delete_app_credential(&mut self, caller: &Identity, id: &str) -> Result<(), Refusal> {
        self.may_manage_app_credentials(caller)?;
        self.app_credentials.remove(id).map(|_| ()).ok_or_else(|| not_found("application credential", id))
    }

    /// A restricted credential cannot make or remove credentials; nor can a trust.
    fn may_manage_app_credentials(&self, caller: &Identity) -> Result<(), Refusal> {
        let restricted = caller.token.app_credential_id.as_ref();
        if restricted.is_some_and(|id| !self.app_credentials.get(id).is_some_and(|kept| kept.unrestricted)) {
            return Err(forbidden(
                "Using method 'application_credential' is not allowed for managing additional application credentials.",
            ));
        }
        if matches!(caller.token.scope, TokenScope::Trust(_)) {
            return Err(forbidden("Using a trust is not allowed for managing application credentials."));
        }
        Ok(())
    }
}

//! Trusts: a trustor lends a trustee some roles on a project.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Keystone,
    model::Target,
    new_id, not_found,
    policy::forbidden,
    tokens::{Identity, TokenScope},
};
use crate::{
    moment::Moment,
    record::{Attributes as _, Body},
    refusal::Refusal,
};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Trust {
    pub id: String,
    pub trustor_user_id: String,
    pub trustee_user_id: String,
    pub project_id: Option<String>,
    pub impersonation: bool,
    pub role_ids: Vec<String>,
    pub expires: Option<Moment>,
    pub remaining_uses: Option<i64>,
    pub allow_redelegation: bool,
    pub redelegation_count: i64,
}

impl Trust {
    pub fn lives(&self, now: Moment) -> bool {
        self.expires.is_none_or(|at| at > now) && self.remaining_uses.is_none_or(|left| left >= 0)
    }
}

impl Keystone {
    /// A trust from the caller, who must hold what is lent.
    pub fn create_trust(&mut self, caller: &Identity, given: &Body, now: Moment) -> Result<Trust, Refusal> {
        self.may_delegate(caller)?;
        let text =
            |key: &str| given.text(key).map(str::to_owned).ok_or_else(|| Refusal::bad(format!("'{key}' is a required property")));
        let (trustor, trustee) = (text("trustor_user_id")?, text("trustee_user_id")?);
        let impersonation = given.flag("impersonation").ok_or_else(|| Refusal::bad("'impersonation' is a required property"))?;
        let project_id = given.text("project_id").map(str::to_owned);
        if trustor != caller.user.id {
            return Err(forbidden("The authenticated user should match the trustor"));
        }
        if !self.users.contains_key(&trustee) {
            return Err(not_found("user", &trustee));
        }
        let role_ids = match &project_id {
            Some(project) if !self.projects.contains_key(project) => return Err(not_found("project", project)),
            Some(project) => self.lent(&trustor, project, given.list("roles"))?,
            None => Vec::new(),
        };
        if role_ids.is_empty() {
            return Err(forbidden("At least one role should be specified"));
        }
        let expires = match given.text("expires_at") {
            Some(text) => match Moment::parse(text) {
                Some(at) if at > now => Some(at),
                Some(_) => return Err(Refusal::bad("The 'expires_at' must not be before now.")),
                None => return Err(Refusal::bad(format!("Invalid expires_at: {text}"))),
            },
            None => None,
        };
        let remaining_uses = given.number("remaining_uses");
        if remaining_uses.is_some_and(|uses| uses < 1) {
            return Err(Refusal::bad("remaining_uses must be a positive integer or null."));
        }
        let trust = Trust {
            id: new_id(),
            trustor_user_id: trustor,
            trustee_user_id: trustee,
            project_id,
            impersonation,
            role_ids,
            expires,
            remaining_uses,
            allow_redelegation: given.flag("allow_redelegation").unwrap_or(false),
            redelegation_count: given.number("redelegation_count").unwrap_or(0),
        };
        self.trusts.insert(trust.id.clone(), trust.clone());
        Ok(trust)
    }

    /// Restricted application credentials and tokens of trusts cannot lend what was lent to them.
    fn may_delegate(&self, caller: &Identity) -> Result<(), Refusal> {
        if let Some(id) = &caller.token.app_credential_id
            && !self.app_credentials.get(id).is_some_and(|credential| credential.unrestricted)
        {
            return Err(forbidden("Using method 'application_credential' is not allowed for managing trusts."));
        }
        if let TokenScope::Trust(id) = &caller.token.scope
            && !self.trusts.get(id).is_some_and(|trust| trust.allow_redelegation)
        {
            return Err(forbidden("Redelegation allowed for delegated by trust only"));
        }
        Ok(())
    }

    fn lent(&self, trustor: &str, project: &str, roles: &[Value]) -> Result<Vec<String>, Refusal> {
        let held = self.effective_roles(trustor, &Target::Project(project.to_owned()));
        let wanted = |role: &Value| -> Result<String, Refusal> {
            let named = |key: &str| role.get(key).and_then(Value::as_str);
            let (id, name) = (named("id"), named("name"));
            if id.is_none() && name.is_none() {
                return Err(Refusal::bad("a role needs an 'id' or a 'name'"));
            }
            let found = held.iter().find(|role| id.map_or(name == Some(&role.name), |id| id == role.id));
            found.map(|role| role.id.clone()).ok_or_else(|| not_found("role", id.or(name).unwrap_or_default()))
        };
        roles.iter().map(wanted).collect()
    }

    /// Counts a login down; the trust is gone after the last.
    pub fn use_trust(&mut self, id: &str) {
        if let Some(left) = self.trusts.get_mut(id).and_then(|trust| trust.remaining_uses.as_mut()) {
            *left -= 1;
        }
    }
}

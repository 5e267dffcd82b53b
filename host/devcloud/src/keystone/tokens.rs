//! Tokens: what they say, and for how long it is true.

use serde::{Deserialize, Serialize};

use super::{
    Keystone,
    model::{Role, Target, User},
    secret,
};
use crate::{
    moment::Moment,
    refusal::{Problem, Refusal},
    services::Scope,
};

/// What was said when a token was issued. What it is worth is worked out anew each time it is shown.
#[derive(Clone, Serialize, Deserialize)]
pub struct Token {
    /// The digest of the token, by which it is kept.
    pub digest: String,
    pub audit_ids: Vec<String>,
    pub methods: Vec<String>,
    /// Who logged in; for a trust, the trustee.
    pub user_id: String,
    pub generation: u64,
    pub scope: TokenScope,
    pub app_credential_id: Option<String>,
    pub issued: Moment,
    pub expires: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenScope {
    Unscoped,
    Project(String),
    Domain(String),
    System,
    Trust(String),
}

/// Who a valid token speaks for, and with which roles.
#[derive(Clone)]
pub struct Identity {
    pub token: Token,
    /// For an impersonating trust, the trustor.
    pub user: User,
    /// Where the roles are held; `None` without a scope.
    pub target: Option<Target>,
    pub roles: Vec<Role>,
}

/// Why a login is refused, as far as Keystone tells.
pub fn unauthorized() -> Refusal {
    Refusal::new(Problem::Unauthorized, "Unauthorized", "The request you have made requires authentication.")
}

impl Keystone {
    /// Keeps the token, and says the secret that it is shown by.
    pub fn issue(&mut self, mut token: Token) -> (String, Token) {
        self.tokens.retain(|_, kept| kept.expires > token.issued);
        let secret = secret::random(48);
        token.digest = secret::digest(&secret);
        self.tokens.insert(token.digest.clone(), token.clone());
        (secret, token)
    }

    /// Who a token speaks for now; `None` if it does not, whatever the reason.
    pub fn resolve(&self, secret: &str, now: Moment) -> Option<Identity> {
        let token = self.tokens.get(&secret::digest(secret))?;
        self.identity(token, now).ok()
    }

    pub fn revoke_token(&mut self, secret: &str) {
        self.tokens.remove(&secret::digest(secret));
    }

    /// What a token is worth, by what is true now.
    pub fn identity(&self, token: &Token, now: Moment) -> Result<Identity, Refusal> {
        if token.expires <= now {
            return Err(unauthorized());
        }
        let logged_in = self.enabled_user(&token.user_id)?;
        if logged_in.generation != token.generation {
            return Err(unauthorized());
        }
        let mut user = logged_in;
        let target = match &token.scope {
            TokenScope::Unscoped => None,
            TokenScope::Project(id) => Some(Target::Project(id.clone())),
            TokenScope::Domain(id) => Some(Target::Domain(id.clone())),
            TokenScope::System => Some(Target::System),
            TokenScope::Trust(id) => {
                let trust = self.trusts.get(id).filter(|trust| trust.lives(now)).ok_or_else(unauthorized)?;
                let trustor = self.enabled_user(&trust.trustor_user_id)?;
                if trust.impersonation {
                    user = trustor;
                }
                trust.project_id.clone().map(Target::Project)
            }
        };
        let roles = match &target {
            Some(target) => self.scoped_roles(token, target, now)?,
            None => Vec::new(),
        };
        Ok(Identity { token: token.clone(), user: user.clone(), target, roles })
    }

    fn scoped_roles(&self, token: &Token, target: &Target, now: Moment) -> Result<Vec<Role>, Refusal> {
        let enabled = match target {
            Target::Project(id) => self.projects.get(id).is_some_and(|project| project.enabled),
            Target::Domain(id) => self.domains.get(id).is_some_and(|domain| domain.enabled),
            Target::System => true,
        };
        let mut roles = match &token.scope {
            TokenScope::Trust(id) => {
                let trust = self.trusts.get(id).ok_or_else(unauthorized)?;
                self.delegated(&trust.role_ids, &trust.trustor_user_id, target)?
            }
            _ => self.effective_roles(&token.user_id, target),
        };
        if let Some(id) = &token.app_credential_id {
            let credential = self.app_credentials.get(id).filter(|kept| kept.lives(now)).ok_or_else(unauthorized)?;
            roles = self.delegated(&credential.role_ids, &credential.user_id, target)?;
        }
        if !enabled || roles.is_empty() {
            return Err(unauthorized());
        }
        Ok(roles)
    }

    /// Delegated roles, as long as whoever delegated them still holds every one.
    fn delegated(&self, role_ids: &[String], from: &str, target: &Target) -> Result<Vec<Role>, Refusal> {
        let held = self.effective_roles(from, target);
        if role_ids.iter().any(|id| !held.iter().any(|role| role.id == *id)) {
            return Err(unauthorized());
        }
        Ok(self.implied(role_ids.iter().map(String::as_str)))
    }

    fn enabled_user(&self, id: &str) -> Result<&User, Refusal> {
        let user = self.users.get(id).filter(|user| user.enabled).ok_or_else(unauthorized)?;
        let domain = self.domains.get(&user.domain_id).filter(|domain| domain.enabled);
        domain.map(|_| user).ok_or_else(unauthorized)
    }
}

impl Identity {
    pub fn has_role(&self, name: &str) -> bool {
        self.roles.iter().any(|role| role.name == name)
    }

    pub fn project_id(&self) -> Option<&str> {
        match &self.target {
            Some(Target::Project(id)) => Some(id),
            _ => None,
        }
    }

    pub fn domain_id(&self) -> Option<&str> {
        match &self.target {
            Some(Target::Domain(id)) => Some(id),
            _ => None,
        }
    }

    pub fn trust_id(&self) -> Option<&str> {
        match &self.token.scope {
            TokenScope::Trust(id) => Some(id),
            _ => None,
        }
    }

    /// What the other services are told.
    pub fn scope(&self, secret: &str) -> Scope {
        Scope {
            project_id: self.project_id().unwrap_or_default().to_owned(),
            user_id: self.user.id.clone(),
            roles: self.roles.iter().map(|role| role.name.clone()).collect(),
            token: secret.into(),
            trust_id: self.trust_id().map(str::to_owned),
        }
    }
}

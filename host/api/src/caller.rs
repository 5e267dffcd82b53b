//! Whoever sent a request, as Keystone vouches for it.

use jeroboam_cloud::keystone::{AccessRule, TokenInfo, TokenScope};
use jeroboam_model::{ProjectId, UserId};
use time::OffsetDateTime;

use crate::error::ApiError;

/// A token, validated. Holds nothing that could be used in its place.
#[derive(Clone, Debug)]
pub struct Caller {
    pub user_id: UserId,
    pub user_name: String,
    pub user_domain_id: String,
    pub scope: CallerScope,
    pub roles: Vec<String>,
    pub expires_at: OffsetDateTime,
    /// What the application credential may be used for; everything if there are none.
    pub access_rules: Option<Vec<AccessRule>>,
    pub delegation: Delegation,
    /// Whether it is a [`LocalOperator`].
    pub is_local: bool,
}

/// Whether Keystone lets the token's user hand on its rights, which every new cluster takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delegation {
    Allowed,
    /// The token comes from an application credential that was not made as unrestricted.
    RestrictedCredential,
    /// The token was got through a trust.
    Trust,
}

/// What the token is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallerScope {
    Project(ProjectId),
    /// By its id.
    Domain(String),
    System,
    Unscoped,
}

/// Whoever is connected by the operator's socket. Only the process itself can put one into a request, so that it stands for a check that was passed.
#[derive(Clone, Debug)]
pub struct LocalOperator {
    /// The name of the user on this host.
    pub user: String,
}

impl LocalOperator {
    /// An administrator of the deployment, who is in no project.
    pub fn caller(&self) -> Caller {
        let user = format!("local:{}", self.user);
        let roles = vec!["admin".to_owned()];
        // There is nothing that would end but the connection.
        let expires_at = OffsetDateTime::now_utc() + time::Duration::DAY;
        let caller = Caller::new(user.as_str().into(), user.clone(), String::new(), CallerScope::System, roles, expires_at, None);
        Caller { is_local: true, ..caller }
    }
}

impl Caller {
    pub fn new(
        user_id: UserId,
        user_name: String,
        user_domain_id: String,
        scope: CallerScope,
        roles: Vec<String>,
        expires_at: OffsetDateTime,
        access_rules: Option<Vec<AccessRule>>,
    ) -> Self {
        let delegation = Delegation::Allowed;
        Self { user_id, user_name, user_domain_id, scope, roles, expires_at, access_rules, delegation, is_local: false }
    }

    pub fn project_id(&self) -> Option<&ProjectId> {
        match &self.scope {
            CallerScope::Project(project) => Some(project),
            CallerScope::Domain(_) | CallerScope::System | CallerScope::Unscoped => None,
        }
    }
}

impl Delegation {
    /// For what takes a trust from the caller.
    pub const fn required(self) -> Result<(), ApiError> {
        match self {
            Self::Allowed => Ok(()),
            Self::RestrictedCredential => Err(ApiError::RestrictedCredential),
            Self::Trust => Err(ApiError::TrustToken),
        }
    }

    fn of(token: &TokenInfo) -> Self {
        match &token.application_credential {
            Some(credential) if credential.restricted => Self::RestrictedCredential,
            _ if token.trust.is_some() => Self::Trust,
            _ => Self::Allowed,
        }
    }
}

impl From<TokenInfo> for Caller {
    fn from(token: TokenInfo) -> Self {
        let delegation = Delegation::of(&token);
        let scope = match token.scope {
            TokenScope::Project(project) => CallerScope::Project(project.id.into()),
            TokenScope::Domain(domain) => CallerScope::Domain(domain.id),
            TokenScope::System => CallerScope::System,
            TokenScope::Unscoped => CallerScope::Unscoped,
        };
        let roles = token.roles.into_iter().map(|role| role.name).collect();
        let rules = token.application_credential.and_then(|credential| credential.access_rules);
        let caller =
            Self::new(token.user.id.into(), token.user.name, token.user.domain.id, scope, roles, token.expires_at, rules);
        Self { delegation, ..caller }
    }
}

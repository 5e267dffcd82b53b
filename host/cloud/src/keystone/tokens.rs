//! `/v3/auth/tokens`: getting tokens, and finding out what a token is.

use reqwest::header::{HeaderName, HeaderValue};
use serde::Deserialize;
use time::OffsetDateTime;

use super::Keystone;
use crate::catalog::Catalog;
use crate::error::CloudError;
use crate::http::{AUTH_TOKEN, Call, Reply, SUBJECT_TOKEN};
use crate::identity::Identity;
use crate::parse;
use crate::service::Service;
use jeroboam_model::Secret;

/// Tells Keystone that access rules of application credentials are enforced here. Without it,
/// Keystone does not vouch for tokens that have any.
const ACCESS_RULES: HeaderName = HeaderName::from_static("openstack-identity-access-rules");

/// What Keystone says of a token.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct TokenInfo {
    pub user: UserId,
    pub scope: TokenScope,
    pub roles: Vec<Role>,
    /// Whether the project is the one whose administrators administer the cloud. True where
    /// Keystone does not know of such a project.
    pub is_admin_project: bool,
    pub expires_at: OffsetDateTime,
    pub issued_at: OffsetDateTime,
    /// The token's own audit id, then that of the first token of its chain.
    pub audit_ids: Vec<String>,
    pub methods: Vec<String>,
    /// Present in a token that was got through a trust.
    pub trust: Option<TokenTrust>,
    /// Present in a token that was got with an application credential.
    pub application_credential: Option<ApplicationCredential>,
    /// Absent when it was not asked for, and in unscoped tokens.
    pub catalog: Option<Catalog>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UserId {
    pub id: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub domain: DomainId,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ProjectId {
    pub id: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub domain: DomainId,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct DomainId {
    #[serde(default, deserialize_with = "parse::or_default")]
    pub id: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Role {
    #[serde(default)]
    pub id: String,
    pub name: String,
}

/// What a token is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenScope {
    Project(ProjectId),
    Domain(DomainId),
    System,
    Unscoped,
}

/// The trust that a token was got through. The token's user is the trustor if it impersonates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenTrust {
    pub id: String,
    pub impersonation: bool,
    pub trustor_user_id: String,
    pub trustee_user_id: String,
}

/// The application credential that a token was got with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ApplicationCredential {
    #[serde(default)]
    pub id: String,
    /// A restricted one can make neither trusts nor other application credentials.
    #[serde(default = "yes")]
    pub restricted: bool,
    /// What it may be used for; everything when absent.
    #[serde(default)]
    pub access_rules: Option<Vec<AccessRule>>,
}

/// One thing that an application credential may be used for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AccessRule {
    /// A service type of the catalogue.
    pub service: String,
    pub method: String,
    /// A path with `*`, `**` and `{name}` as wildcards.
    pub path: String,
}

impl TokenInfo {
    pub fn project(&self) -> Option<&ProjectId> {
        match &self.scope {
            TokenScope::Project(project) => Some(project),
            _ => None,
        }
    }

    pub fn role_names(&self) -> impl Iterator<Item = &str> {
        self.roles.iter().map(|role| role.name.as_str())
    }
}

impl Keystone {
    /// What a token is; nothing when it is unknown, expired or revoked. Without the catalogue.
    pub async fn validate_token(&self, token: &Secret) -> Result<Option<TokenInfo>, CloudError> {
        self.examine(examine(token).map(|call| call.query("nocatalog", ""))).await
    }

    /// The same with the catalogue, which makes the answer much larger.
    pub async fn validate_token_with_catalog(&self, token: &Secret) -> Result<Option<TokenInfo>, CloudError> {
        self.examine(examine(token)).await
    }

    async fn examine(&self, call: Result<Call, CloudError>) -> Result<Option<TokenInfo>, CloudError> {
        // What cannot even be a header value is no token.
        let Ok(call) = call else { return Ok(None) };
        self.session.call_show(call, "token").await
    }
}

/// The call that gets a token for an identity.
pub(crate) fn issue(identity: &Identity) -> Call {
    let call = Call::post(Service::Keystone, "get a token", "/auth/tokens").secret(identity.secret()).repeatable();
    match identity.auth_request() {
        Some(body) => call.json(&body),
        None => call,
    }
}

/// The call by which a token examines itself: any token may.
pub(crate) fn examine_own(token: &Secret) -> Result<Call, CloudError> {
    Ok(examine(token)?.header(AUTH_TOKEN, sensitive(token)?))
}

pub(crate) fn read(reply: &Reply) -> Result<TokenInfo, CloudError> {
    reply.member("token")
}

fn examine(token: &Secret) -> Result<Call, CloudError> {
    Ok(Call::get(Service::Keystone, "validate a token", "/auth/tokens")
        .header(SUBJECT_TOKEN, sensitive(token)?)
        .header(ACCESS_RULES, HeaderValue::from_static("1"))
        .secret(token))
}

fn sensitive(token: &Secret) -> Result<HeaderValue, CloudError> {
    let mut value = HeaderValue::from_str(token.expose()).map_err(|_| CloudError::Argument {
        service: Service::Keystone,
        operation: "use a token",
        reason: "it has characters that no token has".into(),
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// A token as Keystone writes it.
#[derive(Deserialize)]
struct Wire {
    user: UserId,
    project: Option<ProjectId>,
    domain: Option<DomainId>,
    system: Option<serde_json::Value>,
    #[serde(default)]
    roles: Vec<Role>,
    #[serde(default = "yes")]
    is_admin_project: bool,
    #[serde(deserialize_with = "parse::required_instant")]
    expires_at: OffsetDateTime,
    #[serde(deserialize_with = "parse::required_instant")]
    issued_at: OffsetDateTime,
    #[serde(default)]
    audit_ids: Vec<String>,
    #[serde(default)]
    methods: Vec<String>,
    #[serde(rename = "OS-TRUST:trust")]
    trust: Option<WireTrust>,
    application_credential: Option<ApplicationCredential>,
    catalog: Option<Catalog>,
}

#[derive(Deserialize)]
struct WireTrust {
    id: String,
    #[serde(default)]
    impersonation: bool,
    trustor_user: Reference,
    trustee_user: Reference,
}

#[derive(Deserialize)]
struct Reference {
    id: String,
}

fn yes() -> bool {
    true
}

impl From<Wire> for TokenInfo {
    fn from(wire: Wire) -> Self {
        let scope = match (wire.project, wire.domain, wire.system) {
            (Some(project), _, _) => TokenScope::Project(project),
            (None, Some(domain), _) => TokenScope::Domain(domain),
            (None, None, Some(_)) => TokenScope::System,
            (None, None, None) => TokenScope::Unscoped,
        };
        Self {
            user: wire.user,
            scope,
            roles: wire.roles,
            is_admin_project: wire.is_admin_project,
            expires_at: wire.expires_at,
            issued_at: wire.issued_at,
            audit_ids: wire.audit_ids,
            methods: wire.methods,
            trust: wire.trust.map(TokenTrust::from),
            application_credential: wire.application_credential,
            catalog: wire.catalog,
        }
    }
}

impl From<WireTrust> for TokenTrust {
    fn from(wire: WireTrust) -> Self {
        Self {
            id: wire.id,
            impersonation: wire.impersonation,
            trustor_user_id: wire.trustor_user.id,
            trustee_user_id: wire.trustee_user.id,
        }
    }
}

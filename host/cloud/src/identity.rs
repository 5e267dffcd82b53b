//! Who to be.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde_json::{Value, json};

use jeroboam_model::Secret;

/// Who a session acts as. Equal identities share one cached token.
#[derive(Clone, PartialEq, Eq)]
pub enum Identity {
    /// A user with a password.
    Password { user: UserRef, password: Secret, scope: Scope },
    /// A cluster's trustee, acting as the trustor through a trust.
    Trust { trustee_user_id: String, password: Secret, trust_id: String },
    /// A user's application credential. It has its own scope.
    ApplicationCredential { credential: CredentialRef, secret: Secret },
    /// A token that somebody else got: used as it is, and never renewed.
    Token(Secret),
}

/// A user by id, or by name within a domain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UserRef {
    Id(String),
    Name { name: String, domain: DomainRef },
}

/// An application credential by id, or by name among its user's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CredentialRef {
    Id(String),
    Name { name: String, user: UserRef },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DomainRef {
    Id(String),
    Name(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProjectRef {
    Id(String),
    Name { name: String, domain: DomainRef },
}

/// What a token is good for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    Project(ProjectRef),
    Domain(DomainRef),
    /// The whole deployment.
    System,
    Unscoped,
}

impl Identity {
    /// The body of `POST /v3/auth/tokens`; nothing for a token, which is already one.
    pub(crate) fn auth_request(&self) -> Option<Value> {
        match self {
            Self::Password { user, password, scope } => Some(request(user.json(), password, scope.json())),
            Self::Trust { trustee_user_id, password, trust_id } => {
                let scope = json!({"OS-TRUST:trust": {"id": trust_id}});
                Some(request(json!({"id": trustee_user_id}), password, scope))
            }
            Self::ApplicationCredential { credential, secret } => Some(json!({"auth": {"identity": {
                "methods": ["application_credential"],
                "application_credential": credential.json(secret),
            }}})),
            Self::Token(_) => None,
        }
    }

    /// The secret inside, for taking it out of whatever a service says in return.
    pub(crate) fn secret(&self) -> &Secret {
        match self {
            Self::Password { password, .. } | Self::Trust { password, .. } => password,
            Self::ApplicationCredential { secret, .. } | Self::Token(secret) => secret,
        }
    }
}

fn request(mut user: Value, password: &Secret, scope: Value) -> Value {
    if let Some(user) = user.as_object_mut() {
        user.insert("password".into(), password.expose().into());
    }
    json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user": user}},
        "scope": scope,
    }})
}

impl UserRef {
    fn json(&self) -> Value {
        match self {
            Self::Id(id) => json!({"id": id}),
            Self::Name { name, domain } => json!({"name": name, "domain": domain.json()}),
        }
    }
}

impl CredentialRef {
    fn json(&self, secret: &Secret) -> Value {
        match self {
            Self::Id(id) => json!({"id": id, "secret": secret.expose()}),
            Self::Name { name, user } => json!({"name": name, "user": user.json(), "secret": secret.expose()}),
        }
    }
}

impl DomainRef {
    fn json(&self) -> Value {
        match self {
            Self::Id(id) => json!({"id": id}),
            Self::Name(name) => json!({"name": name}),
        }
    }
}

impl ProjectRef {
    fn json(&self) -> Value {
        match self {
            Self::Id(id) => json!({"id": id}),
            Self::Name { name, domain } => json!({"name": name, "domain": domain.json()}),
        }
    }
}

impl Scope {
    fn json(&self) -> Value {
        match self {
            Self::Project(project) => json!({"project": project.json()}),
            Self::Domain(domain) => json!({"domain": domain.json()}),
            Self::System => json!({"system": {"all": true}}),
            // Without this word Keystone would scope to the user's default project.
            Self::Unscoped => json!("unscoped"),
        }
    }
}

impl Hash for Identity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Password { user, scope, .. } => (user, scope).hash(state),
            Self::Trust { trustee_user_id, trust_id, .. } => (trustee_user_id, trust_id).hash(state),
            Self::ApplicationCredential { credential, .. } => credential.hash(state),
            Self::Token(_) => {}
        }
        self.secret().expose().hash(state);
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password { user, scope, .. } => {
                f.debug_struct("Password").field("user", user).field("scope", scope).finish_non_exhaustive()
            }
            Self::Trust { trustee_user_id, trust_id, .. } => f
                .debug_struct("Trust")
                .field("trustee_user_id", trustee_user_id)
                .field("trust_id", trust_id)
                .finish_non_exhaustive(),
            Self::ApplicationCredential { credential, .. } => {
                f.debug_struct("ApplicationCredential").field("credential", credential).finish_non_exhaustive()
            }
            Self::Token(_) => f.debug_tuple("Token").finish_non_exhaustive(),
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password { user: UserRef::Id(id), .. } => write!(f, "user {id}"),
            Self::Password { user: UserRef::Name { name, .. }, .. } => write!(f, "user {name}"),
            Self::Trust { trustee_user_id, trust_id, .. } => {
                write!(f, "trustee {trustee_user_id} with trust {trust_id}")
            }
            Self::ApplicationCredential { credential: CredentialRef::Id(id), .. } => write!(f, "application credential {id}"),
            Self::ApplicationCredential { credential: CredentialRef::Name { name, .. }, .. } => {
                write!(f, "application credential {name}")
            }
            Self::Token(_) => f.write_str("the bearer of a token"),
        }
    }
}

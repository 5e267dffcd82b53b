//! What Heat may ask of the other simulated services: the same objects, checks and quotas that their REST APIs have.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// On whose behalf a request is made.
#[derive(Clone)]
pub struct Scope {
    pub project_id: String,
    pub user_id: String,
    pub roles: Vec<String>,
    pub token: Arc<str>,
    /// Set when the token was issued for a trust.
    pub trust_id: Option<String>,
}

/// A collection of one service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    Image,
    Flavor,
    Keypair,
    Server,
    ServerGroup,
    Network,
    Subnet,
    Port,
    Router,
    FloatingIp,
    SecurityGroup,
    SecurityGroupRule,
    Volume,
    VolumeType,
    VolumeAttachment,
    LoadBalancer,
    Listener,
    Pool,
    PoolMember,
    HealthMonitor,
    Secret,
    SecretContainer,
    /// Users that Heat makes for stacks, in its own domain.
    StackUser,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    #[error("{kind:?} {id} could not be found.")]
    NotFound { kind: Kind, id: String },
    #[error("Multiple {kind:?} matches found for {name}.")]
    Ambiguous { kind: Kind, name: String },
    #[error("{0}")]
    BadRequest(String),
    #[error("{0}")]
    Conflict(String),
    #[error("{0}")]
    Forbidden(String),
    /// A quota would be exceeded.
    #[error("{0}")]
    OverQuota(String),
    #[error("{0}")]
    Unavailable(String),
}

#[async_trait]
pub trait Services: Send + Sync + 'static {
    /// Creates an object through the checks of the REST API; `body` and the answer are the inner object, without its envelope.
    async fn create(&self, scope: &Scope, kind: Kind, body: Value) -> Result<Value, ServiceError>;
    async fn show(&self, scope: &Scope, kind: Kind, id: &str) -> Result<Value, ServiceError>;
    async fn list(&self, scope: &Scope, kind: Kind) -> Result<Vec<Value>, ServiceError>;
    async fn update(&self, scope: &Scope, kind: Kind, id: &str, body: Value) -> Result<Value, ServiceError>;
    async fn delete(&self, scope: &Scope, kind: Kind, id: &str) -> Result<(), ServiceError>;
    /// An action on one object: `attach-volume`, `detach-volume`, `add-router-interface`, `remove-router-interface`, …
    async fn act(&self, scope: &Scope, kind: Kind, id: &str, action: &str, body: Value) -> Result<Value, ServiceError>;
    /// By id, else by name: what Heat's custom constraints (`nova.flavor`, `glance.image`, …) ask.
    async fn find(&self, scope: &Scope, kind: Kind, name_or_id: &str) -> Result<Value, ServiceError>;
}

/// Leaves the token out.
impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope")
            .field("project_id", &self.project_id)
            .field("user_id", &self.user_id)
            .field("roles", &self.roles)
            .field("trust_id", &self.trust_id)
            .finish_non_exhaustive()
    }
}

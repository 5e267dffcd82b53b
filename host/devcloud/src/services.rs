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
///
/// Bodies and answers are the REST objects without their envelopes; `REST` stands for "as the service's API reference has
/// it". Unknown attributes are refused, nulls count as not given, ids are ids (names are for [`Services::find`]).
///
/// | Kind | Body | Remarks |
/// |---|---|---|
/// | `Image`, `Flavor`, `VolumeType` | REST | flavors and types are for administrators |
/// | `Keypair` | `name`, `public_key`, `type` | known by name, one user's own; without a key one is drawn and the answer has `private_key` |
/// | `Server` | REST, and `os:scheduler_hints` inside; `networks` a list, `auto` or `none`; `security_groups` of names or ids, as texts or `{name}` | the answer has `adminPass`; `BUILD` until the pace has passed; deleted as late |
/// | `ServerGroup` | `name`, `policies` or `policy`, `rules` | |
/// | `VolumeAttachment` | `server_id`, `volumeId`, `device` | its id is that of the volume; see `attach-volume` too |
/// | `Network`, `Subnet`, `Port`, `Router`, `FloatingIp`, `SecurityGroup`, `SecurityGroupRule` | REST | `gateway_ip: null` is a subnet without one; `security_groups` of a port are ids; a group starts with two egress rules |
/// | `Volume` | REST, `imageRef`, `source_volid` | `size` can be updated: it grows |
/// | `LoadBalancer`, `Listener`, `Pool`, `HealthMonitor` | REST, flat | a conflict that says "immutable" passes |
/// | `PoolMember` | REST, and `pool_id` | |
/// | `Secret`, `SecretContainer` | REST | answers have an `id` in place of the reference |
/// | `StackUser` | `name` | the answer has the `password`, this once |
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
    /// An action on one object.
    ///
    /// - `Server`: `attach-volume` and `detach-volume` (`volumeId`, `device`), `attach-interface` (`port_id`, or `net_id` and
    ///   `fixed_ips`), `detach-interface` (`port_id`), `set-metadata` (all of it), `resize` (`flavorRef`), `confirm-resize`,
    ///   `revert-resize`, `rebuild` (`imageRef`, `name`), `start`, `stop`, `reboot`, `pause`, `unpause`, `suspend`, `resume`
    /// - `Router`: `add-router-interface`, `remove-router-interface` (`subnet_id` or `port_id`)
    /// - `Volume`: `os-extend` (`new_size`), `os-set_bootable` (`bootable`)
    /// - `LoadBalancer`: `delete-cascade`
    /// - `Secret`: `payload`
    /// - `Flavor`: `set-extra-specs`
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

//! What can go wrong, and who can change it.

use jeroboam_model::{
    ClusterId, Fault,
    driver::{Capability, ClusterType, Digest, DigestPrefix, VersionState},
};
use jeroboam_plugins::EngineError;
use jeroboam_store::{CommitError, ComponentsError, StoreError};

/// An operator's request was not carried out; nothing has changed, except where it says so.
#[derive(Debug, thiserror::Error)]
pub enum RolloutError {
    #[error("there is no driver {0}; `jeroboam driver list` shows those that there are")]
    NoDriver(String),
    #[error("no version has the digest {0}; `jeroboam driver list` shows those that there are")]
    NoVersion(Digest),
    #[error("no version has a digest that begins with {}; `jeroboam driver list` shows those that there are", .0.as_str())]
    NoneBegins(DigestPrefix),
    #[error("{count} versions have digests that begin with {}: give more digits", prefix.as_str())]
    Ambiguous { prefix: DigestPrefix, count: usize },
    #[error("a component of {size} bytes is larger than a driver may be ({limit} bytes); strip it")]
    TooLarge { size: u64, limit: u64 },
    #[error("{0:?} is no name for a driver: letters, digits, '.', '_' and '-', at most 64, the first one a letter or a digit")]
    BadName(String),
    #[error(
        "no driver can be called {0}: the word is a part of the operator API's own paths, which would hide it; install it under another name, which is also the one that it calls itself"
    )]
    ReservedName(String),
    #[error("{digest} is installed already, as {name}; it cannot be {wanted} as well")]
    OtherName { digest: Digest, name: String, wanted: String },
    #[error("{digest} was revoked ({why}) and is refused for ever")]
    Revoked { digest: Digest, why: String },
    #[error("{title} is {}, and cannot be activated: {advice}", state.as_str())]
    NotReady { title: String, state: VersionState, advice: String },
    #[error("{title} asks for more than it was granted: {}; approve it first", names(.waits_for))]
    NeedsApproval { title: String, waits_for: Vec<Capability> },
    #[error("{title} waits for no approval")]
    NothingToApprove { title: String },
    #[error("{driver} has no active version that a canary could stand beside; activate it for all")]
    NothingBeside { driver: String },
    #[error("a canary of {next} is under way for {driver}; activate that one for all, or roll it back first")]
    CanaryUnderWay { driver: String, next: Digest },
    #[error("the canary names nobody: {0}")]
    BadCanary(&'static str),
    #[error(
        "{title} provides {cluster_type}, as {other} does; say in [drivers] preferred which one is to serve it, or disable one of the two"
    )]
    TypeTaken { title: String, cluster_type: ClusterType, other: String },
    #[error("{driver} has nothing to confirm: its rollout is {stage}")]
    NothingToConfirm { driver: String, stage: &'static str },
    #[error("{driver} has nothing to roll back to: its rollout is {stage}; activate the version that is to serve")]
    NothingToRollBack { driver: String, stage: &'static str },
    #[error("{title} serves, or can be rolled back to: it cannot be removed; activate another version and confirm it first")]
    Serving { title: String },
    #[error("{clusters} clusters are on {title}: it cannot be removed; move them first (driver move)")]
    InUse { title: String, clusters: usize },
    #[error("{title} cannot be loaded: {why}")]
    NotLoaded { title: String, why: String },
    #[error("cluster {cluster} is not there, or not {driver}'s")]
    NoCluster { cluster: ClusterId, driver: String },
    #[error("there is no version to move to; activate one first")]
    Nowhere(#[source] ResolveError),
    #[error("this process makes no plans; ask the daemon that serves the clusters")]
    NoPlanner,
    #[error("it was cut short by a fault of the host's; its log says why")]
    CutShort(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the plan failed")]
    Plan(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Somebody else changed the same driver at the same time, in this process or another.
    #[error("{what} was changed by somebody else at the same time; look at it again (driver show), then decide anew")]
    Conflict { what: String },
    #[error("the store cannot be read")]
    Read(#[from] StoreError),
    #[error("the store cannot be written")]
    Write(#[source] CommitError),
    #[error("the store's components cannot be used")]
    Components(#[from] ComponentsError),
}

/// Nothing can be served at all. What is wrong with a single component stops nothing else.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("drivers cannot be run")]
    Engine(#[from] EngineError),
    #[error("the versions of drivers cannot be read")]
    Read(#[from] StoreError),
    #[error("the versions of drivers cannot be written")]
    Rollout(#[from] RolloutError),
}

/// Why there is no driver for something.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    #[error("no driver provides {wanted}; there are drivers for: {}", types(.available))]
    TypeNotSupported { wanted: ClusterType, available: Vec<ClusterType> },
    #[error("driver {0} is not there, or does not provide this cluster type")]
    DriverNotSupported(String),
    /// No version of it is active.
    #[error("driver {0} has no active version")]
    NoActiveVersion(String),
    #[error("driver {driver} is disabled by the configuration")]
    Disabled { driver: String },
    #[error("version {digest} of driver {driver} cannot be loaded: {why}")]
    NotLoaded { driver: String, digest: Digest, why: String },
}

impl RolloutError {
    /// Who has to change something: the one who asks, or the service's host.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Read(_) | Self::Write(_) | Self::Components(_) | Self::Plan(_) | Self::CutShort(_) => Fault::Host,
            Self::NotLoaded { .. } => Fault::Driver,
            _ => Fault::User,
        }
    }
}

impl From<CommitError> for RolloutError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict { table, key } | CommitError::Exists { table, key } => {
                Self::Conflict { what: format!("{table} {key}") }
            }
            error @ CommitError::Backend(_) => Self::Write(error),
        }
    }
}

fn names(capabilities: &[Capability]) -> String {
    capabilities.iter().map(|capability| capability.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn types(types: &[ClusterType]) -> String {
    if types.is_empty() { "nothing".to_owned() } else { types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ") }
}

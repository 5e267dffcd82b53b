//! How a call can end, whose fault it is, and whether to try again.

use std::time::Duration;

use jeroboam_model::{
    ClusterId, Fault,
    driver::{ClusterType, FieldError},
};

use crate::{Interface, cache::CacheError};

/// The contract's `error`: why a driver did not do what it was asked. Texts are the driver's, with control characters removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DriverError {
    #[error("{}", sentence(.0))]
    Invalid(Vec<FieldError>),
    #[error("not supported: {0}")]
    Unsupported(String),
    #[error("not found: {0}")]
    NotFound(String),
    #[error("conflict: {0}")]
    Conflict(String),
    #[error("denied: {0}")]
    Denied(String),
    #[error("quota: {0}")]
    Quota(String),
    #[error("unavailable: {message}")]
    Unavailable { message: String, after: Duration },
    #[error("internal error of the driver: {0}")]
    Internal(String),
    #[error("{0}")]
    Other(String),
}

/// Why the host ended a call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StopReason {
    #[error("it computed longer than it may")]
    CpuTime,
    #[error("it took longer than it may")]
    WallTime,
    #[error("it wanted more memory than it may have")]
    Memory,
    #[error("its stack ran over")]
    Stack,
    #[error("it called the host more often than it may")]
    HostCalls,
    #[error("it exchanged more bytes with the host than it may")]
    HostBytes,
    #[error("its answer is larger than it may be")]
    ResultSize,
    #[error("it used {interface} in a call that must not")]
    OutOfPhase { interface: Interface },
    #[error("it trapped: {0}")]
    Trap(String),
    #[error("there was no place for it: too many calls were under way")]
    NoPlace,
}

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The driver said no.
    #[error("driver {driver}: {error}")]
    Refused { driver: String, error: DriverError },
    /// The host ended the call.
    #[error("driver {driver} was stopped in {function}: {reason}")]
    Stopped { driver: String, function: &'static str, reason: StopReason },
    /// The answer breaks the contract.
    #[error("driver {driver} answered {function} wrongly: {what}")]
    BadAnswer { driver: String, function: &'static str, what: String },
    /// Another version has taken over since the handle was taken. Take a new one.
    #[error("version {version} of driver {driver} was replaced before the call began")]
    Superseded { driver: String, version: String },
    /// The host was asked about a group that is not the cluster's.
    #[error("node group {group} is not one of cluster {cluster}")]
    NoSuchGroup { group: jeroboam_model::NodeGroupId, cluster: ClusterId },
}

/// Why there is no driver for something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    #[error("no driver provides {wanted}; there are drivers for: {}", list(.available))]
    TypeNotSupported { wanted: ClusterType, available: Vec<ClusterType> },
    #[error("driver {0} is not there, or does not provide this cluster type")]
    DriverNotSupported(String),
}

/// Why no driver can be run at all.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error("the WebAssembly engine does not start")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the cache of compiled drivers cannot be used")]
    Cache(#[from] CacheError),
    #[error("the thread that keeps drivers' time does not start")]
    Thread(#[source] std::io::Error),
}

impl DriverError {
    /// As metrics call it: the contract's name.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::Unsupported(_) => "unsupported",
            Self::NotFound(_) => "not-found",
            Self::Conflict(_) => "conflict",
            Self::Denied(_) => "denied",
            Self::Quota(_) => "quota",
            Self::Unavailable { .. } => "unavailable",
            Self::Internal(_) => "internal",
            Self::Other(_) => "other",
        }
    }

    /// What a user is told.
    fn user_message(&self) -> String {
        match self {
            Self::Invalid(fields) => sentence(fields),
            Self::Unsupported(text)
            | Self::NotFound(text)
            | Self::Conflict(text)
            | Self::Denied(text)
            | Self::Quota(text)
            | Self::Other(text) => text.clone(),
            Self::Unavailable { message, .. } => message.clone(),
            Self::Internal(_) => "the cluster driver failed; the operator's log says why".to_owned(),
        }
    }
}

impl StopReason {
    /// A word for logs and metrics, out of a closed set.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::CpuTime => "cpu-time",
            Self::WallTime => "wall-time",
            Self::Memory => "memory",
            Self::Stack => "stack",
            Self::HostCalls => "host-calls",
            Self::HostBytes => "host-bytes",
            Self::ResultSize => "result-size",
            Self::OutOfPhase { .. } => "out-of-phase",
            Self::Trap(_) => "trap",
            Self::NoPlace => "no-place",
        }
    }
}

impl CallError {
    /// Who has to change something.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Refused { error: DriverError::Internal(_) | DriverError::Other(_), .. } => Fault::Driver,
            Self::Refused { error: DriverError::Unavailable { .. }, .. } => Fault::Cloud,
            Self::Refused { .. } => Fault::User,
            // Computing is bounded far below the wall time: what took that long is what the driver waited for.
            Self::Stopped { reason: StopReason::WallTime, .. } => Fault::Cloud,
            Self::Stopped { reason: StopReason::NoPlace, .. } => Fault::Host,
            Self::Stopped { .. } | Self::BadAnswer { .. } => Fault::Driver,
            Self::Superseded { .. } | Self::NoSuchGroup { .. } => Fault::Host,
        }
    }

    /// When to try again; `None`: trying again is of no use.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { error: DriverError::Unavailable { after, .. }, .. } => Some(*after),
            Self::Stopped { reason: StopReason::WallTime | StopReason::NoPlace, .. } => Some(Duration::from_secs(10)),
            Self::Superseded { .. } => Some(Duration::ZERO),
            _ => None,
        }
    }

    /// Whether a driver that ends many calls so is a bad one.
    pub fn counts_against_driver(&self) -> bool {
        match self {
            Self::Stopped { reason: StopReason::NoPlace, .. } => false,
            Self::Stopped { .. } | Self::BadAnswer { .. } | Self::Refused { error: DriverError::Internal(_), .. } => true,
            Self::Refused { .. } | Self::Superseded { .. } | Self::NoSuchGroup { .. } => false,
        }
    }

    /// The fields that a user has to change.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            Self::Refused { error: DriverError::Invalid(fields), .. } => fields,
            _ => &[],
        }
    }

    /// For the person whose request it was; names no internals.
    pub fn user_message(&self) -> String {
        match self {
            Self::Refused { error, .. } => error.user_message(),
            Self::Stopped { reason: StopReason::WallTime, .. } => {
                "the cloud did not answer the cluster driver in time".to_owned()
            }
            Self::Stopped { driver, reason: StopReason::NoPlace, .. } => {
                format!("the cluster driver {driver} is busy; try again")
            }
            Self::Stopped { driver, .. } | Self::BadAnswer { driver, .. } => {
                format!("the cluster driver {driver} failed; the operator's log says why")
            }
            Self::Superseded { driver, .. } => {
                format!("the cluster driver {driver} was just replaced by another version of it: try again")
            }
            Self::NoSuchGroup { .. } => self.to_string(),
        }
    }
}

fn sentence(fields: &[FieldError]) -> String {
    fields.iter().map(|error| format!("{}: {}", error.field, error.message)).collect::<Vec<_>>().join("; ")
}

fn list(types: &[ClusterType]) -> String {
    if types.is_empty() { "nothing".to_owned() } else { types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ") }
}

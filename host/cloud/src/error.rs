//! What can go wrong with a cloud, as data.

use std::sync::Arc;
use std::time::Duration;

use crate::service::{Interface, Service};

/// Why a call to a service did not give what was asked for.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CloudError {
    /// The service answered, and the answer was an error.
    #[error("{0}")]
    Refused(Box<Refusal>),

    /// No token could be had, so the call was not made.
    #[error("cannot authenticate with Keystone as {who}")]
    Authentication { who: String, source: Box<CloudError> },

    /// No answer arrived in time, or at all. Whether the service acted on the request is unknown.
    #[error("no answer from {service} to a request to {operation}")]
    Unreachable { service: Service, operation: &'static str, source: Arc<reqwest::Error> },

    /// A search by name or id found nothing.
    #[error("{service} has no {what} '{name}'")]
    NoMatch { service: Service, what: &'static str, name: String },

    /// A search by name found several; an id would say which is meant.
    #[error("{service} has {} {what}s named '{name}': use an id, one of {}", ids.len(), ids.join(", "))]
    Ambiguous { service: Service, what: &'static str, name: String, ids: Vec<String> },

    /// The catalogue of the token has no fitting endpoint.
    #[error("the service catalogue has no {interface} endpoint of {service} ({}) in {}",
            service.types().join(", "), region.as_deref().unwrap_or("any region"))]
    ServiceNotInCatalogue { service: Service, interface: Interface, region: Option<String> },

    /// The answer was not what the service's API promises.
    #[error("{service} gave an unusable answer to a request to {operation}: {reason}")]
    Protocol { service: Service, operation: &'static str, request_id: Option<String>, reason: String },

    /// The request could not be written down. It was not sent.
    #[error("cannot ask {service} to {operation}: {reason}")]
    Argument { service: Service, operation: &'static str, reason: String },

    /// A file or option of the configuration cannot be used.
    #[error("{option}: {reason}")]
    Config { option: &'static str, reason: String },
}

/// An error answer of a service.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{service} refused to {operation}: {message} (HTTP {status}{})",
        request_id.as_deref().map(|id| format!(", {id}")).unwrap_or_default())]
pub struct Refusal {
    pub service: Service,
    /// What was asked for, as a verb phrase: "create stack".
    pub operation: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The service's own name for the error, where its error shape has one: `StackExists`,
    /// `OverQuota`, `itemNotFound`.
    pub code: Option<String>,
    /// The service's own words: bounded, without control characters, without secrets.
    pub message: String,
    /// The request id in the service's log.
    pub request_id: Option<String>,
    /// How long the service wants to be left alone.
    pub retry_after: Option<Duration>,
    /// Whether the body had the service's error shape. When not, something in front of the service
    /// may have answered in its place.
    pub recognised: bool,
}

/// What an error means to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The object does not exist, or may not be seen.
    NotFound,
    /// The object exists already, is busy, or is not the only one of its name.
    Conflict,
    /// The identity may not do this.
    Denied,
    /// A quota or limit is used up.
    Quota,
    /// The identity's credential is not valid, or no longer.
    Unauthenticated,
    /// The request is wrong, and stays wrong.
    Invalid,
    /// The service is there and cannot answer now, or is not part of this cloud.
    Unavailable,
    /// No answer.
    Unreachable,
    /// The answer makes no sense.
    Protocol,
}

/// How long to wait before trying again when the service did not say.
const RETRY_DEFAULT: Duration = Duration::from_secs(5);

impl CloudError {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Refused(refusal) => refusal.kind(),
            // A missing trust or a disabled user must not read as "the stack is not there".
            Self::Authentication { source, .. } => match source.kind() {
                Kind::Unavailable | Kind::Unreachable | Kind::Protocol => source.kind(),
                _ => Kind::Unauthenticated,
            },
            Self::Unreachable { .. } => Kind::Unreachable,
            Self::NoMatch { .. } => Kind::NotFound,
            Self::Ambiguous { .. } => Kind::Conflict,
            Self::ServiceNotInCatalogue { .. } => Kind::Unavailable,
            Self::Protocol { .. } => Kind::Protocol,
            Self::Argument { .. } | Self::Config { .. } => Kind::Invalid,
        }
    }

    /// How long to wait before the same call may succeed; nothing when it will fail again.
    pub fn retry(&self) -> Option<Duration> {
        match self {
            Self::Authentication { source, .. } => source.retry(),
            Self::ServiceNotInCatalogue { .. } => None,
            Self::Refused(refusal) => match refusal.kind() {
                Kind::Unavailable | Kind::Protocol => Some(refusal.retry_after.unwrap_or(RETRY_DEFAULT)),
                _ => refusal.retry_after,
            },
            Self::Unreachable { .. } | Self::Protocol { .. } => Some(RETRY_DEFAULT),
            _ => None,
        }
    }

    /// The HTTP status, when there was an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(refusal) => Some(refusal.status),
            Self::Authentication { source, .. } => source.status(),
            _ => None,
        }
    }

    /// The request id in the service's log, when there was an answer.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => refusal.request_id.as_deref(),
            Self::Authentication { source, .. } => source.request_id(),
            Self::Protocol { request_id, .. } => request_id.as_deref(),
            _ => None,
        }
    }

    /// The service that failed, or that was looked for.
    pub fn service(&self) -> Option<Service> {
        match self {
            Self::Refused(refusal) => Some(refusal.service),
            Self::Authentication { .. } => Some(Service::Keystone),
            Self::Unreachable { service, .. }
            | Self::NoMatch { service, .. }
            | Self::Ambiguous { service, .. }
            | Self::ServiceNotInCatalogue { service, .. }
            | Self::Protocol { service, .. }
            | Self::Argument { service, .. } => Some(*service),
            Self::Config { .. } => None,
        }
    }

    pub fn is_not_found(&self) -> bool {
        self.kind() == Kind::NotFound
    }

    /// Whether a service itself rejected the token of a call.
    pub(crate) fn is_rejected_token(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == 401)
    }

    /// Whether another attempt at once, or nearly, may succeed.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Refused(refusal) => matches!(refusal.status, 429 | 502 | 503 | 504),
            Self::Unreachable { .. } => true,
            _ => false,
        }
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(refusal) => refusal.retry_after,
            _ => None,
        }
    }
}

impl Refusal {
    pub fn kind(&self) -> Kind {
        match self.status {
            401 => Kind::Unauthenticated,
            403 | 409 | 413 if self.is_quota() => Kind::Quota,
            403 => Kind::Denied,
            // Glance answers errors with pages. From any other service, a "not found" that is not
            // in its own words comes from a proxy, and proves nothing about the object.
            404 if !self.recognised && self.service != Service::Glance => Kind::Protocol,
            404 | 410 => Kind::NotFound,
            409 => Kind::Conflict,
            429 => Kind::Unavailable,
            400..=499 => Kind::Invalid,
            500..=599 => Kind::Unavailable,
            _ => Kind::Protocol,
        }
    }

    fn is_quota(&self) -> bool {
        const CODES: [&str; 4] = ["OverQuota", "overLimit", "RequestLimitExceeded", "StackResourceLimitExceeded"];
        let code = self.code.as_deref().unwrap_or_default();
        CODES.contains(&code) || self.message.to_ascii_lowercase().contains("quota")
    }
}

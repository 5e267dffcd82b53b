//! What can be wrong with a request or a resource, under the names of Heat's own exceptions.

use crate::services::ServiceError;

/// Heat's exception classes that a client may see; the API's status follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    ActionInProgress,
    CircularDependency,
    EntityNotFound,
    Forbidden,
    ImmutableParameterModified,
    InvalidSchema,
    InvalidTemplateAttribute,
    InvalidTemplateReference,
    InvalidTemplateSection,
    InvalidTemplateVersion,
    NotSupported,
    RequestLimitExceeded,
    ResourceNotAvailable,
    ResourceNotFound,
    StackExists,
    StackResourceLimitExceeded,
    StackValidationFailed,
    UnknownUserParameter,
    UserParameterMissing,
    /// A malformed request: webob's own error rather than one of Heat's.
    BadRequest,
}

/// One error, as a client reads it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct HeatError {
    pub kind: ErrorKind,
    pub message: String,
}

pub type Result<T, E = HeatError> = std::result::Result<T, E>;

impl ErrorKind {
    /// The name of Heat's exception class.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ActionInProgress => "ActionInProgress",
            Self::CircularDependency => "CircularDependencyException",
            Self::EntityNotFound => "EntityNotFound",
            Self::Forbidden => "Forbidden",
            Self::ImmutableParameterModified => "ImmutableParameterModified",
            Self::InvalidSchema => "InvalidSchemaError",
            Self::InvalidTemplateAttribute => "InvalidTemplateAttribute",
            Self::InvalidTemplateReference => "InvalidTemplateReference",
            Self::InvalidTemplateSection => "InvalidTemplateSection",
            Self::InvalidTemplateVersion => "InvalidTemplateVersion",
            Self::NotSupported => "NotSupported",
            Self::RequestLimitExceeded => "RequestLimitExceeded",
            Self::ResourceNotAvailable => "ResourceNotAvailable",
            Self::ResourceNotFound => "ResourceNotFound",
            Self::StackExists => "StackExists",
            Self::StackResourceLimitExceeded => "StackResourceLimitExceeded",
            Self::StackValidationFailed => "StackValidationFailed",
            Self::UnknownUserParameter => "UnknownUserParameter",
            Self::UserParameterMissing => "UserParameterMissing",
            Self::BadRequest => "HTTPBadRequest",
        }
    }

    /// The HTTP status Heat's fault middleware gives it.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::ActionInProgress | Self::StackExists => 409,
            Self::EntityNotFound | Self::ResourceNotFound | Self::ResourceNotAvailable => 404,
            Self::Forbidden | Self::StackResourceLimitExceeded => 403,
            _ => 400,
        }
    }
}

impl HeatError {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub fn validation(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::StackValidationFailed, message)
    }

    /// A validation error with its place, in the form `Property error: resources.a.properties.b: message`.
    pub fn property(resource: &str, path: &str, message: impl AsRef<str>) -> Self {
        let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
        Self::validation(format!("Property error: resources.{resource}.properties{dot}{path}: {}", message.as_ref()))
    }

    pub fn section(message: impl std::fmt::Display) -> Self {
        Self::new(ErrorKind::InvalidTemplateSection, format!("The template section is invalid: {message}"))
    }

    pub fn not_found(entity: &str, name: &str) -> Self {
        Self::new(ErrorKind::EntityNotFound, format!("The {entity} ({name}) could not be found."))
    }

    pub fn reference(resource: &str, place: &str) -> Self {
        Self::new(
            ErrorKind::InvalidTemplateReference,
            format!("The specified reference \"{resource}\" (in {place}) is incorrect."),
        )
    }

    pub fn missing_parameter(name: &str) -> Self {
        Self::new(ErrorKind::UserParameterMissing, format!("The Parameter ({name}) was not provided."))
    }
}

/// Why an action on a resource failed: the class a status reason opens with, and the text after it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{class}: {reason}")]
pub struct Failure {
    pub class: String,
    pub reason: String,
    /// The dotted path of the resource it came from, when below this one.
    pub origin: Option<String>,
    pub stop: bool,
}

impl Failure {
    pub fn new(class: &str, reason: impl Into<String>) -> Self {
        Self { class: class.to_owned(), reason: reason.into(), origin: None, stop: false }
    }

    /// The operation was told to stop: a newer one took over, or time ran out.
    pub fn stopped(reason: impl Into<String>) -> Self {
        Self { stop: true, ..Self::new("Stopped", reason) }
    }
}

impl From<HeatError> for Failure {
    fn from(error: HeatError) -> Self {
        Self::new(error.kind.name(), error.message)
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        let class = match &error {
            ServiceError::NotFound { .. } => "NotFound",
            ServiceError::Ambiguous { .. } => "PhysicalResourceNameAmbiguity",
            ServiceError::BadRequest(_) => "BadRequest",
            ServiceError::Conflict(_) => "Conflict",
            ServiceError::Forbidden(_) => "Forbidden",
            ServiceError::OverQuota(_) => "Forbidden",
            ServiceError::Unavailable(_) => "ServiceUnavailable",
        };
        Self::new(class, error.to_string())
    }
}

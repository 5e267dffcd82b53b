//! What can go wrong with a request, as data; which HTTP status that is; and who is at fault.

mod body;
mod operators;
mod what;

use std::time::Duration;

use http::StatusCode;
use jeroboam_certificates::{CertificateError, SignError};
use jeroboam_cloud::CloudError;
use jeroboam_conductor::{IntakeError, OperationError};
use jeroboam_model::{ClusterId, Fault, Status, TemplateId};
use jeroboam_plugins::CallError;
use jeroboam_rollout::RolloutError;
use jeroboam_store::{CommitError, StoreError};

use crate::admission::{GroupConflict, Refusal};
use crate::edge::Exceeded;
use crate::fields::{FieldError, PatchError};
use crate::microversion::{Microversion, VersionError};
use crate::page::PageError;
use crate::resources::coe::CoeError;
use crate::resources::drivers::NamedError;
use crate::resources::federations::FederationError;
use crate::resources::quotas::QuotaError;

pub use crate::fields::echo;
pub use body::{ErrorShape, respond, respond_in};
pub use what::What;

/// How long a service of OpenStack's that does not answer may need to come back.
const SERVICE_PAUSE: Duration = Duration::from_secs(5);

/// Why a request is not answered with what it asked for. Texts are for whoever sent it: they name what to change, and hold no secrets.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    #[error("The resource could not be found.")]
    NoRoute,
    #[error("The method is not allowed for this resource.")]
    Method,
    #[error("The answers of this service are application/json, and the Accept header refuses that.")]
    NotAcceptable,
    #[error(transparent)]
    Version(#[from] VersionError),
    #[error("Version {version} was requested but the requested API {action} is not supported for this version.")]
    NotInVersion { version: Microversion, action: &'static str },
    #[error(transparent)]
    Limit(#[from] Exceeded),
    #[error("The request body is longer than {limit} bytes")]
    BodyTooLong { limit: usize },
    #[error("The request body did not arrive")]
    BodyUnfinished,
    #[error("Unknown mimetype: {0}")]
    Mimetype(String),
    #[error("Request is not in valid JSON format")]
    NotJson,
    #[error("Request must be a JSON dict")]
    NotAnObject,
    #[error("The request body does not fit: {0}")]
    Body(String),
    #[error("{value} in {what} is no uuid.")]
    NotUuid { what: &'static str, value: String },
    #[error("The request has no body, which would be a component: WebAssembly, as `jeroboam driver build` makes it.")]
    NoComponent,
    #[error(transparent)]
    Named(#[from] NamedError),
    #[error("Missing argument: \"{0}\"")]
    MissingArgument(&'static str),
    #[error("Unknown argument: \"{0}\"")]
    UnknownArgument(String),
    #[error("Invalid input for field/attribute {0}. It is given more than once.")]
    RepeatedArgument(&'static str),
    #[error("The path is not percent-encoded UTF-8")]
    Path,
    #[error(transparent)]
    Field(#[from] FieldError),
    #[error(transparent)]
    Patch(#[from] PatchError),
    #[error(transparent)]
    Page(#[from] PageError),

    #[error("The request you have made requires authentication.")]
    Unauthenticated,
    #[error("Keystone does not answer, so the token can not be checked. Try again later.")]
    KeystoneUnavailable(#[source] CloudError),
    #[error("Barbican does not answer, so the cluster's private keys can not be used. Try again later.")]
    BarbicanUnavailable(#[source] CloudError),
    #[error("Policy doesn't allow {0} to be performed.")]
    Policy(&'static str),
    #[error(
        "A cluster needs a trust from its owner, and Keystone makes none with a restricted application credential. Use a token that was \
         got with a password, or an application credential that was created with --unrestricted."
    )]
    RestrictedCredential,
    #[error(
        "A cluster needs a trust from its owner, and Keystone makes none with a token that was itself got through a trust. Use the owner's own."
    )]
    TrustToken,
    #[error("Not authorized.")]
    NotAuthorized,
    #[error("Not authorized to set {0}.")]
    NotAuthorizedToPublish(&'static str),

    #[error("{what} {ident} could not be found.")]
    NotFound { what: What, ident: String },
    /// It was there a moment ago.
    #[error("{0} could not be found: it was deleted meanwhile.")]
    Gone(What),
    /// What is named in a body, where versions before 1.10 speak of a bad request.
    #[error("{what} {ident} could not be found.")]
    Unknown { what: What, ident: String },
    #[error("Multiple {} exist with same name. Please use the {} instead.", what.plural(), what.identifier())]
    Ambiguous { what: What },
    #[error("A ClusterTemplate with UUID {0} already exists.")]
    TemplateExists(TemplateId),
    #[error("ClusterTemplate {0} is referenced by one or multiple clusters.")]
    TemplateInUse(TemplateId),
    #[error(
        "Resource limit exceeded: You have reached the maximum clusters per project, {limit}. You may delete a cluster to make room \
         for a new one."
    )]
    Quota { limit: u32 },
    #[error(transparent)]
    Quotas(#[from] QuotaError),
    #[error(transparent)]
    Federations(#[from] FederationError),
    #[error(transparent)]
    Coe(#[from] CoeError),
    #[error("A discovery is for 1 to {max} members: give a size between them.")]
    DiscoverySize { max: u32 },
    #[error("The project has {limit} discoveries of its own, which is the limit. Each goes a day after it was made.")]
    DiscoveryLimit { limit: usize },
    #[error("Updating a cluster when status is \"{0}\" is not supported.")]
    Busy(Status),
    #[error("Upgrading a cluster when status is \"{0}\" is not supported.")]
    BusyUpgrade(Status),
    #[error("Cluster upgrade is not supported in the provided microversion.")]
    UpgradeVersion,
    #[error(
        "The cluster is half upgraded, since its last upgrade failed: upgrade it again, to the same template or to one that mends it."
    )]
    HalfUpgraded,
    #[error("Nodegroup {group} can only be upgraded to the template of its cluster, {template}.")]
    GroupTemplate { group: String, template: TemplateId },
    #[error("'{0}' is not supported by this driver.")]
    DriverCannot(&'static str),
    #[error("Rotating the CA certificate on a non-TLS cluster is not supported")]
    WithoutTls,
    #[error("Cluster API address is not available yet")]
    NoApiAddress,
    #[error("A node group with name {group} already exists in the cluster {cluster}.")]
    GroupExists { group: String, cluster: String },
    #[error("Deleting a default nodegroup is not supported.")]
    DefaultGroup,
    #[error("Creating master nodegroups is currently not supported.")]
    MasterGroup,
    #[error(transparent)]
    Group(#[from] GroupConflict),
    #[error("Resizing a nodegroup to zero is not supported in the provided microversion.")]
    ZeroNodes,
    #[error("Resizing {group} outside the allowed range: min_node_count = {min}, max_node_count = {}",
            max.map_or("None".to_owned(), |max| max.to_string()))]
    OutsideRange { group: String, min: u32, max: Option<u32> },
    #[error("Resizing the master nodegroup is not supported by this driver.")]
    MasterResize,
    /// What is to be signed is not a request, or asks for too much.
    #[error(transparent)]
    Csr(SignError),
    #[error(transparent)]
    Refused(#[from] Refusal),

    #[error("Cluster {cluster} is not of the driver {not}, but of {driver}: ask for it there.")]
    OtherDriver { cluster: ClusterId, driver: String, not: String },
    #[error("There is no function {function} of drivers; there are: {known}.")]
    NoFunction { function: String, known: String },
    #[error("There is no {what} {value}; there are: {known}.")]
    NotOneOf { what: &'static str, value: String, known: String },
    /// Why an operation is not retried or aborted.
    #[error(transparent)]
    Operation(OperationError),
    /// Why a version or a rollout is not as an operator wants it.
    #[error(transparent)]
    Rollout(#[from] RolloutError),

    /// What the driver says about the request, or what became of it meanwhile.
    #[error("{}", .0.user_message())]
    Driver(#[source] CallError),
    #[error("Another change came in between; try again.")]
    Contended,
    #[error("An unexpected error prevented the server from fulfilling the request: it could not {doing}.")]
    Internal { doing: &'static str, source: Box<dyn std::error::Error + Send + Sync> },
    #[error("An unexpected error prevented the server from fulfilling the request.")]
    Panic,
}

impl From<IntakeError> for ApiError {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::QuotaExceeded { limit } => Self::Quota { limit },
            IntakeError::NotFound => Self::Gone(What::Cluster),
            IntakeError::GroupNotFound => Self::Gone(What::NodeGroup),
            IntakeError::TemplateNotFound => Self::Gone(What::ClusterTemplate),
            IntakeError::NotAllowed { status } => Self::Busy(status),
            IntakeError::HalfUpgraded => Self::HalfUpgraded,
            IntakeError::Contended => Self::Contended,
            IntakeError::Operation(error) => Self::Operation(error),
            other => Self::internal("accept the request", other),
        }
    }
}

impl From<SignError> for ApiError {
    fn from(error: SignError) -> Self {
        match error {
            SignError::Certificates(error) => error.into(),
            SignError::InvalidCsr { .. } | SignError::Refused { .. } => Self::Csr(error),
        }
    }
}

impl From<CertificateError> for ApiError {
    fn from(error: CertificateError) -> Self {
        match error {
            CertificateError::NotFound { cluster, .. } => Self::NotFound { what: What::KeyPair, ident: cluster.to_string() },
            CertificateError::Barbican(error) if error.retry().is_some() => Self::BarbicanUnavailable(error),
            other => Self::internal("use the cluster's certificates", other),
        }
    }
}

impl ApiError {
    /// The only place that knows.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotJson
            | Self::NotAnObject
            | Self::Body(_)
            | Self::NotUuid { .. }
            | Self::NoComponent
            | Self::NoFunction { .. }
            | Self::NotOneOf { .. }
            | Self::MissingArgument(_)
            | Self::UnknownArgument(_)
            | Self::RepeatedArgument(_)
            | Self::Path
            | Self::Field(_)
            | Self::Patch(_)
            | Self::TemplateInUse(_)
            | Self::Busy(_)
            | Self::BusyUpgrade(_)
            | Self::UpgradeVersion
            | Self::HalfUpgraded
            | Self::DriverCannot(_)
            | Self::WithoutTls
            | Self::DefaultGroup
            | Self::MasterGroup
            | Self::DiscoverySize { .. }
            | Self::ZeroNodes
            | Self::OutsideRange { .. }
            | Self::MasterResize
            | Self::Csr(_)
            | Self::Unknown { .. } => StatusCode::BAD_REQUEST,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Policy(_)
            | Self::RestrictedCredential
            | Self::TrustToken
            | Self::NotAuthorized
            | Self::NotAuthorizedToPublish(_)
            | Self::Quota { .. }
            | Self::DiscoveryLimit { .. } => StatusCode::FORBIDDEN,
            Self::Rollout(error) => operators::rollout(error),
            Self::Named(error) => operators::named(error),
            Self::NoRoute | Self::NotFound { .. } | Self::Gone(_) | Self::Operation(OperationError::Gone) => {
                StatusCode::NOT_FOUND
            }
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable | Self::Version(_) | Self::NotInVersion { .. } => StatusCode::NOT_ACCEPTABLE,
            Self::BodyUnfinished => StatusCode::REQUEST_TIMEOUT,
            Self::Ambiguous { .. }
            | Self::TemplateExists(_)
            | Self::OtherDriver { .. }
            | Self::GroupTemplate { .. }
            | Self::NoApiAddress
            | Self::GroupExists { .. }
            | Self::Group(_)
            | Self::Operation(_)
            | Self::Contended => StatusCode::CONFLICT,
            Self::Limit(exceeded) if exceeded.limit.is_of_project() => StatusCode::TOO_MANY_REQUESTS,
            Self::Limit(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::BodyTooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Mimetype(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::KeystoneUnavailable(_) | Self::BarbicanUnavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Page(error) => error.status(),
            Self::Quotas(error) => error.status(),
            Self::Federations(error) => error.status(),
            Self::Coe(error) => error.status(),
            Self::Refused(refusal) => refusal.status(),
            Self::Driver(error) => match error.fault() {
                Fault::User => StatusCode::BAD_REQUEST,
                Fault::Cloud => StatusCode::SERVICE_UNAVAILABLE,
                Fault::Driver | Fault::Host => StatusCode::INTERNAL_SERVER_ERROR,
            },
            Self::Internal { .. } | Self::Panic => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Whether the framework of upstream's API answers so, rather than a resource.
    fn is_framework(&self) -> bool {
        matches!(self, Self::NoRoute | Self::Method | Self::NotAcceptable | Self::Version(_) | Self::NotInVersion { .. })
    }

    /// When it may be worth another try.
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Limit(exceeded) => Some(exceeded.retry_after),
            Self::KeystoneUnavailable(_) | Self::BarbicanUnavailable(_) => Some(SERVICE_PAUSE),
            _ => None,
        }
    }

    /// For an error of ours: what could not be done.
    pub fn internal(doing: &'static str, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Internal { doing, source: Box::new(source) }
    }

    /// For an error of the store on reading.
    pub fn store(doing: &'static str, error: StoreError) -> Self {
        match error {
            StoreError::Marker { marker, .. } => Self::Page(PageError::NoSuchMarker(marker)),
            other => Self::internal(doing, other),
        }
    }

    /// For an error of the store on writing.
    pub fn commit(doing: &'static str, error: CommitError) -> Self {
        match error {
            CommitError::Conflict { .. } => Self::Contended,
            other => Self::internal(doing, other),
        }
    }
}

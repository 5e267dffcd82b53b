//! What a service's refusal means to an operation.

use std::time::Duration;

use jeroboam_cloud::{CloudError, Kind};
use jeroboam_model::{CauseKind, Fault};

use super::chain;
use crate::policy::Failure;

/// In whose name a call was made: it decides who has to change something when a credential is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Actor {
    /// Whoever asked for the operation, in person.
    Requester,
    /// The cluster's own user, by its trust or by itself.
    Trustee,
    /// The administrator of the trustee domain.
    DomainAdmin,
    /// This service itself.
    Service,
}

pub(crate) fn of_cloud(error: &CloudError, by: Actor) -> Failure {
    let (fault, advice) = whose(error.kind(), by);
    let passing = matches!(error.kind(), Kind::Unavailable | Kind::Unreachable | Kind::Protocol);
    // A service that is missing from the catalogue stays missing; whatever else is unavailable comes back.
    let retry = (passing && !matches!(error, CloudError::ServiceNotInCatalogue { .. })).then(|| asked(error));
    let kind = kind_of(error.kind());
    Failure { kind, fault, message: chain(error), resource: None, resource_type: None, advice: advice.map(str::to_owned), retry }
}

const fn kind_of(kind: Kind) -> CauseKind {
    match kind {
        Kind::Unauthenticated | Kind::Denied => CauseKind::Credential,
        Kind::Quota => CauseKind::Quota,
        Kind::NotFound | Kind::Conflict | Kind::Invalid => CauseKind::Refused,
        Kind::Unavailable | Kind::Unreachable | Kind::Protocol => CauseKind::Unavailable,
    }
}

/// How long the service wants to be left alone.
fn asked(error: &CloudError) -> Duration {
    match error {
        CloudError::Refused(refusal) => refusal.retry_after.unwrap_or_default(),
        CloudError::Authentication { source, .. } => asked(source),
        _ => Duration::ZERO,
    }
}

fn whose(kind: Kind, by: Actor) -> (Fault, Option<&'static str>) {
    match (kind, by) {
        (Kind::Unauthenticated, Actor::Requester) => {
            (Fault::User, Some("The token that came with the request has expired or was revoked: make the request again."))
        }
        (Kind::Unauthenticated, Actor::Trustee) => (
            Fault::User,
            Some(
                "The cluster's trust no longer works: its owner may be gone, disabled, or without a role that was delegated. The owner or an administrator can delete the cluster.",
            ),
        ),
        (Kind::Unauthenticated | Kind::Denied, Actor::DomainAdmin) => (
            Fault::Host,
            Some(
                "Check trustee_domain_name, trustee_domain_admin_name and trustee_domain_admin_password in [trust], and that this user administers the domain.",
            ),
        ),
        (Kind::Unauthenticated | Kind::Denied, Actor::Service) => (
            Fault::Host,
            Some(
                "Check the user, the password and the project in [keystone_auth], and that this user may do this there: for Barbican it needs the role creator.",
            ),
        ),
        (Kind::Quota, Actor::Service) => (Fault::Host, Some("The quota of this service's own project is used up: raise it.")),
        (Kind::Denied, Actor::Requester) => (Fault::User, Some("The requester lacks a role in the cluster's project.")),
        (Kind::Denied, Actor::Trustee) => {
            (Fault::User, Some("The roles that the cluster got from its owner do not allow this; see [trust] roles."))
        }
        (Kind::Quota, _) => (Fault::User, Some("Free what the project no longer needs, or ask for a larger quota.")),
        (Kind::NotFound | Kind::Conflict | Kind::Invalid, _) => (Fault::User, None),
        (Kind::Unavailable | Kind::Unreachable | Kind::Protocol, _) => (Fault::Cloud, None),
    }
}

//! Which HTTP status it is that a version or a rollout is not as an operator wants it.

use http::StatusCode;
use jeroboam_rollout::RolloutError as E;

use crate::resources::drivers::NamedError;

pub fn rollout(error: &E) -> StatusCode {
    match error {
        E::NoDriver(_) | E::NoVersion(_) | E::NoneBegins(_) | E::NoCluster { .. } => StatusCode::NOT_FOUND,
        E::BadName(_) | E::ReservedName(_) | E::BadCanary(_) => StatusCode::BAD_REQUEST,
        E::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        E::Ambiguous { .. }
        | E::OtherName { .. }
        | E::Revoked { .. }
        | E::NotReady { .. }
        | E::NeedsApproval { .. }
        | E::NothingToApprove { .. }
        | E::NothingBeside { .. }
        | E::CanaryUnderWay { .. }
        | E::TypeTaken { .. }
        | E::NothingToConfirm { .. }
        | E::NothingToRollBack { .. }
        | E::Serving { .. }
        | E::InUse { .. }
        | E::NotLoaded { .. }
        | E::Nowhere(_)
        | E::Conflict { .. } => StatusCode::CONFLICT,
        E::NoPlanner => StatusCode::NOT_IMPLEMENTED,
        E::Plan(_) | E::CutShort(_) | E::Read(_) | E::Write(_) | E::Components(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

pub fn named(error: &NamedError) -> StatusCode {
    match error {
        NamedError::Unreadable(_) => StatusCode::BAD_REQUEST,
        NamedError::NoSuchNumber { .. } => StatusCode::NOT_FOUND,
        NamedError::SeveralOfNumber { .. } => StatusCode::CONFLICT,
    }
}

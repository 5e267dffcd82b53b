//! What a driver is told when a service says no.

use std::time::Duration;

use jeroboam_cloud::{CloudError, Kind};
use jeroboam_plugins::SourceError;

use crate::cause;

/// When to come back if the service did not say.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn told(error: CloudError) -> SourceError {
    let text = cause::chain(&error);
    match error.kind() {
        Kind::NotFound => SourceError::NotFound(text),
        Kind::Conflict => SourceError::Conflict(text),
        Kind::Denied | Kind::Unauthenticated => SourceError::Denied(text),
        Kind::Quota => SourceError::Quota(text),
        Kind::Invalid => SourceError::Unsupported(text),
        Kind::Unavailable | Kind::Unreachable | Kind::Protocol => match error {
            CloudError::ServiceNotInCatalogue { .. } => SourceError::Unsupported(text),
            _ => SourceError::Unavailable { message: text, after: error.retry().unwrap_or(PATIENCE) },
        },
    }
}

//! What drivers say of a cluster whose API does not answer.

use jeroboam_driver_sdk::{Cluster, Error, Health, HealthStatus};

use crate::{Request, load_balancer};

/// An address that is not public may be fine behind a network that the host is not on.
pub fn unreachable(cluster: &Cluster, error: Error) -> Result<Health, Error> {
    let request = Request::from(cluster);
    let public = if request.master_lb_enabled { load_balancer::is_public(&request)? } else { request.floating_ip_enabled };
    let (status, reason) = if public {
        (HealthStatus::Unhealthy, message(error))
    } else {
        (HealthStatus::Unknown, format!("The cluster {} is not accessible.", cluster.name))
    };
    Ok(Health { status, reasons: vec![("api".to_owned(), reason)] })
}

/// An error as the reason of a status.
pub fn message(error: Error) -> String {
    match error {
        Error::Invalid(fields) => fields.into_iter().map(|field| field.message).collect::<Vec<_>>().join("; "),
        Error::Unavailable(retry) => retry.message,
        Error::Unsupported(text) | Error::NotFound(text) | Error::Conflict(text) | Error::Denied(text) => text,
        Error::Quota(text) | Error::Internal(text) | Error::Other(text) => text,
    }
}

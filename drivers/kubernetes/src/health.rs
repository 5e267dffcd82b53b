//! How a cluster is: what its API says of itself, and of its nodes.

use jeroboam_driver_common::{Request, load_balancer};
use jeroboam_driver_sdk::{Cluster, Error, Health, HealthStatus};

use crate::nodes;

pub fn check(cluster: &Cluster) -> Result<Health, Error> {
    let api = match nodes::api_state() {
        Ok(state) => state,
        Err(error) => return unreachable(cluster, error),
    };
    let mut healthy = api == "ok";
    let mut reasons = vec![("api".to_owned(), api)];
    match nodes::list(None) {
        Ok(nodes) => {
            for node in nodes {
                healthy &= node.ready() == "True";
                reasons.push((format!("{}.Ready", node.name()), node.ready().to_owned()));
            }
        }
        Err(error) => {
            healthy = false;
            reasons.push(("nodes".to_owned(), message(error)));
        }
    }
    let status = if healthy { HealthStatus::Healthy } else { HealthStatus::Unhealthy };
    Ok(Health { status, reasons })
}

/// An API without a public address may be fine behind a network that the host is not on.
fn unreachable(cluster: &Cluster, error: Error) -> Result<Health, Error> {
    let request = Request::from(cluster);
    let public = if request.master_lb_enabled { load_balancer::is_public(&request)? } else { request.floating_ip_enabled };
    let (status, reason) = if public {
        (HealthStatus::Unhealthy, message(error))
    } else {
        (HealthStatus::Unknown, format!("The cluster {} is not accessible.", cluster.name))
    };
    Ok(Health { status, reasons: vec![("api".to_owned(), reason)] })
}

fn message(error: Error) -> String {
    match error {
        Error::Invalid(fields) => fields.into_iter().map(|field| field.message).collect::<Vec<_>>().join("; "),
        Error::Unavailable(retry) => retry.message,
        Error::Unsupported(text) | Error::NotFound(text) | Error::Conflict(text) | Error::Denied(text) => text,
        Error::Quota(text) | Error::Internal(text) | Error::Other(text) => text,
    }
}

//! How a cluster is: whether Marathon answers, has a leader, and is registered with a Mesos master.

use jeroboam_driver_common::health::{message, unreachable};
use jeroboam_driver_sdk::{Cluster, Error, Health, HealthStatus};

use crate::marathon;

pub fn check(cluster: &Cluster) -> Result<Health, Error> {
    let ping = match marathon::ping() {
        Ok(text) => text,
        Err(error) => return unreachable(cluster, error),
    };
    let mut healthy = ping == "pong";
    let mut reasons = vec![("api".to_owned(), if healthy { "ok".to_owned() } else { ping })];
    match marathon::info() {
        Ok(info) => {
            healthy &= info.leader.is_some() && info.framework_id.is_some();
            reasons.push(("marathon.leader".to_owned(), info.leader.unwrap_or_else(|| "none".to_owned())));
            let registered = if info.framework_id.is_some() { "registered" } else { "not registered" };
            reasons.push(("mesos.framework".to_owned(), registered.to_owned()));
        }
        Err(error) => {
            healthy = false;
            reasons.push(("marathon".to_owned(), message(error)));
        }
    }
    let status = if healthy { HealthStatus::Healthy } else { HealthStatus::Unhealthy };
    Ok(Health { status, reasons })
}

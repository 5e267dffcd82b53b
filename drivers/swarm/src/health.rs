//! How a cluster is: whether a manager answers, and what it says of the nodes.

use jeroboam_driver_common::{
    DefaultGroups,
    health::{message, unreachable},
};
use jeroboam_driver_sdk::{Cluster, Error, Health, HealthStatus};

use crate::manager;

pub fn check(cluster: &Cluster) -> Result<Health, Error> {
    let api = match manager::ping() {
        Ok(text) => text,
        Err(error) => return unreachable(cluster, error),
    };
    let mut healthy = api == "OK";
    let mut reasons = vec![("api".to_owned(), if healthy { "ok".to_owned() } else { api })];
    match manager::nodes() {
        Ok(nodes) => {
            let wanted = DefaultGroups::of(cluster)?.workers.node_count;
            if u32::try_from(nodes.len()).is_ok_and(|found| found < wanted) {
                healthy = false;
                reasons.push(("nodes".to_owned(), format!("{} of {wanted} have joined", nodes.len())));
            }
            for node in nodes {
                healthy &= node.status == "Healthy";
                reasons.push((format!("{}.Status", node.name), node.status));
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

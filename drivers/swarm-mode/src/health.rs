//! How a cluster is: what Docker on a master says of itself, of the swarm, and of its nodes.

use jeroboam_driver_common::health::{message, unreachable};
use jeroboam_driver_sdk::{Cluster, Error, Health, HealthStatus, Pair};

use crate::engine;

pub fn check(cluster: &Cluster) -> Result<Health, Error> {
    let api = match engine::ping() {
        Ok(state) => state,
        Err(error) => return unreachable(cluster, error),
    };
    let mut healthy = api == "OK";
    let mut reasons = vec![reason("api", if healthy { "ok" } else { &api })];
    for part in [swarm, nodes] {
        match part(&mut reasons) {
            Ok(fine) => healthy &= fine,
            Err(error) => {
                healthy = false;
                reasons.push(reason("swarm", &message(error)));
                break;
            }
        }
    }
    let status = if healthy { HealthStatus::Healthy } else { HealthStatus::Unhealthy };
    Ok(Health { status, reasons })
}

/// Whether the master is in a swarm that it can lead.
fn swarm(reasons: &mut Vec<Pair>) -> Result<bool, Error> {
    let swarm = engine::info()?.swarm;
    let fine = swarm.local_node_state == "active" && swarm.control_available;
    let said = match (fine, swarm.error.is_empty()) {
        (true, _) => "active".to_owned(),
        (false, true) => format!("{}, not a manager", swarm.local_node_state),
        (false, false) => swarm.error,
    };
    reasons.push(reason("swarm", &said));
    Ok(fine)
}

fn nodes(reasons: &mut Vec<Pair>) -> Result<bool, Error> {
    let mut fine = true;
    for node in engine::nodes()? {
        fine &= node.is_ready();
        reasons.push(reason(&format!("{}.Ready", node.hostname()), if node.is_ready() { "True" } else { node.state() }));
        if let Some(reachability) = node.reachability() {
            fine &= reachability == "reachable";
            reasons.push(reason(&format!("{}.Manager", node.hostname()), reachability));
        }
    }
    Ok(fine)
}

fn reason(name: &str, value: &str) -> Pair {
    (name.to_owned(), value.to_owned())
}

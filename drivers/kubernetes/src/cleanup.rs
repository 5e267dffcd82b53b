//! Removes what the cloud controller manager made for Kubernetes services: their load balancers hold ports in the cluster's network, which Heat could not
//! delete around them, and their floating IPs would stay behind.

use jeroboam_driver_sdk::{Cluster, Error, Progress, Retry, floating_ips, load_balancers, log};

/// Milliseconds until the next look: Octavia takes seconds for a deletion.
const PAUSE: u32 = 5_000;

pub fn before_delete(cluster: &Cluster) -> Result<Progress, Error> {
    let made_by_us = |description: &str| description.contains("Kubernetes ") && description.contains(&cluster.uuid);
    let mut left = Vec::new();
    for balancer in load_balancers::list_owned()? {
        if !made_by_us(&balancer.description) || balancer.provisioning_status == "DELETED" {
            continue;
        }
        if balancer.provisioning_status != "PENDING_DELETE" {
            delete_load_balancer(&balancer)?;
        }
        left.push(balancer.name);
    }
    if !left.is_empty() {
        let message = format!("waiting for load balancers of services to go: {}", left.join(", "));
        return Ok(Progress::Waiting(Retry { message, after_ms: PAUSE }));
    }
    // Not before: the cloud controller manager would give a service that has lost its address another one.
    for address in floating_ips::list_owned()? {
        if made_by_us(&address.description) {
            floating_ips::delete(&address.id)?;
        }
    }
    Ok(Progress::Done)
}

/// One that is being changed cannot be deleted yet; the next look tries again.
fn delete_load_balancer(balancer: &load_balancers::LoadBalancer) -> Result<(), Error> {
    match load_balancers::delete(&balancer.id) {
        Ok(()) | Err(Error::NotFound(_)) => Ok(()),
        Err(Error::Conflict(reason)) => {
            log::info(&format!("load balancer {} cannot be deleted yet: {reason}", balancer.name));
            Ok(())
        }
        Err(other) => Err(other),
    }
}

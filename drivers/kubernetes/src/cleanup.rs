//! Removes what Kubernetes made in the cloud: the load balancers and floating IPs of services, and the volumes of claims if the operator has set
//! `delete_volumes = true` in the driver's section. Volumes hold users' data, so they stay unless told otherwise.

use jeroboam_driver_common::cleanup::Cleanup;
use jeroboam_driver_sdk::{Cluster, Error, Progress, Retry, log, settings};

use crate::claims;

/// Milliseconds until the next look.
const PAUSE: u32 = 5_000;

pub fn before_delete(cluster: &Cluster) -> Result<Progress, Error> {
    let made = |description: &str| description.contains("Kubernetes ") && description.contains(&cluster.uuid);
    let volumes = settings::get("delete_volumes").is_some_and(|value| value.trim().eq_ignore_ascii_case("true"));
    let claims = if volumes { release(cluster) } else { 0 };
    match (Cleanup { made: &made, volumes }.run()?, claims) {
        (Progress::Done, 0) => Ok(Progress::Done),
        (Progress::Done, left) => {
            let message = format!("waiting for {left} claims of volumes to go");
            Ok(Progress::Waiting(Retry { message, after_ms: PAUSE }))
        }
        (waiting, _) => Ok(waiting),
    }
}

/// Servers have to let go of volumes before these can be deleted. A cluster whose API is gone lets go of nothing; what is not attached still goes.
fn release(cluster: &Cluster) -> usize {
    claims::release().unwrap_or_else(|error| {
        log::warning(&format!("volumes that are attached to nodes of cluster {} stay: its API says {error:?}", cluster.uuid));
        0
    })
}

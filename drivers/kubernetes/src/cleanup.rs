//! Removes what the cloud controller manager made for Kubernetes services.

use jeroboam_driver_common::cleanup::Cleanup;
use jeroboam_driver_sdk::{Cluster, Error, Progress};

pub fn before_delete(cluster: &Cluster) -> Result<Progress, Error> {
    let made = |description: &str| description.contains("Kubernetes ") && description.contains(&cluster.uuid);
    Cleanup { made: &made, volumes: false }.run()
}

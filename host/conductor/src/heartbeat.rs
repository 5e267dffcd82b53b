//! Says that this service is alive: the row that `openstack coe service list` shows.

use crate::cause;
use crate::now::now;
use crate::shared::Shared;

/// As Magnum calls the process that does this work, for the sake of those who look for it.
const BINARY: &str = "magnum-conductor";

pub(crate) async fn run(shared: Shared) {
    loop {
        if let Err(error) = shared.store.services().beat(&shared.config.host_name, BINARY, now()).await {
            tracing::warn!("no sign of life could be noted: {}", cause::chain(&error));
        }
        tokio::time::sleep(shared.config.heartbeat_interval).await;
    }
}

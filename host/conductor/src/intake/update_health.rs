//! A healer in the cluster says how the cluster is.

use std::collections::BTreeMap;

use jeroboam_model::{ClusterId, HealthStatus};

use super::{Intake, IntakeError, Try, commit, until_done};
use crate::now::now;

#[derive(Clone, Debug)]
pub struct HealthUpdate {
    pub cluster: ClusterId,
    /// What it is from now on; nothing: nobody knows any more.
    pub status: Option<HealthStatus>,
    /// If absent, they stay as they are.
    pub reasons: Option<BTreeMap<String, String>>,
}

impl Intake {
    /// Writes a cluster's health. Its status does not change.
    pub async fn update_health(&self, update: HealthUpdate) -> Result<(), IntakeError> {
        until_done(|| self.try_update_health(&update)).await
    }

    async fn try_update_health(&self, update: &HealthUpdate) -> Result<Try<()>, IntakeError> {
        let mut cluster = self.cluster(update.cluster).await?;
        if !cluster.status.is_stable() {
            return Err(IntakeError::NotAllowed { status: cluster.status });
        }
        cluster.value.health_status = update.status;
        if let Some(reasons) = &update.reasons {
            cluster.value.health_status_reason.clone_from(reasons);
        }
        cluster.value.updated_at = Some(now());
        let mut tx = self.shared.store.begin();
        tx.update(&cluster);
        commit(tx, ()).await
    }
}

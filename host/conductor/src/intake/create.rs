//! A cluster is asked for.

use jeroboam_model::{
    Cluster, External, LedgerEntry, NodeGroup, Operation, OperationId, OperationKind, ProjectId, QuotaResource,
};
use jeroboam_store::{Transaction, Usage};

use super::{Intake, IntakeError, NewRequester, Try, commit, until_done};
use crate::discovery;
use crate::now::now;

/// A cluster as it is to be.
#[derive(Clone, Debug)]
pub struct NewCluster {
    /// `CREATE_IN_PROGRESS`, with the name of its stack, without a trustee.
    pub cluster: Cluster,
    /// The default masters and the default workers.
    pub groups: [NodeGroup; 2],
    pub requester: NewRequester,
}

impl Intake {
    /// Accepts a cluster, if the project has fewer than its quota says; where nobody has set one, fewer than `default_quota`. Everything that will be made
    /// outside is in the ledger from here on.
    pub async fn create(&self, new: NewCluster, default_quota: u32) -> Result<OperationId, IntakeError> {
        let operation = self.operation(&new.cluster, OperationKind::Create, &new.requester)?;
        until_done(|| self.try_create(&new, default_quota, &operation)).await
    }

    async fn try_create(
        &self,
        new: &NewCluster,
        default_quota: u32,
        operation: &Operation,
    ) -> Result<Try<OperationId>, IntakeError> {
        let mut tx = self.shared.store.begin();
        let template =
            self.shared.store.templates().get(new.cluster.cluster_template_id).await?.ok_or(IntakeError::TemplateNotFound)?;
        tx.require(&template);
        self.count(&mut tx, &new.cluster.project_id, default_quota).await?;
        match discovery::own(&self.shared, &new.cluster, &new.groups).await {
            Some(discovery) => {
                let url = discovery.url(&self.shared.config.platform.container_infra_url);
                tx.insert(&discovery);
                tx.insert(&Cluster { discovery_url: Some(url), ..new.cluster.clone() });
            }
            None => tx.insert(&new.cluster),
        }
        for group in &new.groups {
            tx.insert(group);
        }
        for entry in &ledger(&new.cluster) {
            tx.insert(entry);
        }
        tx.insert(operation);
        commit(tx, operation.id).await
    }

    /// Counts one cluster more. The limit and the count are those of the commit: two that are counted at once, or a quota that is set meanwhile, conflict.
    async fn count(&self, tx: &mut Transaction, project: &ProjectId, default_quota: u32) -> Result<(), IntakeError> {
        let resource = QuotaResource::Cluster;
        let limit = match self.shared.store.quotas().get((project.clone(), resource)).await? {
            Some(quota) => {
                tx.require(&quota);
                quota.hard_limit
            }
            None => {
                tx.require_no_quota_of(project, resource);
                default_quota
            }
        };
        let usage = self.shared.store.usage().get(project).await?;
        let used = usage.as_ref().map_or(0, |usage| usage.clusters);
        if used >= limit {
            return Err(IntakeError::QuotaExceeded { limit });
        }
        let clusters = used.saturating_add(1);
        match usage {
            Some(usage) => tx.update(&usage.with(Usage { clusters, ..usage.value.clone() })),
            None => tx.insert(&Usage { project_id: project.clone(), clusters }),
        }
        Ok(())
    }
}

/// What a cluster will have outside.
fn ledger(cluster: &Cluster) -> [LedgerEntry; 3] {
    let trustee = cluster.trustee_user_name();
    let objects = [
        External::Trustee { name: trustee.clone() },
        External::Trust { trustee_name: trustee },
        External::Stack { name: cluster.stack_name.to_string() },
    ];
    objects.map(|object| LedgerEntry { cluster: cluster.uuid, object, id: None, intended_at: now() })
}

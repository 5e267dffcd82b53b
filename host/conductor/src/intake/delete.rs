//! A cluster is no longer wanted.

use jeroboam_model::{Action, ClusterId, OperationId, OperationKind, Outcome, Status};

use super::resize::begin;
use super::{Intake, IntakeError, NewRequester, Try, commit, supersede, until_done};
use crate::now::now;

/// A cluster that is to go.
#[derive(Clone, Debug)]
pub struct Delete {
    pub cluster: ClusterId,
    pub requester: NewRequester,
}

impl Intake {
    /// Accepts a deletion, whatever the cluster's status. Whatever else was to be done to the cluster is not; a deletion under way goes on.
    pub async fn delete(&self, delete: Delete) -> Result<OperationId, IntakeError> {
        until_done(|| self.try_delete(&delete)).await
    }

    async fn try_delete(&self, delete: &Delete) -> Result<Try<OperationId>, IntakeError> {
        let mut cluster = self.cluster(delete.cluster).await?;
        let earlier = self.unfinished(delete.cluster).await?;
        if let Some(under_way) = earlier.iter().find(|operation| operation.kind == OperationKind::Delete) {
            return Ok(Try::Done(under_way.id));
        }
        let mut tx = self.shared.store.begin();
        for operation in earlier {
            supersede(&mut tx, operation, "The cluster is to be deleted");
        }
        let operation = self.operation(&cluster, OperationKind::Delete, &delete.requester)?;
        let status = Status::of(Action::Delete, Outcome::InProgress);
        for mut group in self.shared.store.node_groups().of_cluster(delete.cluster).await? {
            group.value.status = status;
            group.value.status_reason = None;
            group.value.updated_at = Some(now());
            tx.update(&group);
        }
        begin(&mut cluster, status);
        tx.update(&cluster);
        tx.insert(&operation);
        commit(tx, operation.id).await
    }
}

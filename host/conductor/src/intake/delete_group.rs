//! A further group is no longer wanted.

use jeroboam_model::{Action, ClusterId, NodeGroupId, OperationId, OperationKind, Outcome, Status};

use super::resize::begin;
use super::{Intake, IntakeError, NewRequester, Try, commit, supersede, until_done};
use crate::now::now;

/// A group that is to go. The API refuses those that came with the cluster.
#[derive(Clone, Debug)]
pub struct DeleteGroup {
    pub cluster: ClusterId,
    pub group: NodeGroupId,
    pub requester: NewRequester,
}

impl Intake {
    /// Accepts a deletion, whatever the group's status, unless the whole cluster goes or is still being made. Whatever else was to be done to the group is
    /// not; a deletion under way goes on.
    pub async fn delete_group(&self, delete: DeleteGroup) -> Result<OperationId, IntakeError> {
        until_done(|| self.try_delete_group(&delete)).await
    }

    async fn try_delete_group(&self, delete: &DeleteGroup) -> Result<Try<OperationId>, IntakeError> {
        let mut cluster = self.cluster(delete.cluster).await?;
        if cluster.status.is_deleting() || cluster.status == Status::CreateInProgress {
            return Err(IntakeError::NotAllowed { status: cluster.status });
        }
        let mut group = self.group(delete.cluster, delete.group).await?;
        let kind = OperationKind::DeleteGroup { group: delete.group };
        let earlier = self.unfinished(delete.cluster).await?;
        if let Some(under_way) = earlier.iter().find(|operation| operation.kind == kind) {
            return Ok(Try::Done(under_way.id));
        }
        let mut tx = self.shared.store.begin();
        for operation in earlier.into_iter().filter(|earlier| is_pointless(&earlier.kind, delete.group)) {
            supersede(&mut tx, operation, "The node group is to be deleted");
        }
        let operation = self.operation(&cluster, kind, &delete.requester)?;
        group.value.status = Status::of(Action::Delete, Outcome::InProgress);
        group.value.status_reason = None;
        group.value.updated_at = Some(now());
        begin(&mut cluster, Status::of(Action::Update, Outcome::InProgress));
        tx.update(&group);
        tx.update(&cluster);
        tx.insert(&operation);
        commit(tx, operation.id).await
    }
}

/// Whether an operation is about the group alone, and leaves nothing half done elsewhere.
fn is_pointless(kind: &OperationKind, group: NodeGroupId) -> bool {
    matches!(kind, OperationKind::CreateGroup { group: own } | OperationKind::Resize { group: own, .. } if *own == group)
}

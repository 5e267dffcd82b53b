//! A cluster's own user is to get another password.

use jeroboam_model::{ClusterId, OperationId, OperationKind, Status};

use super::resize::ResizeVia;
use super::rotate_ca::{begin_everywhere, changes};
use super::{Intake, IntakeError, NewRequester, Try, commit, until_done};

/// A cluster whose nodes are to log in with something else.
#[derive(Clone, Debug)]
pub struct RotateCredential {
    pub cluster: ClusterId,
    pub requester: NewRequester,
}

impl Intake {
    /// Accepts a rotation wherever a resize is accepted: also while an update is under way, after which it comes, and after one has failed.
    pub async fn rotate_credential(&self, rotate: RotateCredential) -> Result<OperationId, IntakeError> {
        until_done(|| self.try_rotate_credential(&rotate)).await
    }

    async fn try_rotate_credential(&self, rotate: &RotateCredential) -> Result<Try<OperationId>, IntakeError> {
        let mut cluster = self.cluster(rotate.cluster).await?;
        if !ResizeVia::Resize.allowed(cluster.status) {
            return Err(IntakeError::NotAllowed { status: cluster.status });
        }
        if cluster.upgrading_to.is_some() && cluster.status == Status::UpdateFailed {
            return Err(IntakeError::HalfUpgraded);
        }
        let groups = self.shared.store.node_groups().of_cluster(rotate.cluster).await?;
        let kind = OperationKind::RotateCredential { changes: changes(&groups, "A new password"), done: 0 };
        let operation = self.operation(&cluster, kind, &rotate.requester)?;
        let mut tx = self.shared.store.begin();
        begin_everywhere(&mut tx, &mut cluster, groups);
        tx.insert(&operation);
        commit(tx, operation.id).await
    }
}

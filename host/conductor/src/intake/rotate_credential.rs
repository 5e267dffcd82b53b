//! A cluster's own user is to get another password.

use jeroboam_model::{Action, ClusterId, OperationId, OperationKind, Outcome, Status};

use super::resize::{ResizeVia, begin};
use super::rotate_ca::changes;
use super::{Intake, IntakeError, NewRequester, Try, commit, until_done};
use crate::now::now;

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
        let status = Status::of(Action::Update, Outcome::InProgress);
        let mut tx = self.shared.store.begin();
        for mut group in groups.into_iter().filter(|group| group.stack_id.is_some()) {
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

//! A further group of workers is asked for.

use jeroboam_model::{Action, External, LedgerEntry, NodeGroup, Operation, OperationId, OperationKind, Outcome, Status};

use super::resize::{ResizeVia, begin};
use super::{Intake, IntakeError, NewRequester, Try, commit, until_done};
use crate::now::now;

/// A group as it is to be.
#[derive(Clone, Debug)]
pub struct NewGroup {
    /// `CREATE_IN_PROGRESS`, with the name of its stack.
    pub group: NodeGroup,
    pub requester: NewRequester,
}

impl Intake {
    /// Accepts a group, whenever the cluster may be resized. Its stack is in the ledger from here on.
    pub async fn create_group(&self, new: NewGroup) -> Result<OperationId, IntakeError> {
        let cluster = self.cluster(new.group.cluster_id).await?;
        let operation = self.operation(&cluster, OperationKind::CreateGroup { group: new.group.uuid }, &new.requester)?;
        until_done(|| self.try_create_group(&new.group, &operation)).await
    }

    async fn try_create_group(&self, group: &NodeGroup, operation: &Operation) -> Result<Try<OperationId>, IntakeError> {
        let mut cluster = self.cluster(group.cluster_id).await?;
        if !ResizeVia::Resize.allowed(cluster.status) {
            return Err(IntakeError::NotAllowed { status: cluster.status });
        }
        let mut tx = self.shared.store.begin();
        begin(&mut cluster, Status::of(Action::Update, Outcome::InProgress));
        tx.update(&cluster);
        tx.insert(group);
        if let Some(name) = &group.stack_name {
            let object = External::Stack { name: name.to_string() };
            tx.insert(&LedgerEntry { cluster: cluster.uuid, object, id: None, intended_at: now() });
        }
        tx.insert(operation);
        match commit(tx, operation.id).await {
            Err(IntakeError::Exists) if self.has_group_named(group).await? => Err(IntakeError::GroupExists),
            outcome => outcome,
        }
    }

    async fn has_group_named(&self, group: &NodeGroup) -> Result<bool, IntakeError> {
        Ok(self.shared.store.node_groups().by_name(group.cluster_id, &group.name).await?.is_some())
    }
}

//! A cluster's authorities are to be replaced.

use jeroboam_model::driver::StackScope;
use jeroboam_model::{Action, Cluster, ClusterId, NodeGroup, OperationId, OperationKind, Outcome, StackChange, Status};
use jeroboam_store::{Stored, Transaction};

use super::resize::begin;
use super::{Intake, IntakeError, NewRequester, Try, commit, may_change, until_done};
use crate::now::now;

/// A cluster whose authorities are to go. The API has looked whether its driver can do it.
#[derive(Clone, Debug)]
pub struct RotateCa {
    pub cluster: ClusterId,
    pub requester: NewRequester,
}

impl Intake {
    /// Accepts a rotation for a cluster that is at rest, and whole or at least updated without success.
    pub async fn rotate_ca(&self, rotate: RotateCa) -> Result<OperationId, IntakeError> {
        until_done(|| self.try_rotate_ca(&rotate)).await
    }

    async fn try_rotate_ca(&self, rotate: &RotateCa) -> Result<Try<OperationId>, IntakeError> {
        let mut cluster = self.cluster(rotate.cluster).await?;
        if !may_change(cluster.status) {
            return Err(IntakeError::NotAllowed { status: cluster.status });
        }
        if cluster.upgrading_to.is_some() {
            return Err(IntakeError::HalfUpgraded);
        }
        let groups = self.shared.store.node_groups().of_cluster(rotate.cluster).await?;
        let generation = cluster.ca_generation.saturating_add(1);
        let kind = OperationKind::RotateCa { generation, changes: changes(&groups, "New authorities"), done: 0 };
        let operation = self.operation(&cluster, kind, &rotate.requester)?;
        let mut tx = self.shared.store.begin();
        begin_everywhere(&mut tx, &mut cluster, groups);
        tx.insert(&operation);
        commit(tx, operation.id).await
    }
}

/// Writes the cluster as under way, and those of its groups that have a stack of their own.
pub(super) fn begin_everywhere(tx: &mut Transaction, cluster: &mut Stored<Cluster>, groups: Vec<Stored<NodeGroup>>) {
    let status = Status::of(Action::Update, Outcome::InProgress);
    for mut group in groups.into_iter().filter(|group| group.stack_id.is_some()) {
        group.value.status = status;
        group.value.status_reason = None;
        group.value.updated_at = Some(now());
        tx.update(&group);
    }
    begin(cluster, status);
    tx.update(cluster);
}

/// The cluster's stack, and then those of groups that have one.
pub(super) fn changes(groups: &[Stored<NodeGroup>], what: &str) -> Vec<StackChange> {
    let own = groups.iter().filter(|group| !group.is_default && group.stack_id.is_some());
    let of_group = |group: &Stored<NodeGroup>| StackChange {
        scope: StackScope::NodeGroup(group.uuid),
        summary: format!("{what} for node group {}", group.name),
    };
    let cluster = StackChange { scope: StackScope::Cluster, summary: format!("{what} for the cluster") };
    std::iter::once(cluster).chain(own.map(of_group)).collect()
}

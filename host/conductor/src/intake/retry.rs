//! An operation that failed is to be tried again.

use jeroboam_model::{Action, Cluster, NodeGroup, Operation, OperationId, OperationKind, OperationState, Outcome, Status};

use super::resize::begin;
use super::{Intake, IntakeError, NewRequester, OperationError, Try, commit, until_done};
use crate::now::now;
use crate::operations;

/// An operation that is to be tried again, and in whose name.
#[derive(Clone, Debug)]
pub struct Retry {
    pub operation: OperationId,
    pub requester: NewRequester,
}

/// Whether an operation can be tried again: it has failed, or was stopped, and nothing has come after it. `others` are those of the same cluster.
pub fn retriable<'a>(
    operation: &Operation,
    mut others: impl Iterator<Item = &'a Operation>,
    cluster: Option<&Cluster>,
) -> Result<(), OperationError> {
    match operation.state {
        OperationState::Queued | OperationState::Running => return Err(OperationError::UnderWay(operation.state)),
        OperationState::Done => return Err(OperationError::Done),
        OperationState::Failed | OperationState::Aborted => {}
    }
    let cluster = cluster.ok_or(OperationError::ClusterGone)?;
    let place = |operation: &Operation| (operation.created_at, operation.id);
    if let Some(later) = others.find(|other| place(other) > place(operation)) {
        return Err(OperationError::Superseded { by: later.id, kind: later.kind.name() });
    }
    if cluster.status != Status::of(operation.kind.action(), Outcome::Failed) {
        return Err(OperationError::OtherStatus(cluster.status));
    }
    Ok(())
}

impl Intake {
    /// Queues an operation again that has failed. It begins where it is right to, with a deadline of its own, and with the requester's token in the place of the one
    /// before.
    pub async fn retry(&self, retry: Retry) -> Result<(), IntakeError> {
        until_done(|| self.try_retry(&retry)).await
    }

    async fn try_retry(&self, retry: &Retry) -> Result<Try<()>, IntakeError> {
        let store = &self.shared.store;
        let mut operation = store.operations().get(retry.operation).await?.ok_or(OperationError::Gone)?;
        let cluster = store.clusters().get(operation.cluster).await?;
        let others = store.operations().of_cluster(operation.cluster).await?;
        // The latest first: it is the one to look at.
        retriable(&operation, others.iter().rev().map(|other| &other.value), cluster.as_ref().map(|cluster| &cluster.value))?;
        let mut cluster = cluster.ok_or(IntakeError::NotFound)?;
        self.check(&operation, &cluster, &retry.requester)?;

        let mut tx = store.begin();
        let mut groups = store.node_groups().of_cluster(operation.cluster).await?;
        let failed_at = operation.cause.as_ref().map_or(operation.step, |cause| cause.step);
        operation.value.step = operations::resume_at(&operation.kind, failed_at);
        match &mut operation.value.kind {
            OperationKind::Resize { group, node_count, .. } => {
                let group = groups.iter_mut().find(|known| known.uuid == *group).ok_or(IntakeError::GroupNotFound)?;
                group.value.node_count = node_count.unwrap_or(group.node_count);
            }
            OperationKind::Upgrade { template, resumes, changes, done, .. } => {
                let template = store.templates().get(*template).await?.ok_or(IntakeError::TemplateNotFound)?;
                tx.require(&template);
                *resumes = cluster.upgrading_to.is_some();
                changes.clear();
                *done = 0;
                cluster.value.upgrading_to = Some(template.uuid);
            }
            _ => {}
        }
        let now = now();
        for group in &mut groups {
            if let Some(action) = concern(&operation.kind, group) {
                group.value.status = Status::of(action, Outcome::InProgress);
                group.value.status_reason = None;
                group.value.updated_at = Some(now);
                tx.update(group);
            }
        }
        let requester = &retry.requester;
        operation.value.requester = self.requester(operation.id, requester)?;
        operation.value.state = OperationState::Queued;
        operation.value.attempts = 0;
        operation.value.not_before = None;
        operation.value.deadline = operations::deadline(&cluster, &self.shared.config, now);
        operation.value.cause = None;
        operation.value.abort = None;
        operation.value.retries = operation.retries.saturating_add(1);
        operation.value.updated_at = now;
        operation
            .value
            .note(now, format!("To be tried again, as {} asked, request {}", requester.user_name, requester.request_id));
        let status = Status::of(operation.kind.action(), Outcome::InProgress);
        begin(&mut cluster, status);
        tx.update(&cluster);
        tx.update(&operation);
        tx.wake();
        commit(tx, ()).await
    }

    /// What only the requester can lack.
    fn check(&self, operation: &Operation, cluster: &Cluster, requester: &NewRequester) -> Result<(), IntakeError> {
        let defines_all = matches!(
            operation.kind,
            OperationKind::Resize { .. } | OperationKind::RotateCa { .. } | OperationKind::RotateCredential { .. }
        );
        if defines_all && cluster.upgrading_to.is_some() {
            return Err(IntakeError::HalfUpgraded);
        }
        let has_trust = cluster.trustee.as_ref().is_some_and(|trustee| trustee.trust_id.is_some());
        let is_owner = requester.user_id == cluster.user_id && requester.project_id == cluster.project_id;
        if operation.kind == OperationKind::Create && !has_trust && !is_owner {
            return Err(OperationError::OwnerOnly.into());
        }
        Ok(())
    }
}

/// What is done to a group by an operation, if it is about the group.
fn concern(kind: &OperationKind, group: &NodeGroup) -> Option<Action> {
    let (is_concerned, action) = match kind {
        OperationKind::Create => (true, Action::Create),
        OperationKind::Delete => (true, Action::Delete),
        OperationKind::CreateGroup { group: only } => (group.uuid == *only, Action::Create),
        OperationKind::DeleteGroup { group: only } => (group.uuid == *only, Action::Delete),
        OperationKind::Resize { group: only, .. } => (group.uuid == *only, Action::Update),
        OperationKind::Upgrade { group: only, .. } => (only.map_or(group.is_default, |only| group.uuid == only), Action::Update),
        OperationKind::RotateCa { .. } | OperationKind::RotateCredential { .. } => (group.stack_id.is_some(), Action::Update),
    };
    is_concerned.then_some(action)
}

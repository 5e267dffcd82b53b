//! A cluster, or a further group of it, is to come to another template.

use jeroboam_model::{Action, ClusterId, NodeGroupId, OperationId, OperationKind, Outcome, Status, TemplateId};

use super::resize::begin;
use super::{Intake, IntakeError, NewRequester, Try, commit, may_change, until_done};
use crate::now::now;

/// Where a cluster is to go. The API has asked the driver.
#[derive(Clone, Debug)]
pub struct Upgrade {
    pub cluster: ClusterId,
    pub template: TemplateId,
    /// A further group; `None`: the cluster with the groups that came with it.
    pub group: Option<NodeGroupId>,
    /// At most so many nodes at a time; at least 1.
    pub batch: u32,
    /// Whether Heat goes back to the state before the step that fails.
    pub rollback: bool,
    pub requester: NewRequester,
}

impl Intake {
    /// Accepts an upgrade of a cluster that is at rest, and whole or at least updated without success. Until it has ended well, or has changed nothing, the
    /// template cannot be deleted, and the cluster can be upgraded and deleted only.
    pub async fn upgrade(&self, upgrade: Upgrade) -> Result<OperationId, IntakeError> {
        until_done(|| self.try_upgrade(&upgrade)).await
    }

    async fn try_upgrade(&self, upgrade: &Upgrade) -> Result<Try<OperationId>, IntakeError> {
        let mut cluster = self.cluster(upgrade.cluster).await?;
        if !may_change(cluster.status) {
            return Err(IntakeError::NotAllowed { status: cluster.status });
        }
        let template = self.shared.store.templates().get(upgrade.template).await?.ok_or(IntakeError::TemplateNotFound)?;
        let groups = self.shared.store.node_groups().of_cluster(upgrade.cluster).await?;
        if upgrade.group.is_some_and(|wanted| groups.iter().all(|group| group.uuid != wanted)) {
            return Err(IntakeError::GroupNotFound);
        }
        let kind = OperationKind::Upgrade {
            template: upgrade.template,
            group: upgrade.group,
            batch: upgrade.batch.max(1),
            rollback: upgrade.rollback,
            resumes: cluster.upgrading_to.is_some(),
            changes: Vec::new(),
            done: 0,
        };
        let operation = self.operation(&cluster, kind, &upgrade.requester)?;
        let status = Status::of(Action::Update, Outcome::InProgress);
        let mut tx = self.shared.store.begin();
        tx.require(&template);
        let is_concerned = |uuid, is_default| upgrade.group.map_or(is_default, |only| uuid == only);
        for mut group in groups.into_iter().filter(|group| is_concerned(group.uuid, group.is_default)) {
            group.value.status = status;
            group.value.status_reason = None;
            group.value.updated_at = Some(now());
            tx.update(&group);
        }
        begin(&mut cluster, status);
        cluster.value.upgrading_to = Some(upgrade.template);
        tx.update(&cluster);
        tx.insert(&operation);
        commit(tx, operation.id).await
    }
}

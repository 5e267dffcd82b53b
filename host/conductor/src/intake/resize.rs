//! A group is asked to have another size.

use jeroboam_model::{Action, Cluster, ClusterId, NodeGroupId, Operation, OperationId, OperationKind, Outcome, Status};
use jeroboam_store::Stored;

use super::{Intake, IntakeError, NewRequester, Try, commit, supersede, until_done};
use crate::now::now;
use crate::removals;

/// A group's new size.
#[derive(Clone, Debug)]
pub struct Resize {
    pub cluster: ClusterId,
    pub group: NodeGroupId,
    pub node_count: u32,
    /// Server ids, indexes in the group or private addresses; empty: the driver picks.
    pub nodes_to_remove: Vec<String>,
    /// Whether Heat goes back to the state before, should it fail.
    pub rollback: bool,
    pub via: ResizeVia,
    pub requester: NewRequester,
}

/// Which request it was: they differ in when they are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResizeVia {
    /// `PATCH` of `node_count`: only while the cluster is whole and at rest.
    Update,
    /// `actions/resize`: also while an update is under way, or has failed.
    Resize,
}

impl ResizeVia {
    pub fn allowed(self, status: Status) -> bool {
        status.is_stable() || (self == Self::Resize && matches!(status, Status::UpdateInProgress | Status::UpdateFailed))
    }
}

impl Intake {
    /// Accepts a new size. An unfinished resize of the same group is made pointless by it.
    pub async fn resize(&self, resize: Resize) -> Result<OperationId, IntakeError> {
        until_done(|| self.try_resize(&resize)).await
    }

    async fn try_resize(&self, resize: &Resize) -> Result<Try<OperationId>, IntakeError> {
        let mut cluster = self.cluster(resize.cluster).await?;
        if !resize.via.allowed(cluster.status) {
            return Err(IntakeError::NotAllowed { status: cluster.status });
        }
        // While the upgrade is under way it may still end well, and this one comes after it.
        if cluster.upgrading_to.is_some() && cluster.status == Status::UpdateFailed {
            return Err(IntakeError::HalfUpgraded);
        }
        let groups = self.shared.store.node_groups().of_cluster(resize.cluster).await?;
        let mut group = groups.into_iter().find(|group| group.uuid == resize.group).ok_or(IntakeError::GroupNotFound)?;

        let mut tx = self.shared.store.begin();
        let mut previous = group.node_count;
        let mut leaving = resize.nodes_to_remove.clone();
        for earlier in self.unfinished(resize.cluster).await? {
            if let Some((settled, nodes)) = resizing(&earlier, resize.group) {
                // It may not have reached Heat, so what it was to remove is still to be removed.
                previous = settled;
                leaving = removals::joined(nodes, &leaving);
                supersede(&mut tx, earlier, "A later request gives the group another size");
            }
        }
        let kind = OperationKind::Resize {
            group: resize.group,
            node_count: Some(resize.node_count),
            previous_count: previous,
            nodes_to_remove: leaving,
            rollback: resize.rollback,
        };
        let operation = self.operation(&cluster, kind, &resize.requester)?;
        let (status, now) = (Status::of(Action::Update, Outcome::InProgress), now());
        group.value.node_count = resize.node_count;
        group.value.status = status;
        group.value.status_reason = None;
        group.value.updated_at = Some(now);
        begin(&mut cluster, status);
        tx.update(&group);
        tx.update(&cluster);
        tx.insert(&operation);
        commit(tx, operation.id).await
    }
}

pub(super) fn begin(cluster: &mut Stored<Cluster>, status: Status) {
    cluster.value.status = status;
    cluster.value.status_reason = None;
    cluster.value.updated_at = Some(now());
}

/// The size that the group had before an operation that resizes it, and the nodes that are to leave.
fn resizing(operation: &Operation, resized: NodeGroupId) -> Option<(u32, &[String])> {
    match &operation.kind {
        OperationKind::Resize { group, previous_count, nodes_to_remove, .. } if *group == resized => {
            Some((*previous_count, nodes_to_remove))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_need_a_cluster_that_is_whole_but_a_resize_may_mend_an_update() {
        for status in Status::ALL {
            let mends = matches!(status, Status::UpdateInProgress | Status::UpdateFailed);
            assert_eq!(ResizeVia::Update.allowed(*status), status.is_stable(), "{status}");
            assert_eq!(ResizeVia::Resize.allowed(*status), status.is_stable() || mends, "{status}");
        }
    }
}

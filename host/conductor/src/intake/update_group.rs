//! What a group says of itself, without any effect outside: bounds for automatic scaling, and what its nodes are called.

use std::collections::BTreeMap;

use jeroboam_model::{ClusterId, NodeGroup, NodeGroupId, Taint};
use jeroboam_store::Stored;

use super::{Intake, IntakeError, Try, commit, until_done};
use crate::now::now;

/// What is absent stays as it is.
#[derive(Clone, Debug)]
pub struct GroupUpdate {
    pub cluster: ClusterId,
    pub group: NodeGroupId,
    pub min_node_count: Option<u32>,
    /// `Some(None)`: no limit.
    pub max_node_count: Option<Option<u32>>,
    pub node_labels: Option<BTreeMap<String, String>>,
    pub node_taints: Option<Vec<Taint>>,
}

impl Intake {
    /// Writes it, unless the cluster or the group is on its way out. Answers the group as it is now.
    pub async fn update_group(&self, update: GroupUpdate) -> Result<NodeGroup, IntakeError> {
        until_done(|| self.try_update_group(&update)).await
    }

    async fn try_update_group(&self, update: &GroupUpdate) -> Result<Try<NodeGroup>, IntakeError> {
        let cluster = self.cluster(update.cluster).await?;
        let mut group = self.group(update.cluster, update.group).await?;
        if let Some(status) = [cluster.status, group.status].into_iter().find(|status| status.is_deleting()) {
            return Err(IntakeError::NotAllowed { status });
        }
        if let Some(min) = update.min_node_count {
            group.value.min_node_count = min;
        }
        if let Some(max) = update.max_node_count {
            group.value.max_node_count = max;
        }
        if let Some(labels) = &update.node_labels {
            group.value.node_labels.clone_from(labels);
        }
        if let Some(taints) = &update.node_taints {
            group.value.node_taints.clone_from(taints);
        }
        group.value.updated_at = Some(now());
        let mut tx = self.shared.store.begin();
        tx.update(&group);
        commit(tx, group.value).await
    }

    pub(super) async fn group(&self, cluster: ClusterId, group: NodeGroupId) -> Result<Stored<NodeGroup>, IntakeError> {
        self.shared.store.node_groups().get((cluster, group)).await?.ok_or(IntakeError::GroupNotFound)
    }
}

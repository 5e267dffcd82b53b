//! Node groups. A cluster's lie side by side; their names are unique within it.

use std::borrow::Borrow;

use jeroboam_model::{ClusterId, NodeGroup, NodeGroupId};

use crate::{Indexes, KeyBuf, Range, Record, Shared, StoreError, Stored, Table, view::group_order};

const NAME: &str = "name";

impl Record for NodeGroup {
    const TABLE: &'static str = "node_groups";
    const CACHED: bool = true;
    type Key = (ClusterId, NodeGroupId);

    fn key(&self) -> (ClusterId, NodeGroupId) {
        (self.cluster_id, self.uuid)
    }

    fn indexes(&self, indexes: &mut Indexes) {
        indexes.unique(NAME, KeyBuf::default().uuid(self.cluster_id.0).text(&self.name));
    }
}

impl Table<'_, NodeGroup> {
    /// The default groups first, the masters before the workers, then by name.
    pub async fn of_cluster(&self, cluster: impl Borrow<ClusterId> + Send) -> Result<Vec<Stored<NodeGroup>>, StoreError> {
        let mut groups = self.beginning_with(of_cluster(*cluster.borrow())).await?;
        groups.sort_by(|a, b| group_order(a).cmp(&group_order(b)));
        Ok(groups)
    }

    pub async fn by_name(
        &self,
        cluster: impl Borrow<ClusterId> + Send,
        name: &str,
    ) -> Result<Option<Shared<NodeGroup>>, StoreError> {
        let entries = KeyBuf::index(NodeGroup::TABLE, NAME).uuid(cluster.borrow().0).text(name);
        Ok(self.indexed(Range::all(&entries)).await?.into_iter().next())
    }
}

/// Where the groups of a cluster begin.
pub(crate) fn of_cluster(cluster: ClusterId) -> KeyBuf {
    KeyBuf::table(NodeGroup::TABLE).uuid(cluster.0)
}

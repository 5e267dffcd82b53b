//! Node groups. A cluster's lie side by side; their names are unique within it.

use std::borrow::Borrow;

use jeroboam_model::{ClusterId, NodeGroup, NodeGroupId, ProjectId};

use crate::{Indexes, KeyBuf, Range, Record, Shared, StoreError, Stored, Table, key, view::group_order};

const NAME: &str = "name";
/// By project, with the number of nodes, which can thus be summed up without reading a record.
const NODES: &str = "nodes";

impl Record for NodeGroup {
    const TABLE: &'static str = "node_groups";
    const CACHED: bool = true;
    type Key = (ClusterId, NodeGroupId);

    fn key(&self) -> (ClusterId, NodeGroupId) {
        (self.cluster_id, self.uuid)
    }

    fn indexes(&self, indexes: &mut Indexes) {
        indexes.unique(NAME, KeyBuf::default().uuid(self.cluster_id.0).text(&self.name));
        indexes.add(NODES, KeyBuf::default().text(self.project_id.as_str()).text(&self.node_count.to_string()));
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

    /// How many nodes the project's groups have together, masters included; those of all projects without one.
    pub async fn count_nodes(&self, project: Option<&ProjectId>) -> Result<u64, StoreError> {
        let all = KeyBuf::index(NodeGroup::TABLE, NODES);
        let entries = project.map_or(all.clone(), |project| all.text(project.as_str()));
        let entries = self.store.backend().range(Range::all(&entries)).await?;
        Ok(entries.iter().filter_map(|entry| nodes_of(&entry.key)).sum())
    }
}

/// The number in an entry: after the table, the index and the project.
fn nodes_of(entry: &[u8]) -> Option<u64> {
    std::str::from_utf8(key::parts(entry).nth(3)?).ok()?.parse().ok()
}

/// Where the groups of a cluster begin.
pub(crate) fn of_cluster(cluster: ClusterId) -> KeyBuf {
    KeyBuf::table(NodeGroup::TABLE).uuid(cluster.0)
}

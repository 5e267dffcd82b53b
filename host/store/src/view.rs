//! A cluster with all that belongs to it, as of one instant.

use std::borrow::Borrow;

use jeroboam_model::{Cluster, ClusterId, ClusterTemplate, ClusterView, NodeGroup, Role};

use crate::{Range, Read, Record, Shared, Store, StoreError, record::record_key, tables::node_groups};

/// [`ClusterView`] without copies.
#[derive(Clone, Debug)]
pub struct SharedView {
    pub cluster: Shared<Cluster>,
    pub template: Shared<ClusterTemplate>,
    /// The default groups first, the masters before the workers, then by name.
    pub groups: Vec<Shared<NodeGroup>>,
}

impl Store {
    /// The cluster, its template and its groups, as of one instant.
    pub async fn view(&self, id: impl Borrow<ClusterId> + Send) -> Result<Option<ClusterView>, StoreError> {
        Ok(self.view_shared(id).await?.map(|view| view.to_view()))
    }

    /// As [`Store::view`], without copies of what is in memory already.
    pub async fn view_shared(&self, id: impl Borrow<ClusterId> + Send) -> Result<Option<SharedView>, StoreError> {
        let id = *id.borrow();
        let Some(mut known) = self.clusters().get_arc(id).await? else { return Ok(None) };
        loop {
            // Which template to read is only known from the cluster; should it be another one by now, read again.
            let reads = [
                Read::Key(record_key::<Cluster>(&id).into_bytes()),
                Read::Key(record_key::<ClusterTemplate>(&known.cluster_template_id).into_bytes()),
                Read::Range(Range::all(&node_groups::of_cluster(id))),
            ];
            let found = self.backend().read(&reads).await?;
            let [cluster, template, groups] = found.as_slice() else { return Ok(None) };
            let Some(cluster) = cluster.first() else { return Ok(None) };
            let cluster: Shared<Cluster> = self.cache().decode(cluster)?;
            if cluster.cluster_template_id != known.cluster_template_id {
                known = cluster;
                continue;
            }
            let template = template.first().ok_or_else(|| StoreError::Dangling {
                table: Cluster::TABLE,
                key: id.to_string(),
                missing: format!("template {}", cluster.cluster_template_id),
            })?;
            let mut groups = groups.iter().map(|group| self.cache().decode(group)).collect::<Result<Vec<_>, _>>()?;
            groups.sort_by(|a, b| group_order(a).cmp(&group_order(b)));
            return Ok(Some(SharedView { cluster, template: self.cache().decode(template)?, groups }));
        }
    }
}

impl SharedView {
    /// Nodes of all groups of the role.
    pub fn count(&self, role: Role) -> u32 {
        self.groups.iter().filter(|group| group.role == role).map(|group| group.node_count).sum()
    }

    pub fn to_view(&self) -> ClusterView {
        ClusterView {
            cluster: self.cluster.value.clone(),
            template: self.template.value.clone(),
            groups: self.groups.iter().map(|group| group.value.clone()).collect(),
        }
    }
}

pub(crate) fn group_order(group: &NodeGroup) -> (bool, bool, &str) {
    (!group.is_default, group.role != Role::Master, &group.name)
}

//! A cluster with all that belongs to it, as of one instant.

use std::{borrow::Borrow, collections::BTreeMap, sync::Arc};

use jeroboam_model::{Cluster, ClusterId, ClusterTemplate, ClusterView, NodeGroup, Role, TemplateId};

use crate::{
    Entry, ListQuery, Made, Range, Read, Record, Shared, Store, StoreError, Touches, pages::IndexPage, record::record_key,
    tables::node_groups,
};

/// [`ClusterView`] without copies.
#[derive(Clone, Debug)]
pub struct SharedView {
    pub cluster: Shared<Cluster>,
    pub template: Shared<ClusterTemplate>,
    /// The default groups first, the masters before the workers, then by name.
    pub groups: Arc<[Shared<NodeGroup>]>,
    /// What others have made of it; goes with it.
    pub made: Made,
}

/// A part of a list of views.
#[derive(Clone, Debug)]
pub struct ViewPage {
    pub items: Vec<SharedView>,
    /// Whether there was more when it was read.
    pub more: bool,
}

impl Store {
    /// The cluster, its template and its groups, as of one instant.
    pub async fn view(&self, id: impl Borrow<ClusterId> + Send) -> Result<Option<ClusterView>, StoreError> {
        Ok(self.view_shared(id).await?.map(|view| view.to_view()))
    }

    /// As [`Store::view`], without copies of what is in memory already.
    pub async fn view_shared(&self, id: impl Borrow<ClusterId> + Send) -> Result<Option<SharedView>, StoreError> {
        let id = *id.borrow();
        let touches = self.backend().touches();
        let kept = touches.map(|touches| self.kept_views().each(touches, [record_key::<Cluster>(&id).as_bytes()]));
        if let Some(view) = kept.into_iter().flatten().flatten().next() {
            return Ok(Some(view));
        }
        let as_of = touches.map(Touches::latest);
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
            let view = SharedView {
                cluster,
                template: self.cache().decode(template)?,
                groups: self.groups(groups)?,
                made: Made::default(),
            };
            if let (Some(touches), Some(as_of)) = (touches, as_of) {
                self.kept_views().keep(touches, as_of, &view);
            }
            return Ok(Some(view));
        }
    }

    /// A page of clusters in the order of creation, each as of one instant.
    pub async fn views_page(&self, query: ListQuery<'_, ClusterId>) -> Result<ViewPage, StoreError> {
        let clusters = self.clusters();
        let page = clusters.entries(&query).await?;
        let IndexPage { entries, more } = &*page;
        let touches = self.backend().touches();
        let keys = entries.iter().map(|entry| entry.value.as_ref());
        let mut items = touches.map_or_else(|| vec![None; entries.len()], |touches| self.kept_views().each(touches, keys));
        let missing: Vec<Entry> =
            entries.iter().zip(&items).filter(|(_, view)| view.is_none()).map(|(entry, _)| entry.clone()).collect();
        if !missing.is_empty() {
            let as_of = touches.map(Touches::latest);
            let found: Vec<Shared<Cluster>> = clusters.behind(&missing).await?.into_iter().flatten().collect();
            let mut found = self.views_shared(&found).await?.into_iter().peekable();
            for (entry, item) in entries.iter().zip(&mut items).filter(|(_, item)| item.is_none()) {
                let is_its = |view: &SharedView| record_key::<Cluster>(&view.cluster.uuid).as_bytes() == entry.value;
                *item = found.next_if(is_its);
                if let (Some(touches), Some(as_of), Some(view)) = (touches, as_of, &item) {
                    self.kept_views().keep(touches, as_of, view);
                }
            }
        }
        Ok(ViewPage { items: items.into_iter().flatten().collect(), more: *more })
    }

    /// A page of clusters in the order of something else.
    pub async fn views_page_by<O: Ord>(
        &self,
        query: ListQuery<'_, ClusterId>,
        order: impl Fn(&Cluster) -> O + Send,
    ) -> Result<ViewPage, StoreError> {
        let page = self.clusters().list_by(query, order).await?;
        Ok(ViewPage { items: self.views_shared(&page.items).await?, more: page.more })
    }

    /// Views of clusters that have just been read, in their order, as of one instant: one read for all of them. Each template is read once.
    pub async fn views_shared(&self, clusters: &[Shared<Cluster>]) -> Result<Vec<SharedView>, StoreError> {
        let mut templates: BTreeMap<TemplateId, Option<Shared<ClusterTemplate>>> =
            clusters.iter().map(|cluster| (cluster.cluster_template_id, None)).collect();
        let reads: Vec<Read> = templates
            .keys()
            .map(|template| Read::Key(record_key::<ClusterTemplate>(template).into_bytes()))
            .chain(clusters.iter().map(|cluster| Read::Range(Range::all(&node_groups::of_cluster(cluster.uuid)))))
            .collect();
        let mut found = self.backend().read(&reads).await?.into_iter();
        for template in templates.values_mut() {
            *template =
                found.next().and_then(|found| found.into_iter().next()).map(|entry| self.cache().decode(&entry)).transpose()?;
        }
        let mut views = Vec::with_capacity(clusters.len());
        for (cluster, groups) in clusters.iter().zip(found) {
            match templates.get(&cluster.cluster_template_id).cloned().flatten() {
                Some(template) => {
                    let (cluster, groups) = (cluster.clone(), self.groups(&groups)?);
                    views.push(SharedView { cluster, template, groups, made: Made::default() });
                }
                // Since it was read, the cluster has gone, or has come to another template.
                None => views.extend(self.view_shared(cluster.uuid).await?),
            }
        }
        Ok(views)
    }

    /// Groups in the order in which they are shown.
    fn groups(&self, entries: &[Entry]) -> Result<Arc<[Shared<NodeGroup>]>, StoreError> {
        let mut groups = entries.iter().map(|group| self.cache().decode(group)).collect::<Result<Vec<_>, _>>()?;
        groups.sort_by(|a, b| group_order(a).cmp(&group_order(b)));
        Ok(groups.into())
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

//! Cluster templates. Names need not be unique.

use jeroboam_model::{ClusterTemplate, ProjectId, TemplateId};
use time::OffsetDateTime;

use crate::{
    Indexes, KeyBuf, ListQuery, Listed, Page, Range, Record, Shared, StoreError, Table,
    list::{add_list_indexes, list_of},
};

const NAME: &str = "name";
/// Those that every project sees, in the order of creation.
const PUBLIC: &str = "public";

impl Record for ClusterTemplate {
    const TABLE: &'static str = "templates";
    const CACHED: bool = true;
    type Key = TemplateId;

    fn key(&self) -> TemplateId {
        self.uuid
    }

    fn indexes(&self, indexes: &mut Indexes) {
        add_list_indexes(self, indexes);
        indexes.add(NAME, KeyBuf::default().text(&self.name));
        if self.public && !self.hidden {
            indexes.add(PUBLIC, KeyBuf::default().time(self.created_at));
        }
    }
}

impl Listed for ClusterTemplate {
    fn created_at(&self) -> OffsetDateTime {
        self.created_at
    }

    fn project(&self) -> &ProjectId {
        &self.project_id
    }
}

impl Table<'_, ClusterTemplate> {
    /// All of that name, in all projects.
    pub async fn by_name(&self, name: &str) -> Result<Vec<Shared<ClusterTemplate>>, StoreError> {
        self.indexed(Range::all(&KeyBuf::index(ClusterTemplate::TABLE, NAME).text(name))).await
    }

    /// Those of the project, and those that are public and not hidden; by creation. The query's own project is of no account.
    pub async fn list_visible(
        &self,
        project: &ProjectId,
        query: ListQuery<'_, TemplateId>,
    ) -> Result<Page<ClusterTemplate>, StoreError> {
        self.page(&visible_to(project), &query).await
    }

    /// As [`Table::list_visible`], in another order.
    pub async fn list_visible_by<O: Ord>(
        &self,
        project: &ProjectId,
        query: ListQuery<'_, TemplateId>,
        order: impl Fn(&ClusterTemplate) -> O + Send,
    ) -> Result<Page<ClusterTemplate>, StoreError> {
        self.sorted_page(&visible_to(project), &query, order).await
    }
}

fn visible_to(project: &ProjectId) -> [KeyBuf; 2] {
    [list_of::<ClusterTemplate>(Some(project)), KeyBuf::index(ClusterTemplate::TABLE, PUBLIC)]
}

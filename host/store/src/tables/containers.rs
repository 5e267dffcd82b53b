//! Containers of bays. Names need not be unique.

use std::borrow::Borrow;

use jeroboam_model::{ClusterId, Container, ContainerId, ProjectId};
use time::OffsetDateTime;

use crate::{Indexes, KeyBuf, Listed, Range, Record, Shared, StoreError, Stored, Table, list::add_list_indexes, table::owned};

const NAME: &str = "name";
const CLUSTER: &str = "cluster";

impl Record for Container {
    const TABLE: &'static str = "containers";
    type Key = ContainerId;

    fn key(&self) -> ContainerId {
        self.uuid
    }

    fn indexes(&self, indexes: &mut Indexes) {
        add_list_indexes(self, indexes);
        indexes.add(NAME, KeyBuf::default().text(&self.name));
        indexes.add(CLUSTER, KeyBuf::default().uuid(self.cluster.0));
    }
}

impl Listed for Container {
    fn created_at(&self) -> OffsetDateTime {
        self.created_at
    }

    fn project(&self) -> &ProjectId {
        &self.project_id
    }
}

impl Table<'_, Container> {
    /// All of that name, in all projects.
    pub async fn by_name(&self, name: &str) -> Result<Vec<Shared<Container>>, StoreError> {
        self.indexed(Range::all(&KeyBuf::index(Container::TABLE, NAME).text(name))).await
    }

    /// Of a bay.
    pub async fn of_cluster(&self, cluster: impl Borrow<ClusterId> + Send) -> Result<Vec<Stored<Container>>, StoreError> {
        let entries = KeyBuf::index(Container::TABLE, CLUSTER).uuid(cluster.borrow().0);
        self.indexed(Range::all(&entries)).await.map(owned)
    }
}

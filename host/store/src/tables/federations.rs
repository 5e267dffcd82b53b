//! Federations. Names need not be unique.

use jeroboam_model::{Federation, FederationId, ProjectId};
use time::OffsetDateTime;

use crate::{Indexes, KeyBuf, Listed, Range, Record, Shared, StoreError, Table, list::add_list_indexes};

const NAME: &str = "name";

impl Record for Federation {
    const TABLE: &'static str = "federations";
    type Key = FederationId;

    fn key(&self) -> FederationId {
        self.uuid
    }

    fn indexes(&self, indexes: &mut Indexes) {
        add_list_indexes(self, indexes);
        indexes.add(NAME, KeyBuf::default().text(&self.name));
    }
}

impl Listed for Federation {
    fn created_at(&self) -> OffsetDateTime {
        self.created_at
    }

    fn project(&self) -> &ProjectId {
        &self.project_id
    }
}

impl Table<'_, Federation> {
    /// All of that name, in all projects.
    pub async fn by_name(&self, name: &str) -> Result<Vec<Shared<Federation>>, StoreError> {
        self.indexed(Range::all(&KeyBuf::index(Federation::TABLE, NAME).text(name))).await
    }
}

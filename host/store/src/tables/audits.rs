//! What drivers did to the world outside: the latest first, of a driver or of a cluster; and the oldest, to be removed.

use jeroboam_model::{AuditId, AuditRecord, ClusterId, ProjectId};
use time::OffsetDateTime;

use crate::{
    Direction, Indexes, KeyBuf, ListQuery, Listed, Page, Range, Record, StoreError, Stored, Table,
    list::{add_list_indexes, list_of},
    table::owned,
};

const TABLE: &str = "audits";
const DRIVER: &str = "driver";
const CLUSTER: &str = "cluster";

impl Record for AuditRecord {
    const TABLE: &'static str = TABLE;
    type Key = AuditId;

    fn key(&self) -> AuditId {
        self.id
    }

    fn indexes(&self, indexes: &mut Indexes) {
        add_list_indexes(self, indexes);
        indexes.add(DRIVER, KeyBuf::default().text(&self.driver).time(self.at));
        indexes.add(CLUSTER, KeyBuf::default().uuid(self.cluster.0).time(self.at));
    }
}

impl Listed for AuditRecord {
    fn created_at(&self) -> OffsetDateTime {
        self.at
    }

    fn project(&self) -> &ProjectId {
        &self.project_id
    }
}

impl Table<'_, AuditRecord> {
    /// Of all versions of a driver, the latest first; after `marker`, if there is one.
    pub async fn of_driver(&self, driver: &str, marker: Option<AuditId>, limit: usize) -> Result<Page<AuditRecord>, StoreError> {
        self.page(&[KeyBuf::index(TABLE, DRIVER).text(driver)], &latest(marker, limit)).await
    }

    /// Of a cluster, which may be gone; the latest first.
    pub async fn of_cluster(
        &self,
        cluster: ClusterId,
        marker: Option<AuditId>,
        limit: usize,
    ) -> Result<Page<AuditRecord>, StoreError> {
        self.page(&[KeyBuf::index(TABLE, CLUSTER).uuid(cluster.0)], &latest(marker, limit)).await
    }

    /// Those of before the moment, at most `limit`, the oldest first.
    pub async fn before(&self, moment: OffsetDateTime, limit: usize) -> Result<Vec<Stored<AuditRecord>>, StoreError> {
        let index = list_of::<AuditRecord>(None);
        let range = Range { to: index.clone().time(moment).as_bytes().to_vec(), limit, ..Range::all(&index) };
        Ok(owned(self.indexed(range).await?))
    }

    /// The moment of the record before which there are `kept` later ones; `None` if there are not that many.
    pub async fn kept_since(&self, kept: usize) -> Result<Option<OffsetDateTime>, StoreError> {
        let index = list_of::<AuditRecord>(None);
        let range = Range { limit: kept, direction: Direction::Descending, ..Range::all(&index) };
        let entries = self.store.backend().range(range).await?;
        let Some(oldest) = entries.last().filter(|_| entries.len() == kept) else { return Ok(None) };
        let found = self.behind(std::slice::from_ref(oldest)).await?;
        Ok(found.into_iter().flatten().next().map(|record| record.at))
    }
}

fn latest(marker: Option<AuditId>, limit: usize) -> ListQuery<'static, AuditId> {
    ListQuery { project: None, marker, limit, direction: Direction::Descending }
}

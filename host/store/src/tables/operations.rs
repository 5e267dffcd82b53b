//! Operations: of a cluster in the order in which they were accepted, and those that are not over by when they are due.

use std::borrow::Borrow;

use jeroboam_model::{ClusterId, Operation, OperationId, OperationKind, OperationState, ProjectId};
use time::OffsetDateTime;

use crate::{
    Direction, Indexes, KeyBuf, ListQuery, Listed, Page, Range, Record, StoreError, Stored, Table,
    list::{add_list_indexes, list_of},
    table::owned,
};

pub(crate) const TABLE: &str = "operations";
const CLUSTER: &str = "cluster";
/// Only of those that are not over: by when they are due, then by when they were accepted.
const UNFINISHED: &str = "unfinished";
/// Only of deletions that have been done: by when.
const DELETED: &str = "deleted";

impl Record for Operation {
    const TABLE: &'static str = TABLE;
    type Key = OperationId;

    fn key(&self) -> OperationId {
        self.id
    }

    fn indexes(&self, indexes: &mut Indexes) {
        add_list_indexes(self, indexes);
        indexes.add(CLUSTER, KeyBuf::default().uuid(self.cluster.0).time(self.created_at));
        if !self.state.is_over() {
            let due = self.not_before.unwrap_or(OffsetDateTime::UNIX_EPOCH);
            indexes.add(UNFINISHED, KeyBuf::default().time(due).time(self.created_at));
        }
        if self.kind == OperationKind::Delete && self.state == OperationState::Done {
            indexes.add(DELETED, KeyBuf::default().time(self.updated_at));
        }
    }
}

impl Listed for Operation {
    fn created_at(&self) -> OffsetDateTime {
        self.created_at
    }

    fn project(&self) -> &ProjectId {
        &self.project_id
    }
}

/// How many operations are read at once while those that are wanted are looked for.
const BATCH: usize = 200;

impl Table<'_, Operation> {
    /// A page of those that are wanted: of one cluster, which may be gone, else as the query says.
    pub async fn list_wanted(
        &self,
        cluster: Option<ClusterId>,
        query: ListQuery<'_, OperationId>,
        is_wanted: impl Fn(&Operation) -> bool + Send,
    ) -> Result<Page<Operation>, StoreError> {
        let list = [cluster.map_or_else(|| list_of::<Operation>(query.project), of_cluster)];
        let mut found = Page { items: Vec::new(), more: false };
        let mut next = ListQuery { limit: query.limit.saturating_add(1).max(BATCH), ..query.clone() };
        loop {
            let page = self.page(&list, &next).await?;
            next.marker = page.items.last().map(|last| last.id);
            found.items.extend(page.items.into_iter().filter(|operation| is_wanted(operation)));
            if found.items.len() > query.limit || !page.more {
                found.more = found.items.len() > query.limit;
                found.items.truncate(query.limit);
                return Ok(found);
            }
        }
    }

    /// The oldest first.
    pub async fn of_cluster(&self, cluster: impl Borrow<ClusterId> + Send) -> Result<Vec<Stored<Operation>>, StoreError> {
        Ok(owned(self.indexed(Range::all(&of_cluster(*cluster.borrow()))).await?))
    }

    /// The one accepted last.
    pub async fn latest_of_cluster(
        &self,
        cluster: impl Borrow<ClusterId> + Send,
    ) -> Result<Option<Stored<Operation>>, StoreError> {
        let range = Range { limit: 1, direction: Direction::Descending, ..Range::all(&of_cluster(*cluster.borrow())) };
        Ok(owned(self.indexed(range).await?).pop())
    }

    /// All that are not over, in the order in which they are due: those that wait for no moment first.
    pub async fn unfinished(&self) -> Result<Vec<Stored<Operation>>, StoreError> {
        Ok(owned(self.indexed(Range::all(&KeyBuf::index(TABLE, UNFINISHED))).await?))
    }

    /// Deletions that were done before the moment, at most `limit`, the oldest first.
    pub async fn deleted_before(&self, moment: OffsetDateTime, limit: usize) -> Result<Vec<Stored<Operation>>, StoreError> {
        let index = KeyBuf::index(TABLE, DELETED);
        let range = Range { to: index.clone().time(moment).as_bytes().to_vec(), limit, ..Range::all(&index) };
        Ok(owned(self.indexed(range).await?))
    }

    /// Those that are not over and need not wait any longer, at most `limit`, in the order in which they became due.
    pub async fn due(&self, now: OffsetDateTime, limit: usize) -> Result<Vec<Stored<Operation>>, StoreError> {
        let index = KeyBuf::index(TABLE, UNFINISHED);
        let range = Range { to: index.clone().time(now).end(), limit, ..Range::all(&index) };
        Ok(owned(self.indexed(range).await?))
    }
}

fn of_cluster(cluster: ClusterId) -> KeyBuf {
    KeyBuf::index(TABLE, CLUSTER).uuid(cluster.0)
}

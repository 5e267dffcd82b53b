//! Operations: of a cluster in the order in which they were accepted, and those that are not over by when they are due.

use std::borrow::Borrow;

use jeroboam_model::{ClusterId, Operation, OperationId, OperationKind, OperationState};
use time::OffsetDateTime;

use crate::{Direction, Indexes, KeyBuf, Range, Record, StoreError, Stored, Table, table::owned};

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

impl Table<'_, Operation> {
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

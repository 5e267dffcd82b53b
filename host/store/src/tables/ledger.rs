//! The ledger of external objects. A cluster's lines lie side by side.

use std::borrow::Borrow;

use jeroboam_model::{ClusterId, LedgerEntry};

use crate::{KeyBuf, Record, StoreError, Stored, Table};

impl Record for LedgerEntry {
    const TABLE: &'static str = "ledger";
    type Key = (ClusterId, String);

    fn key(&self) -> (ClusterId, String) {
        (self.cluster, self.object.key())
    }
}

impl Table<'_, LedgerEntry> {
    pub async fn of_cluster(&self, cluster: impl Borrow<ClusterId> + Send) -> Result<Vec<Stored<LedgerEntry>>, StoreError> {
        self.beginning_with(KeyBuf::table(LedgerEntry::TABLE).uuid(cluster.borrow().0)).await
    }
}

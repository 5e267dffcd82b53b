//! Key pairs of clusters, their private halves sealed.

use std::borrow::Borrow;

use jeroboam_model::{CertificateRecord, ClusterId, certificate::Slot};

use crate::{KeyBuf, Record, StoreError, Stored, Table};

impl Record for CertificateRecord {
    const TABLE: &'static str = "certificates";
    const CACHED: bool = true;
    type Key = (ClusterId, String);

    fn key(&self) -> (ClusterId, String) {
        slot_key(self.cluster, self.slot)
    }
}

impl Table<'_, CertificateRecord> {
    pub async fn of_slot(
        &self,
        cluster: impl Borrow<ClusterId> + Send,
        slot: Slot,
    ) -> Result<Option<Stored<CertificateRecord>>, StoreError> {
        self.get(slot_key(*cluster.borrow(), slot)).await
    }

    pub async fn of_cluster(&self, cluster: impl Borrow<ClusterId> + Send) -> Result<Vec<Stored<CertificateRecord>>, StoreError> {
        self.beginning_with(KeyBuf::table(CertificateRecord::TABLE).uuid(cluster.borrow().0)).await
    }
}

fn slot_key(cluster: ClusterId, slot: Slot) -> (ClusterId, String) {
    (cluster, slot.key().to_owned())
}

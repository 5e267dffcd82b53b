//! Key pairs that clients deposit for bays, the private halves sealed. Names need not be unique.

use std::borrow::Borrow;

use jeroboam_model::{ClusterId, ProjectId, X509KeyPair, X509KeyPairId};
use time::OffsetDateTime;

use crate::{Indexes, KeyBuf, Listed, Range, Record, Shared, StoreError, Stored, Table, list::add_list_indexes, table::owned};

const NAME: &str = "name";
const CLUSTER: &str = "cluster";

impl Record for X509KeyPair {
    const TABLE: &'static str = "x509keypairs";
    type Key = X509KeyPairId;

    fn key(&self) -> X509KeyPairId {
        self.uuid
    }

    fn indexes(&self, indexes: &mut Indexes) {
        add_list_indexes(self, indexes);
        indexes.add(NAME, KeyBuf::default().text(&self.name));
        indexes.add(CLUSTER, KeyBuf::default().uuid(self.cluster.0));
    }
}

impl Listed for X509KeyPair {
    fn created_at(&self) -> OffsetDateTime {
        self.created_at
    }

    fn project(&self) -> &ProjectId {
        &self.project_id
    }
}

impl Table<'_, X509KeyPair> {
    /// All of that name, in all projects.
    pub async fn by_name(&self, name: &str) -> Result<Vec<Shared<X509KeyPair>>, StoreError> {
        self.indexed(Range::all(&KeyBuf::index(X509KeyPair::TABLE, NAME).text(name))).await
    }

    /// Of a bay.
    pub async fn of_cluster(&self, cluster: impl Borrow<ClusterId> + Send) -> Result<Vec<Stored<X509KeyPair>>, StoreError> {
        let entries = KeyBuf::index(X509KeyPair::TABLE, CLUSTER).uuid(cluster.borrow().0);
        self.indexed(Range::all(&entries)).await.map(owned)
    }
}

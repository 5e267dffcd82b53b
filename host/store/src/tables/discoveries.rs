//! Discoveries of etcd members, by their tokens; and those of a cluster or of a project.

use std::borrow::Borrow;

use jeroboam_model::{
    ClusterId, ProjectId,
    discovery::{Discovery, DiscoveryOwner, DiscoveryToken},
};

use crate::{Indexes, KeyBuf, Range, Record, StoreError, StoreKey, Stored, Table, table::owned};

const TABLE: &str = "discoveries";
const CLUSTER: &str = "cluster";
const PROJECT: &str = "project";

impl Record for Discovery {
    const TABLE: &'static str = TABLE;
    type Key = DiscoveryToken;

    fn key(&self) -> DiscoveryToken {
        self.token
    }

    fn indexes(&self, indexes: &mut Indexes) {
        match &self.owner {
            DiscoveryOwner::Cluster(cluster) => indexes.add(CLUSTER, KeyBuf::default().uuid(cluster.0)),
            DiscoveryOwner::Project { id, .. } => indexes.add(PROJECT, KeyBuf::default().text(id.as_str())),
        }
    }
}

impl StoreKey for DiscoveryToken {
    fn write(&self, key: KeyBuf) -> KeyBuf {
        key.text(&self.to_string())
    }
}

impl Table<'_, Discovery> {
    pub async fn of_cluster(&self, cluster: impl Borrow<ClusterId> + Send) -> Result<Vec<Stored<Discovery>>, StoreError> {
        let index = KeyBuf::index(TABLE, CLUSTER).uuid(cluster.borrow().0);
        Ok(owned(self.indexed(Range::all(&index)).await?))
    }

    /// Those that somebody of the project asked for; some may be over.
    pub async fn of_project(&self, project: &ProjectId) -> Result<Vec<Stored<Discovery>>, StoreError> {
        let index = KeyBuf::index(TABLE, PROJECT).text(project.as_str());
        Ok(owned(self.indexed(Range::all(&index)).await?))
    }
}

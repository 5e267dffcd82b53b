//! What a driver last defined for a cluster or a group, and what it read to do so: enough to ask another version the same without a cloud.

use std::borrow::Borrow;

use jeroboam_model::{
    ClusterId,
    driver::{Digest, StackDefinition, StackScope},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

use crate::{Entry, Indexes, KeyBuf, Range, Record, StoreError, Stored, Table, key::describe_record};

/// By the version that defined it.
const VERSION: &str = "version";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    pub cluster: ClusterId,
    pub scope: StackScope,
    pub driver: String,
    pub driver_version: String,
    pub driver_digest: Digest,
    /// Names secrets, holds none.
    pub definition: StackDefinition,
    /// The answers that the driver was given, in their order, as `jeroboam-plugins` writes them.
    pub reads: serde_json::Value,
    #[serde(with = "time::serde::rfc3339")]
    pub recorded_at: OffsetDateTime,
}

impl Record for Recording {
    const TABLE: &'static str = "recordings";
    type Key = (ClusterId, String);

    fn key(&self) -> (ClusterId, String) {
        (self.cluster, scope_key(self.scope))
    }

    fn indexes(&self, indexes: &mut Indexes) {
        indexes.add(VERSION, KeyBuf::default().text(&self.driver_digest.to_string()));
    }
}

impl Table<'_, Recording> {
    /// Of one stack.
    pub async fn of_scope(&self, cluster: ClusterId, scope: StackScope) -> Result<Option<Stored<Recording>>, StoreError> {
        self.get((cluster, scope_key(scope))).await
    }

    /// The clusters with a stack that the version defined, each once for each such stack.
    pub async fn clusters_of(&self, version: impl Borrow<Digest> + Send) -> Result<Vec<ClusterId>, StoreError> {
        let entries = Range::all(&KeyBuf::index(Recording::TABLE, VERSION).text(&version.borrow().to_string()));
        // From the keys alone: definitions are large.
        let keys = self.store.backend().range(entries).await?;
        let cluster = |entry: &Entry| describe_record(Recording::TABLE, &entry.value).split('/').next()?.parse().ok();
        Ok(keys.iter().filter_map(cluster).collect())
    }

    pub async fn of_cluster(&self, cluster: impl Borrow<ClusterId> + Send) -> Result<Vec<Stored<Recording>>, StoreError> {
        self.beginning_with(KeyBuf::table(Recording::TABLE).uuid(cluster.borrow().0)).await
    }
}

/// What a cluster's recordings are, in a word: another as soon as one of them is made again, or comes, or goes.
pub fn fingerprint(recordings: &[Stored<Recording>]) -> String {
    let mut hash = Sha256::new();
    for recording in recordings {
        let at = recording.recorded_at.unix_timestamp_nanos();
        hash.update(format!("{} {} {at};", scope_key(recording.scope), recording.driver_digest));
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn scope_key(scope: StackScope) -> String {
    match scope {
        StackScope::Cluster => "cluster".to_owned(),
        StackScope::NodeGroup(group) => group.to_string(),
    }
}

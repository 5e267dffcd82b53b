//! What a driver last defined for a cluster or a group, and what it read to do so: enough to ask another version the same without a cloud. Templates and scripts are
//! kept [once](crate::Whole) for all recordings that have them.

use std::{borrow::Borrow, collections::BTreeSet};

use jeroboam_model::{
    ClusterId,
    driver::{Digest, StackDefinition, StackScope, Text},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

use crate::{
    Entry, Indexes, KeyBuf, Range, Record, StoreError, Stored, Table, Whole,
    key::describe_record,
    whole::{DefinitionRow, TextRef, Texts, add_references, with_inline_texts},
};

/// By the version that defined it.
const VERSION: &str = "version";

#[derive(Clone, Debug, PartialEq)]
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
    pub recorded_at: OffsetDateTime,
}

/// A recording as its table holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordingRow {
    cluster: ClusterId,
    scope: StackScope,
    driver: String,
    driver_version: String,
    driver_digest: Digest,
    definition: DefinitionRow,
    /// As JSON: what is answered about images and flavors is much the same for the clusters of a template.
    reads: TextRef,
    #[serde(with = "time::serde::rfc3339")]
    recorded_at: OffsetDateTime,
}

impl Record for RecordingRow {
    const TABLE: &'static str = "recordings";
    /// 1 had its texts in it.
    const VERSION: u32 = 2;
    type Key = (ClusterId, String);

    fn key(&self) -> (ClusterId, String) {
        (self.cluster, scope_key(self.scope))
    }

    fn indexes(&self, indexes: &mut Indexes) {
        indexes.add(VERSION, KeyBuf::default().text(&self.driver_digest.to_string()));
        add_references(Recording::references(self), indexes);
    }

    fn migrate(from: u32, row: serde_json::Value) -> Option<serde_json::Value> {
        (from == 1).then(|| with_inline_texts(row))
    }
}

impl Whole for Recording {
    type Row = RecordingRow;

    fn take_apart(&self, texts: &mut Vec<Text>) -> RecordingRow {
        RecordingRow {
            cluster: self.cluster,
            scope: self.scope,
            driver: self.driver.clone(),
            driver_version: self.driver_version.clone(),
            driver_digest: self.driver_digest,
            definition: DefinitionRow::of(&self.definition, texts),
            reads: TextRef::of_json(&self.reads, texts),
            recorded_at: self.recorded_at,
        }
    }

    fn references(row: &RecordingRow) -> BTreeSet<Digest> {
        row.definition.references(&row.reads)
    }

    fn put_together(row: RecordingRow, texts: &Texts) -> Result<Self, Digest> {
        Ok(Self {
            cluster: row.cluster,
            scope: row.scope,
            driver: row.driver,
            driver_version: row.driver_version,
            driver_digest: row.driver_digest,
            definition: row.definition.definition(texts)?,
            reads: row.reads.json(texts)?,
            recorded_at: row.recorded_at,
        })
    }
}

impl Table<'_, Recording> {
    /// Of one stack.
    pub async fn of_scope(&self, cluster: ClusterId, scope: StackScope) -> Result<Option<Stored<Recording>>, StoreError> {
        self.whole((cluster, scope_key(scope))).await
    }

    /// The clusters with a stack that the version defined, each once for each such stack.
    pub async fn clusters_of(&self, version: impl Borrow<Digest> + Send) -> Result<Vec<ClusterId>, StoreError> {
        let entries = Range::all(&KeyBuf::index(RecordingRow::TABLE, VERSION).text(&version.borrow().to_string()));
        // From the keys alone: definitions are large.
        let keys = self.store.backend().range(entries).await?;
        let cluster = |entry: &Entry| describe_record(RecordingRow::TABLE, &entry.value).split('/').next()?.parse().ok();
        Ok(keys.iter().filter_map(cluster).collect())
    }

    pub async fn of_cluster(&self, cluster: impl Borrow<ClusterId> + Send) -> Result<Vec<Stored<Recording>>, StoreError> {
        self.whole_beginning_with(KeyBuf::table(RecordingRow::TABLE).uuid(cluster.borrow().0)).await
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

//! What a table holds.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
};

use serde::{Serialize, de::DeserializeOwned};

use crate::{KeyBuf, Revision, StoreKey};

/// Something that a table holds. Each table's is in the file of its name in [`crate::tables`].
pub trait Record: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The table's name: part of every key and message.
    const TABLE: &'static str;
    /// Of the shape. Raised by a change that the records before it cannot be read with.
    const VERSION: u32 = 1;
    /// Whether decoded values are worth keeping: read often, changed rarely.
    const CACHED: bool = false;

    type Key: StoreKey;

    fn key(&self) -> Self::Key;

    /// Names the entries by which this record is found other than by its key. Depends on nothing but the record.
    fn indexes(&self, _indexes: &mut Indexes) {}

    /// Turns the JSON of shape `from` into that of the present one; `None` if that shape is not read any more.
    fn migrate(_from: u32, _value: serde_json::Value) -> Option<serde_json::Value> {
        None
    }
}

/// A record as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored<T> {
    pub value: T,
    /// What a change compares with.
    pub revision: Revision,
}

/// A record that readers share.
pub type Shared<T> = Arc<Stored<T>>;

/// Collects a record's index entries.
#[derive(Debug)]
pub struct Indexes {
    table: &'static str,
    /// The parts of the record's key.
    primary: Vec<u8>,
    entries: Vec<IndexEntry>,
}

/// An entry of an index. Its value is the key of the record.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IndexEntry {
    pub key: Vec<u8>,
    pub index: &'static str,
    /// No two records may have it.
    pub unique: bool,
}

impl<T> Stored<T> {
    /// Another value for the same record, to be compared with what was read.
    #[must_use]
    pub fn with(&self, value: T) -> Self {
        Self { value, revision: self.revision }
    }
}

impl Indexes {
    /// Finds the record under these parts, among others that have the same, in the order of their keys.
    pub fn add(&mut self, index: &'static str, parts: KeyBuf) {
        let key = KeyBuf::index(self.table, index).append(parts.as_bytes()).append(&self.primary);
        self.entries.push(IndexEntry { key: key.into_bytes(), index, unique: false });
    }

    /// Finds the record under these parts, and lets no other have them.
    pub fn unique(&mut self, index: &'static str, parts: KeyBuf) {
        let key = KeyBuf::index(self.table, index).append(parts.as_bytes());
        self.entries.push(IndexEntry { key: key.into_bytes(), index, unique: true });
    }

    pub(crate) fn of<T: Record>(record: &T) -> Vec<IndexEntry> {
        let primary = record.key().write(KeyBuf::default()).into_bytes();
        let mut indexes = Self { table: T::TABLE, primary, entries: Vec::new() };
        record.indexes(&mut indexes);
        indexes.entries
    }
}

/// The whole key of a record.
pub(crate) fn record_key<T: Record>(key: &T::Key) -> KeyBuf {
    key.write(KeyBuf::table(T::TABLE))
}

impl<T> Deref for Stored<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Stored<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

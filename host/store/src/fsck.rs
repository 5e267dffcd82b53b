//! Compares the indexes with the records.

use std::collections::BTreeMap;

use crate::{
    DecodeError, Entry, Range, Read, Store, StoreError,
    key::{KeyBuf, describe},
    tables::{self, AnyTable},
};

/// How the indexes stand to the records. All is well if the last four lists are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexReport {
    pub records: usize,
    pub entries: usize,
    /// Entries that records should have, and have not.
    pub missing: Vec<String>,
    /// Entries that no record has.
    pub stray: Vec<String>,
    /// Entries that point to another record than the one that has them.
    pub misdirected: Vec<String>,
    /// Records in tables that this version does not know.
    pub unknown: Vec<String>,
}

impl IndexReport {
    pub fn is_sound(&self) -> bool {
        self.missing.is_empty() && self.stray.is_empty() && self.misdirected.is_empty() && self.unknown.is_empty()
    }
}

impl Store {
    /// Derives the index entries of all records anew, as of one instant, and compares them with those that are there.
    pub async fn check_indexes(&self) -> Result<IndexReport, StoreError> {
        let reads = [Read::Range(Range::all(&KeyBuf::all_tables())), Read::Range(Range::all(&KeyBuf::all_indexes()))];
        let found = self.backend().read(&reads).await?;
        let [records, entries] = found.as_slice() else { return Ok(IndexReport::default()) };
        let mut report = IndexReport { records: records.len(), entries: entries.len(), ..IndexReport::default() };
        let mut expected = BTreeMap::new();
        for record in records {
            match derive(record) {
                None => report.unknown.push(describe(&record.key)),
                Some(keys) => expected.extend(keys?.into_iter().map(|key| (key, record.key.clone()))),
            }
        }
        for entry in entries {
            match expected.remove(entry.key.as_ref()) {
                None => report.stray.push(describe(&entry.key)),
                Some(record) if record != entry.value => report.misdirected.push(describe(&entry.key)),
                Some(_) => {}
            }
        }
        report.missing = expected.keys().map(|key| describe(key)).collect();
        Ok(report)
    }
}

/// The keys of the index entries that a record has. `None` if its table is not known.
pub(crate) fn derive(record: &Entry) -> Option<Result<Vec<Vec<u8>>, DecodeError>> {
    let table = table_of(&record.key)?;
    let entries = (table.entries_of)(&record.key, &record.value);
    Some(entries.map(|entries| entries.into_iter().map(|entry| entry.key).collect()))
}

pub(crate) fn table_of(key: &[u8]) -> Option<&'static AnyTable> {
    tables::ALL.iter().find(|table| key.starts_with(KeyBuf::table(table.name).as_bytes()))
}

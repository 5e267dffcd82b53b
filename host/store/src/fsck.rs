//! Compares the indexes with the records, and the texts with the rows that refer to them.

use std::collections::{BTreeMap, BTreeSet};

use jeroboam_model::driver::Digest;

use crate::{
    KeptText, Range, Read, Record, Store, StoreError,
    key::{KeyBuf, describe},
    record::record_key,
    tables::{
        self, AnyTable,
        texts::{DIGEST, REFERENCE, digest_in},
    },
};

/// How the records, the indexes and the texts stand to each other. All is well if all lists but the last are empty.
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
    /// Texts that records refer to, and that are not there.
    pub missing_texts: Vec<Digest>,
    /// Texts that are not what their digests say.
    pub damaged_texts: Vec<String>,
    /// Texts that no record refers to: they go with the next sweep.
    pub unreferenced_texts: Vec<Digest>,
}

impl IndexReport {
    pub fn is_sound(&self) -> bool {
        [&self.missing, &self.stray, &self.misdirected, &self.unknown, &self.damaged_texts].iter().all(|list| list.is_empty())
            && self.missing_texts.is_empty()
    }
}

impl Store {
    /// Derives the index entries of all records anew, as of one instant, and compares them with those that are there; so with the texts that they refer to.
    pub async fn check_indexes(&self) -> Result<IndexReport, StoreError> {
        let reads = [Read::Range(Range::all(&KeyBuf::all_tables())), Read::Range(Range::all(&KeyBuf::all_indexes()))];
        let found = self.backend().read(&reads).await?;
        let [records, entries] = found.as_slice() else { return Ok(IndexReport::default()) };
        let mut report = IndexReport { records: records.len(), entries: entries.len(), ..IndexReport::default() };
        let mut expected = BTreeMap::new();
        let (mut wanted, mut kept) = (BTreeSet::new(), BTreeSet::new());
        for record in records {
            let Some(table) = table_of(&record.key) else {
                report.unknown.push(describe(&record.key));
                continue;
            };
            let keys = table.index_keys(record)?;
            wanted.extend(keys.iter().filter_map(|key| digest_in(table.name, REFERENCE, key)));
            // The index has the digest that the text has; the record's key, the one that it should have.
            for digest in keys.iter().filter_map(|key| digest_in(KeptText::TABLE, DIGEST, key)) {
                if record_key::<KeptText>(&digest).as_bytes() == &*record.key {
                    kept.insert(digest);
                } else {
                    report.damaged_texts.push(describe(&record.key));
                }
            }
            expected.extend(keys.into_iter().map(|key| (key, record.key.clone())));
        }
        report.missing_texts = wanted.difference(&kept).copied().collect();
        report.unreferenced_texts = kept.difference(&wanted).copied().collect();
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

/// The table that the record is in. `None` if it is not known.
pub(crate) fn table_of(key: &[u8]) -> Option<&'static AnyTable> {
    tables::ALL.iter().find(|table| key.starts_with(KeyBuf::table(table.name).as_bytes()))
}

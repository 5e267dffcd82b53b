//! Writing: several records with their index entries, all or nothing.

use std::{
    collections::{HashMap, HashSet},
    time::Instant,
};

use jeroboam_model::driver::{Digest, Text};

use crate::{
    BackendError, Batch, Check, CommitError, CommitFailure, DecodeError, Entry, IndexEntry, Indexes, KeyBuf, Read, Record,
    Revision, Store, StoreError, Stored, Whole, codec,
    key::{describe, describe_record},
    record::record_key,
    tables::{self, EntriesOf, KeptText},
};

/// So often a blind write is tried again because somebody else wrote the same record at the same time.
const BLIND_TRIES: usize = 32;

/// Writes that happen together. Each record may occur once.
#[must_use = "nothing is written before `commit`"]
pub struct Transaction {
    store: Store,
    changes: Vec<Change>,
    vacancies: Vec<Vacancy>,
    /// Texts that are among the changes.
    texts: HashSet<Digest>,
    /// Whether the commit is announced, though it adds no operation.
    wakes: bool,
}

struct Change {
    table: &'static str,
    key: Vec<u8>,
    guard: Guard,
    write: Write,
    /// Index entries of the record that is there now.
    entries_of: EntriesOf,
}

/// What must be true of the record that is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guard {
    Absent,
    Unchanged(Revision),
    None,
}

enum Write {
    Put {
        value: Result<Vec<u8>, serde_json::Error>,
        entries: Vec<IndexEntry>,
    },
    /// Written if it is not there. Encoded only then: most are there.
    Keep(Text),
    Remove,
    Nothing,
}

/// A part of an index that must have no entries.
struct Vacancy {
    table: &'static str,
    index: &'static str,
    under: KeyBuf,
}

/// What a check of the batch was for.
enum Purpose {
    Record(usize),
    Unique(&'static str, IndexEntry),
    Vacancy(usize),
}

impl Transaction {
    pub(crate) fn new(store: Store) -> Self {
        Self { store, changes: Vec::new(), vacancies: Vec::new(), texts: HashSet::new(), wakes: false }
    }

    /// Wakes those who wait for operations, as adding one does.
    pub fn wake(&mut self) {
        self.wakes = true;
    }

    /// Writes a new record; [`CommitError::Exists`] if it is there.
    pub fn insert<T: Record>(&mut self, record: &T) {
        self.change::<T>(&record.key(), Guard::Absent, put(record));
    }

    /// Writes a record that has not been changed by anybody since it was read; else [`CommitError::Conflict`].
    pub fn update<T: Record>(&mut self, record: &Stored<T>) {
        self.change::<T>(&record.key(), Guard::Unchanged(record.revision), put(&record.value));
    }

    /// Writes a record whatever was there. For what has one writer only.
    pub fn put<T: Record>(&mut self, record: &T) {
        self.change::<T>(&record.key(), Guard::None, put(record));
    }

    /// As [`Transaction::put`], of what is kept apart: with it come those of its texts that are not there yet, and the others stay.
    pub fn put_whole<W: Whole>(&mut self, value: &W) {
        let mut texts = Vec::new();
        self.put(&value.take_apart(&mut texts));
        for text in texts {
            let digest = *text.digest();
            if self.texts.insert(digest) {
                self.change::<KeptText>(&digest, Guard::None, Write::Keep(text));
            }
        }
    }

    /// As [`Transaction::remove`], of what is kept apart. Texts that nothing refers to any more go when they are [swept](Table::forget_unreferenced).
    pub fn remove_whole<W: Whole>(&mut self, value: &Stored<W>) {
        self.remove(&row(value));
    }

    /// As [`Transaction::require`], of what is kept apart.
    pub fn require_whole<W: Whole>(&mut self, value: &Stored<W>) {
        self.require(&row(value));
    }

    /// Removes a record that has not been changed since it was read.
    pub fn remove<T: Record>(&mut self, record: &Stored<T>) {
        self.change::<T>(&record.key(), Guard::Unchanged(record.revision), Write::Remove);
    }

    /// Requires that a record, which this transaction does not write, has not been changed since it was read.
    pub fn require<T: Record>(&mut self, record: &Stored<T>) {
        self.change::<T>(&record.key(), Guard::Unchanged(record.revision), Write::Nothing);
    }

    /// Requires that no record is found under these parts of the index; else [`CommitError::Conflict`].
    pub(crate) fn require_none<T: Record>(&mut self, index: &'static str, parts: &KeyBuf) {
        let under = KeyBuf::index(T::TABLE, index).append(parts.as_bytes());
        self.vacancies.push(Vacancy { table: T::TABLE, index, under });
    }

    /// Writes it all, on disk when this returns. Once begun it may be written even if the caller goes away.
    pub async fn commit(self) -> Result<(), CommitError> {
        let (began, store) = (Instant::now(), self.store.clone());
        let outcome = self.write().await;
        store.metrics().committed(&outcome, began.elapsed());
        outcome
    }

    async fn write(self) -> Result<(), CommitError> {
        self.check_keys()?;
        for _ in 0..BLIND_TRIES {
            let (batch, purposes) = self.batch(&self.present().await?)?;
            match self.store.backend().commit(batch).await {
                Ok(revision) => {
                    self.announce(revision);
                    return Ok(());
                }
                Err(CommitFailure::Backend(error)) => return Err(error.into()),
                Err(CommitFailure::Check(place)) => match purposes.get(place) {
                    Some(Purpose::Record(place)) if self.is_blind(*place) => {}
                    Some(purpose) => return Err(self.refusal(purpose)),
                    None => break,
                },
            }
        }
        Err(self.changes.first().map_or_else(|| BackendError::Stopped.into(), Change::conflict))
    }

    fn change<T: Record>(&mut self, key: &T::Key, guard: Guard, write: Write) {
        let key = record_key::<T>(key).into_bytes();
        self.changes.push(Change { table: T::TABLE, key, guard, write, entries_of: entries_of::<T> });
    }

    fn check_keys(&self) -> Result<(), CommitError> {
        let mut seen = HashSet::new();
        match self.changes.iter().find(|change| !seen.insert(&change.key)) {
            Some(change) => Err(StoreError::Repeated { table: change.table, key: change.describe() }.into()),
            None => Ok(()),
        }
    }

    /// The records that are to be changed, as they are now.
    async fn present(&self) -> Result<Vec<Option<Entry>>, CommitError> {
        let reads: Vec<Read> = self.changes.iter().map(|change| Read::Key(change.key.clone())).collect();
        let found = self.store.backend().read(&reads).await?;
        Ok(found.into_iter().map(|found| found.into_iter().next()).collect())
    }

    fn batch(&self, present: &[Option<Entry>]) -> Result<(Batch, Vec<Purpose>), CommitError> {
        let mut batch = Batch::default();
        let mut purposes = Vec::new();
        let mut added: HashMap<IndexEntry, &Change> = HashMap::new();
        let mut dropped: HashMap<IndexEntry, &Change> = HashMap::new();
        for (place, (change, present)) in self.changes.iter().zip(present).enumerate() {
            let found = present.as_ref().map(|entry| entry.revision);
            change.check(found)?;
            batch.checks.push(Check::Revision { key: change.key.clone(), expected: found });
            purposes.push(Purpose::Record(place));
            let fresh;
            let (value, entries) = match &change.write {
                Write::Nothing => continue,
                Write::Keep(_) if present.is_some() => continue,
                Write::Remove => (None, &[][..]),
                Write::Put { value, entries } => (Some(value), entries.as_slice()),
                Write::Keep(text) => {
                    let record = KeptText { text: text.clone() };
                    fresh = (codec::encode(&record), Indexes::of(&record));
                    (Some(&fresh.0), fresh.1.as_slice())
                }
            };
            if let Some(entry) = present {
                dropped.extend((change.entries_of)(&entry.key, &entry.value)?.into_iter().map(|entry| (entry, change)));
            }
            match value {
                None => batch.deletes.push(change.key.clone()),
                Some(value) => {
                    let value = value.as_ref().map_err(|source| change.unwritable(source))?;
                    batch.puts.push((change.key.clone(), value.clone()));
                }
            }
            for entry in entries {
                if let Some(other) = added.insert(entry.clone(), change) {
                    return Err(taken(other.table, entry));
                }
            }
        }
        for (entry, change) in &added {
            match dropped.get(entry) {
                Some(before) if before.key == change.key => continue,
                // Passes from one record to another.
                Some(_) => {}
                None if entry.unique => {
                    batch.checks.push(Check::Revision { key: entry.key.clone(), expected: None });
                    purposes.push(Purpose::Unique(change.table, entry.clone()));
                }
                None => {}
            }
            batch.puts.push((entry.key.clone(), change.key.clone()));
        }
        batch.deletes.extend(dropped.into_keys().filter(|entry| !added.contains_key(entry)).map(|entry| entry.key));
        for (place, vacancy) in self.vacancies.iter().enumerate() {
            batch.checks.push(Check::Empty { from: vacancy.under.as_bytes().to_vec(), to: vacancy.under.end() });
            purposes.push(Purpose::Vacancy(place));
        }
        Ok((batch, purposes))
    }

    fn is_blind(&self, place: usize) -> bool {
        self.changes.get(place).is_some_and(|change| change.guard == Guard::None)
    }

    fn refusal(&self, purpose: &Purpose) -> CommitError {
        let stopped = || BackendError::Stopped.into();
        match purpose {
            Purpose::Record(place) => self.changes.get(*place).map_or_else(stopped, Change::conflict),
            Purpose::Unique(table, entry) => taken(table, entry),
            Purpose::Vacancy(place) => self.vacancies.get(*place).map_or_else(stopped, |vacancy| CommitError::Conflict {
                table: vacancy.table,
                key: describe_index(vacancy.table, vacancy.index, vacancy.under.as_bytes()),
            }),
        }
    }

    fn announce(&self, revision: Revision) {
        let is_new_operation = |change: &Change| change.table == tables::operations::TABLE && change.guard == Guard::Absent;
        if self.wakes || self.changes.iter().any(is_new_operation) {
            self.store.announce(revision);
        }
    }
}

impl Change {
    fn check(&self, found: Option<Revision>) -> Result<(), CommitError> {
        match self.guard {
            Guard::Absent if found.is_some() => Err(self.conflict()),
            Guard::Unchanged(revision) if found != Some(revision) => Err(self.conflict()),
            _ => Ok(()),
        }
    }

    fn conflict(&self) -> CommitError {
        let (table, key) = (self.table, self.describe());
        if self.guard == Guard::Absent { CommitError::Exists { table, key } } else { CommitError::Conflict { table, key } }
    }

    fn unwritable(&self, source: &serde_json::Error) -> StoreError {
        // The error itself stays with the transaction, which may be tried again.
        let source = <serde_json::Error as serde::ser::Error>::custom(source);
        StoreError::Encode { table: self.table, key: self.describe(), source }
    }

    fn describe(&self) -> String {
        describe_record(self.table, &self.key)
    }
}

fn row<W: Whole>(value: &Stored<W>) -> Stored<W::Row> {
    Stored { value: value.value.take_apart(&mut Vec::new()), revision: value.revision }
}

fn put<T: Record>(record: &T) -> Write {
    Write::Put { value: codec::encode(record), entries: Indexes::of(record) }
}

pub(crate) fn entries_of<T: Record>(key: &[u8], value: &[u8]) -> Result<Vec<IndexEntry>, DecodeError> {
    Ok(Indexes::of(&codec::decode::<T>(key, value)?))
}

fn taken(table: &'static str, entry: &IndexEntry) -> CommitError {
    CommitError::Exists { table, key: describe_index(table, entry.index, &entry.key) }
}

fn describe_index(table: &str, index: &str, key: &[u8]) -> String {
    let parts = describe(key.strip_prefix(KeyBuf::index(table, index).as_bytes()).unwrap_or(key));
    format!("with {index} {parts}")
}

//! The interface to what keeps the bytes.

mod memory;
mod sled;
mod touches;

use std::{error::Error, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;

pub use self::{
    memory::MemoryBackend,
    sled::SledBackend,
    touches::{Place, Touches},
};

/// Counts commits. An entry's revision is that of the commit that wrote it last; no two commits have the same, so an entry that was removed and
/// made again has another revision than before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u64);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: Bytes,
    pub value: Bytes,
    pub revision: Revision,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    #[default]
    Ascending,
    Descending,
}

/// Entries with `from <= key < to`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Range {
    pub from: Vec<u8>,
    pub to: Vec<u8>,
    /// At most so many, counted from the end that the direction begins at.
    pub limit: usize,
    pub direction: Direction,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    Key(Vec<u8>),
    Range(Range),
}

/// What must be so for a batch to be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// The entry has this revision; `None`: there is no such entry.
    Revision { key: Vec<u8>, expected: Option<Revision> },
    /// There is no entry with `from <= key < to`.
    Empty { from: Vec<u8>, to: Vec<u8> },
}

/// Writes that happen together or not at all. No key may be written twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    pub checks: Vec<Check>,
    pub puts: Vec<(Vec<u8>, Vec<u8>)>,
    pub deletes: Vec<Vec<u8>>,
}

/// Why a batch was not applied.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CommitFailure {
    /// The check at this place in [`Batch::checks`] does not hold. Nothing was written.
    #[error("check {0} of the batch does not hold")]
    Check(usize),
    /// Whether it was written is not known.
    #[error("the batch could not be written")]
    Backend(#[from] BackendError),
}

/// The store itself fails: the host's fault, or its disk's.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BackendError {
    #[error("the store cannot {operation}")]
    Failed { operation: &'static str, source: Arc<dyn Error + Send + Sync> },
    #[error("the store's entry {key} is damaged: {what}; restore the store from an export")]
    Damaged { key: String, what: &'static str },
    #[error(
        "the store takes no more writes since one failed; see the log for the first failure, mend the disk, restart the service"
    )]
    Stopped,
    #[error("keys begin with a byte above 0; this one does not: {key}")]
    Key { key: String },
}

/// Keeps entries in the order of their keys. Keys begin with a byte above 0.
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    async fn get(&self, key: &[u8]) -> Result<Option<(Bytes, Revision)>, BackendError>;

    /// Answers all reads as of one instant.
    async fn read(&self, reads: &[Read]) -> Result<Vec<Vec<Entry>>, BackendError>;

    /// Applies a batch. It is on disk before this returns, and is applied even if the caller does not wait for that. Readers may see it a moment earlier.
    async fn commit(&self, batch: Batch) -> Result<Revision, CommitFailure>;

    /// What was written lately; `None` if others may write too.
    fn touches(&self) -> Option<&Touches> {
        None
    }

    async fn range(&self, range: Range) -> Result<Vec<Entry>, BackendError> {
        Ok(self.read(&[Read::Range(range)]).await?.into_iter().next().unwrap_or_default())
    }
}

impl Range {
    /// Everything that begins with the key, in ascending order.
    pub fn all(prefix: &crate::KeyBuf) -> Self {
        Self { from: prefix.as_bytes().to_vec(), to: prefix.end(), limit: usize::MAX, direction: Direction::Ascending }
    }
}

impl BackendError {
    fn failed(operation: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Failed { operation, source: Arc::from(source.into()) }
    }
}

impl Batch {
    fn keys(&self) -> impl Iterator<Item = &[u8]> {
        self.puts.iter().map(|(key, _)| key.as_slice()).chain(self.deletes.iter().map(Vec::as_slice))
    }

    /// The rule of keys, kept by every backend.
    fn check_keys(&self) -> Result<(), BackendError> {
        match self.keys().find(|key| key.first().is_none_or(|first| *first == 0)) {
            Some(key) => Err(BackendError::Key { key: crate::key::describe(key) }),
            None => Ok(()),
        }
    }
}

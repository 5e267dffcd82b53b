//! sled: one host, nothing to install.
//!
//! Everything is in one tree, so that a batch is atomic. A thread of its own writes: it is the only writer (sled locks the directory), so a check that it makes
//! holds until it applies the batch. It takes all commits that wait, applies them one after the other, puts them on disk with one flush, and then acknowledges
//! them all.

mod disk;
mod writer;

use std::{
    fs::{DirBuilder, File},
    io,
    path::Path,
    sync::{Arc, PoisonError, RwLock, mpsc},
    thread,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::oneshot;

use self::{
    disk::Disk,
    writer::{Job, Writer},
};
use super::{Backend, BackendError, Batch, CommitFailure, Direction, Entry, Range, Read, Revision, Touches};
use crate::OpenError;

/// Holds the latest revision. Below all keys of users.
const REVISION_KEY: &[u8] = &[0];
/// The least key that users can have.
const FIRST_KEY: &[u8] = &[1];
/// An entry's value begins with its revision.
const HEADER: usize = size_of::<u64>();
/// How long a directory may be in use before that is taken for an answer.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);
const LOCK_PAUSE: Duration = Duration::from_millis(10);

#[derive(Debug)]
pub struct SledBackend {
    tree: sled::Tree,
    /// Held for writing while a batch is applied, so that reads that belong together see all of it or nothing.
    applying: Arc<RwLock<()>>,
    touches: Arc<Touches>,
    /// `None` once dropped.
    jobs: Option<mpsc::Sender<Job>>,
    writer: Option<thread::JoinHandle<()>>,
}

impl SledBackend {
    /// Opens the directory, or makes it. `cache_bytes` bounds what sled keeps in memory.
    pub fn open(path: &Path, cache_bytes: u64) -> Result<Self, OpenError> {
        make_directory(path).map_err(|source| OpenError::Directory { path: path.to_owned(), source })?;
        let db = open_when_free(path, cache_bytes).map_err(|source| open_error(path, source))?;
        let tree = sled::Tree::clone(&db);
        let disk = Disk::open(path).map_err(|source| OpenError::Directory { path: path.to_owned(), source })?;
        let revision = match tree.get(REVISION_KEY).map_err(|source| open_error(path, source))? {
            None => Revision(0),
            Some(bytes) => revision_of(&bytes).ok_or_else(|| OpenError::Damaged { path: path.to_owned() })?,
        };
        let applying = Arc::new(RwLock::new(()));
        let (jobs, queue) = mpsc::channel();
        let touches = Arc::new(Touches::new(revision));
        let writer = Writer { db, tree: tree.clone(), disk, applying: applying.clone(), touches: touches.clone(), revision };
        let writer = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || writer.run(&queue))
            .map_err(|source| OpenError::Directory { path: path.to_owned(), source })?;
        Ok(Self { tree, applying, touches, jobs: Some(jobs), writer: Some(writer) })
    }

    fn find(&self, key: &[u8]) -> Result<Option<(Bytes, Revision)>, BackendError> {
        self.tree.get(key).map_err(|source| BackendError::failed("read", source))?.map(|value| split(key, value)).transpose()
    }

    fn select(&self, range: &Range) -> Result<Vec<Entry>, BackendError> {
        let from = range.from.as_slice().max(FIRST_KEY);
        if from >= range.to.as_slice() {
            return Ok(Vec::new());
        }
        let entry = |pair: sled::Result<(sled::IVec, sled::IVec)>| {
            let (key, value) = pair.map_err(|source| BackendError::failed("read a range", source))?;
            let (value, revision) = split(&key, value)?;
            Ok(Entry { key: Bytes::from_owner(key), value, revision })
        };
        let entries = self.tree.range(from..range.to.as_slice());
        match range.direction {
            Direction::Ascending => entries.take(range.limit).map(entry).collect(),
            Direction::Descending => entries.rev().take(range.limit).map(entry).collect(),
        }
    }
}

#[async_trait]
impl Backend for SledBackend {
    async fn get(&self, key: &[u8]) -> Result<Option<(Bytes, Revision)>, BackendError> {
        self.find(key)
    }

    async fn read(&self, reads: &[Read]) -> Result<Vec<Vec<Entry>>, BackendError> {
        let _one_instant = self.applying.read().unwrap_or_else(PoisonError::into_inner);
        let answer = |read: &Read| match read {
            Read::Key(key) => {
                let found = self.find(key)?;
                Ok(found.map(|(value, revision)| Entry { key: key.clone().into(), value, revision }).into_iter().collect())
            }
            Read::Range(range) => self.select(range),
        };
        reads.iter().map(answer).collect()
    }

    async fn commit(&self, batch: Batch) -> Result<Revision, CommitFailure> {
        batch.check_keys()?;
        let (reply, answer) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or(BackendError::Stopped)?;
        jobs.send(Job { batch, reply }).map_err(|_| BackendError::Stopped)?;
        answer.await.map_err(|_| BackendError::Stopped)?
    }

    fn touches(&self) -> Option<&Touches> {
        Some(&self.touches)
    }
}

impl Drop for SledBackend {
    /// Waits until what was accepted is on disk.
    fn drop(&mut self) {
        self.jobs = None;
        if self.writer.take().is_some_and(|writer| writer.join().is_err()) {
            tracing::error!("the store's writer panicked");
        }
    }
}

/// Only for the service's own user: there are things in a store that are nobody else's business, sealed or not.
fn make_directory(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)?;
    // A directory that was just made is on disk when its parent is.
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        File::open(parent)?.sync_all()?;
    }
    Ok(())
}

/// Waits a little for whoever is about to let go of the directory: a process that is being replaced, or sled itself, whose threads keep its files open for a
/// moment after the last handle has gone.
fn open_when_free(path: &Path, cache_bytes: u64) -> sled::Result<sled::Db> {
    // Flushed by the writer, and by nobody else.
    let config = sled::Config::new().path(path).cache_capacity(cache_bytes).flush_every_ms(None);
    let begun = Instant::now();
    loop {
        match config.open() {
            Err(error) if is_locked(&error) && begun.elapsed() < LOCK_PATIENCE => thread::sleep(LOCK_PAUSE),
            outcome => return outcome,
        }
    }
}

/// sled has no other sign for it: see `RunningConfig::try_lock` of 0.34.
fn is_locked(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(error) if error.to_string().contains("could not acquire lock"))
}

fn open_error(path: &Path, source: sled::Error) -> OpenError {
    let path = path.to_owned();
    match source {
        source if is_locked(&source) => OpenError::InUse { path },
        sled::Error::Corruption { .. } => OpenError::Damaged { path },
        source => OpenError::Backend { path, source: BackendError::failed("open its files", source) },
    }
}

fn revision_of(value: &[u8]) -> Option<Revision> {
    value.first_chunk().map(|bytes| Revision(u64::from_be_bytes(*bytes)))
}

/// The value and its revision; shares sled's memory.
fn split(key: &[u8], value: sled::IVec) -> Result<(Bytes, Revision), BackendError> {
    let Some(revision) = revision_of(&value) else {
        return Err(BackendError::Damaged { key: crate::key::describe(key), what: "it has no revision" });
    };
    Ok((Bytes::from_owner(value).slice(HEADER..), revision))
}

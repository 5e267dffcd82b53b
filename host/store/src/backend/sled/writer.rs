//! The thread that writes.

use std::{
    iter,
    sync::{Arc, PoisonError, RwLock, mpsc},
    thread,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use super::{
    super::{BackendError, Batch, Check, CommitFailure, Revision, Touches},
    HEADER, REVISION_KEY,
    disk::Disk,
    revision_of,
};

/// At most so many commits share a flush, so that the first one is not kept waiting by those that keep coming.
const GROUP_MAX: usize = 256;

/// Between flushes, while several commits come at a time: a flush costs a millisecond of a processor, so more are to share one. A commit after one that had a flush to itself
/// never waits.
const PACE: Duration = Duration::from_millis(3);

pub(super) struct Job {
    pub batch: Batch,
    pub reply: oneshot::Sender<Result<Revision, CommitFailure>>,
}

pub(super) struct Writer {
    pub db: sled::Db,
    pub tree: sled::Tree,
    pub disk: Disk,
    pub applying: Arc<RwLock<()>>,
    pub touches: Arc<Touches>,
    /// Of the latest commit.
    pub revision: Revision,
}

impl Writer {
    /// Until nobody can send any more. After a failure nothing is known about what is on disk, so nothing more is written.
    pub fn run(mut self, queue: &mpsc::Receiver<Job>) {
        let mut crowded_since: Option<Instant> = None;
        while let Ok(first) = queue.recv() {
            if let Some(began) = crowded_since {
                thread::sleep(PACE.saturating_sub(began.elapsed()));
            }
            let began = Instant::now();
            let mut applied = Vec::new();
            let mut failure = None;
            for job in iter::once(first).chain(queue.try_iter()).take(GROUP_MAX) {
                match self.apply(job.batch) {
                    Ok(revision) => applied.push((job.reply, revision)),
                    Err(refusal) => {
                        if let CommitFailure::Backend(error) = &refusal {
                            failure = Some(error.clone());
                        }
                        answer(job.reply, Err(refusal));
                        if failure.is_some() {
                            break;
                        }
                    }
                }
            }
            crowded_since = (applied.len() > 1).then_some(began);
            if failure.is_none() && !applied.is_empty() {
                failure = self.flush().err();
            }
            for (reply, revision) in applied {
                answer(reply, failure.clone().map_or(Ok(revision), |error| Err(error.into())));
            }
            if let Some(error) = failure {
                tracing::error!(error = &error as &dyn std::error::Error, "the store cannot write and takes no more commits");
                return;
            }
        }
    }

    fn apply(&mut self, batch: Batch) -> Result<Revision, CommitFailure> {
        for (place, check) in batch.checks.iter().enumerate() {
            if !self.holds(check).map_err(|source| BackendError::failed("check a commit", source))? {
                return Err(CommitFailure::Check(place));
            }
        }
        let revision = Revision(self.revision.0 + 1);
        let header = revision.0.to_be_bytes();
        self.touches.about_to_apply(&batch, revision);
        let mut writes = sled::Batch::default();
        for key in batch.deletes {
            writes.remove(key);
        }
        for (key, value) in batch.puts {
            let mut bytes = Vec::with_capacity(HEADER + value.len());
            bytes.extend_from_slice(&header);
            bytes.extend_from_slice(&value);
            writes.insert(key, bytes);
        }
        writes.insert(REVISION_KEY, &header);
        let _readers_wait = self.applying.write().unwrap_or_else(PoisonError::into_inner);
        self.tree.apply_batch(writes).map_err(|source| BackendError::failed("write", source))?;
        self.revision = revision;
        self.touches.applied(revision);
        Ok(revision)
    }

    fn holds(&self, check: &Check) -> sled::Result<bool> {
        match check {
            Check::Revision { key, expected } => Ok(self.tree.get(key)?.as_deref().and_then(revision_of) == *expected),
            Check::Empty { from, to } if from >= to => Ok(true),
            Check::Empty { from, to } => {
                self.tree.range(from.as_slice()..to.as_slice()).next().transpose().map(|found| found.is_none())
            }
        }
    }

    fn flush(&mut self) -> Result<(), BackendError> {
        self.db.flush().map_err(|source| BackendError::failed("flush", source))?;
        self.disk.sync().map_err(|source| BackendError::failed("reach the disk", source))
    }
}

fn answer(reply: oneshot::Sender<Result<Revision, CommitFailure>>, result: Result<Revision, CommitFailure>) {
    // Who has stopped waiting does not want to know.
    _ = reply.send(result);
}

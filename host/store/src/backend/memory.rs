//! Keeps nothing beyond the process: for tests.

use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;

use super::{Backend, BackendError, Batch, Check, CommitFailure, Direction, Entry, Range, Read, Revision, Touches};

#[derive(Debug)]
pub struct MemoryBackend {
    state: Mutex<State>,
    touches: Touches,
}

#[derive(Debug, Default)]
struct State {
    entries: BTreeMap<Bytes, (Bytes, Revision)>,
    revision: Revision,
}

impl MemoryBackend {
    pub fn new() -> Self {
        Self { state: Mutex::default(), touches: Touches::new(Revision::default()) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here leaves the state half changed when it panics.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn get(&self, key: &[u8]) -> Option<(Bytes, Revision)> {
        self.entries.get(key).cloned()
    }

    fn range(&self, from: &[u8], to: &[u8]) -> impl DoubleEndedIterator<Item = Entry> {
        // `BTreeMap::range` panics where the bounds are the wrong way round.
        let bounds = (from < to).then_some((Bound::Included(from), Bound::Excluded(to)));
        bounds.into_iter().flat_map(|bounds| self.entries.range::<[u8], _>(bounds)).map(|(key, (value, revision))| Entry {
            key: key.clone(),
            value: value.clone(),
            revision: *revision,
        })
    }

    fn select(&self, range: &Range) -> Vec<Entry> {
        let entries = self.range(&range.from, &range.to);
        match range.direction {
            Direction::Ascending => entries.take(range.limit).collect(),
            Direction::Descending => entries.rev().take(range.limit).collect(),
        }
    }

    fn holds(&self, check: &Check) -> bool {
        match check {
            Check::Revision { key, expected } => self.get(key).map(|(_, revision)| revision) == *expected,
            Check::Empty { from, to } => self.range(from, to).next().is_none(),
        }
    }
}

#[async_trait]
impl Backend for MemoryBackend {
    async fn get(&self, key: &[u8]) -> Result<Option<(Bytes, Revision)>, BackendError> {
        Ok(self.state().get(key))
    }

    async fn read(&self, reads: &[Read]) -> Result<Vec<Vec<Entry>>, BackendError> {
        let state = self.state();
        let answer = |read: &Read| match read {
            Read::Key(key) => {
                let found = state.get(key);
                found.map(|(value, revision)| Entry { key: key.clone().into(), value, revision }).into_iter().collect()
            }
            Read::Range(range) => state.select(range),
        };
        Ok(reads.iter().map(answer).collect())
    }

    async fn commit(&self, batch: Batch) -> Result<Revision, CommitFailure> {
        batch.check_keys()?;
        let mut state = self.state();
        if let Some(broken) = batch.checks.iter().position(|check| !state.holds(check)) {
            return Err(CommitFailure::Check(broken));
        }
        let revision = Revision(state.revision.0 + 1);
        state.revision = revision;
        self.touches.about_to_apply(&batch, revision);
        for key in batch.deletes {
            state.entries.remove(key.as_slice());
        }
        for (key, value) in batch.puts {
            state.entries.insert(key.into(), (value.into(), revision));
        }
        self.touches.applied(revision);
        Ok(revision)
    }

    fn touches(&self) -> Option<&Touches> {
        Some(&self.touches)
    }
}

impl Default for MemoryBackend {
    fn default() -> Self {
        Self::new()
    }
}

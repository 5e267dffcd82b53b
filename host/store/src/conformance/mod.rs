//! What every [`Backend`] has to do, as a suite that any of them can be run against; with what depends most on it, rows and the texts that they share.
//!
//! ```
//! # use std::sync::Arc;
//! # use jeroboam_store::{MemoryBackend, conformance};
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! conformance::run(async || Arc::new(MemoryBackend::new())).await.unwrap();
//! # });
//! ```

mod commits;
mod concurrency;
mod reads;
mod texts;

use std::sync::Arc;

use crate::{Backend, BackendError, Batch, Check, CommitError, CommitFailure, Direction, Range, Revision, StoreError};

/// A rule that the backend breaks.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{rule}: {seen}")]
    Rule { rule: &'static str, seen: String },
    #[error("a read failed")]
    Read(#[from] BackendError),
    #[error("a commit failed")]
    Commit(#[from] CommitFailure),
    #[error("a record cannot be read")]
    ReadRecord(#[from] StoreError),
    #[error("records cannot be written")]
    CommitRecords(#[from] CommitError),
    #[error("a task of the suite panicked")]
    Panicked(#[from] tokio::task::JoinError),
}

/// Runs the suite. The factory makes an empty backend each time.
pub async fn run<B: Backend>(empty: impl AsyncFn() -> Arc<B>) -> Result<(), Failure> {
    reads::keys_and_ranges(&*empty().await).await?;
    reads::limits_and_directions(&*empty().await).await?;
    reads::ranges_that_hold_nothing(&*empty().await).await?;
    commits::all_or_nothing(&*empty().await).await?;
    commits::revisions_only_grow(&*empty().await).await?;
    commits::checks(&*empty().await).await?;
    commits::keys_that_are_not_allowed(&*empty().await).await?;
    commits::values_of_any_size(&*empty().await).await?;
    concurrency::of_many_who_compare_and_set_one_wins(empty().await).await?;
    concurrency::readers_see_whole_batches(empty().await).await?;
    concurrency::a_commit_outlives_its_caller(empty().await).await?;
    texts::texts_stay_while_they_are_referred_to(empty().await).await?;
    texts::a_sweep_takes_nothing_from_writers(empty().await).await?;
    Ok(())
}

fn expect(rule: &'static str, holds: bool, seen: impl std::fmt::Debug) -> Result<(), Failure> {
    if holds { Ok(()) } else { Err(Failure::Rule { rule, seen: format!("{seen:?}") }) }
}

fn put(pairs: &[(&str, &str)]) -> Batch {
    let puts = pairs.iter().map(|(key, value)| (key.as_bytes().to_vec(), value.as_bytes().to_vec())).collect();
    Batch { puts, ..Batch::default() }
}

fn unchanged(key: &str, expected: Option<Revision>) -> Check {
    Check::Revision { key: key.as_bytes().to_vec(), expected }
}

fn range(from: &str, to: &str, limit: usize, direction: Direction) -> Range {
    Range { from: from.as_bytes().to_vec(), to: to.as_bytes().to_vec(), limit, direction }
}

async fn value(backend: &dyn Backend, key: &str) -> Result<Option<String>, BackendError> {
    let found = backend.get(key.as_bytes()).await?;
    Ok(found.map(|(value, _)| String::from_utf8_lossy(&value).into_owned()))
}

async fn keys(backend: &dyn Backend, range: Range) -> Result<Vec<String>, BackendError> {
    let entries = backend.range(range).await?;
    Ok(entries.iter().map(|entry| String::from_utf8_lossy(&entry.key).into_owned()).collect())
}

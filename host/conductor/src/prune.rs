//! Forgets, after a time, what was done to clusters that were deleted, and calls that were recorded. Of clusters that are there, each operation that ends lets the oldest go.

use std::time::Duration;

use jeroboam_store::{CommitError, StoreError};

use crate::cause;
use crate::now::now;
use crate::pace::spread_at_random;
use crate::recorder::forget_old;
use crate::shared::Shared;

/// How often deletions are looked through. Only those that are due are read.
const INTERVAL: Duration = Duration::from_secs(600);
/// How many deletions are read at once.
const PAGE: usize = 100;

/// Runs for ever.
pub(crate) async fn run(shared: Shared) {
    let kept = shared.config.operations_kept_after_deletion;
    loop {
        if let Err(error) = round(&shared, kept).await {
            tracing::error!("old operations cannot be removed: {}", cause::chain(&error));
        }
        if let Err(error) = forget_old(&shared.store, shared.config.records).await {
            tracing::error!("old records of calls cannot be removed: {}", cause::chain(&error));
        }
        tokio::time::sleep(spread_at_random(INTERVAL.min(kept.max(Duration::from_secs(1))))).await;
    }
}

/// Every cluster that was deleted so long ago, in a commit of its own.
async fn round(shared: &Shared, kept: Duration) -> Result<(), PruneError> {
    let operations = shared.store.operations();
    loop {
        let kept = time::Duration::try_from(kept).unwrap_or(time::Duration::MAX);
        let Some(before) = now().checked_sub(kept) else { return Ok(()) };
        let due = operations.deleted_before(before, PAGE).await?;
        let is_last = due.len() < PAGE;
        for deletion in due {
            let mut tx = shared.store.begin();
            for operation in operations.of_cluster(deletion.cluster).await? {
                tx.remove(&operation);
            }
            tx.commit().await?;
        }
        if is_last {
            return Ok(());
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum PruneError {
    #[error("the store cannot be read")]
    Read(#[from] StoreError),
    #[error("the store cannot be written")]
    Write(#[from] CommitError),
}

//! Forgets, after a time, what was done to clusters that were deleted, audit records, calls that were recorded,
//! and texts of stack definitions that nothing refers to any more. Of clusters that are there, each operation that ends lets the oldest go.

use std::time::Duration;

use jeroboam_store::{CommitError, StoreError};

use crate::cause;
use crate::now::now;
use crate::pace::spread_at_random;
use crate::recorder::{RecorderError, forget_old};
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
        if let Err(error) = records(&shared).await {
            tracing::error!("old records of calls cannot be removed: {}", cause::chain(&error));
        }
        if let Err(error) = audits(&shared).await {
            tracing::error!("old audit records cannot be removed: {}", cause::chain(&error));
        }
        if let Err(error) = shared.store.texts().forget_unreferenced().await {
            tracing::error!("texts that are of no more use cannot be removed: {}", cause::chain(&error));
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

/// Recorded calls that are too old, or too many, and the recording of clusters that are gone.
async fn records(shared: &Shared) -> Result<(), RecorderError> {
    shared.recorder.forget_gone().await?;
    forget_old(&shared.store, shared.config.records).await
}

/// Audit records that are too old, or too many.
async fn audits(shared: &Shared) -> Result<(), PruneError> {
    let records = shared.store.audits();
    let kept = time::Duration::try_from(shared.config.audit_kept).unwrap_or(time::Duration::MAX);
    let by_age = now().checked_sub(kept);
    let by_number = records.kept_since(shared.config.audit_records_kept).await?;
    let Some(before) = by_age.into_iter().chain(by_number).max() else { return Ok(()) };
    loop {
        let old = records.before(before, PAGE).await?;
        let mut tx = shared.store.begin();
        for record in &old {
            tx.remove(record);
        }
        tx.commit().await?;
        if old.len() < PAGE {
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

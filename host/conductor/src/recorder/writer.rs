//! Writes records down, unless there is a secret in them, and lets the oldest go.

use jeroboam_model::CallRecord;
use jeroboam_store::{CommitError, Store, Stored};
use tokio::sync::mpsc;

use super::listener::{Pending, Queued};
use super::{RecordLimits, RecorderError};
use crate::cause;
use crate::now::now;

/// How many are written in one commit.
const TOGETHER: usize = 16;
/// After how many the oldest are looked at.
const PRUNED_EVERY: usize = 64;

/// Runs until nobody can record any more.
pub(super) async fn run(store: Store, limits: RecordLimits, mut queue: mpsc::Receiver<Queued>) {
    let mut written = PRUNED_EVERY;
    let mut batch = Vec::with_capacity(TOGETHER);
    while queue.recv_many(&mut batch, TOGETHER).await > 0 {
        let mut records = Vec::with_capacity(batch.len());
        let mut waiting = Vec::new();
        for queued in batch.drain(..) {
            match queued {
                Queued::Record(pending) => records.extend(harmless(*pending).await),
                Queued::Settle(done) => waiting.push(done),
            }
        }
        written += records.len();
        if let Err(error) = write(&store, &records).await {
            tracing::error!("{} records of calls cannot be kept: {}", records.len(), cause::chain(&error));
        }
        if written >= PRUNED_EVERY {
            written = 0;
            if let Err(error) = forget_old(&store, limits).await {
                tracing::error!("old records of calls cannot be removed: {}", cause::chain(&error));
            }
        }
        // Who has gone meanwhile does not wait any more.
        for done in waiting {
            let _ = done.send(());
        }
    }
}

/// The record, if none of the secrets that were near the call is in it.
async fn harmless(pending: Pending) -> Option<CallRecord> {
    let Pending { record, known } = pending;
    let secrets = known.secrets().await;
    let text = serde_json::to_string(&record).ok()?;
    if !secrets.finds(&text) {
        return Some(record);
    }
    let CallRecord { driver, version, function, cluster, request_id, .. } = &record;
    let cluster = cluster.map(|cluster| cluster.to_string());
    tracing::warn!(driver, version, function, cluster, %request_id, "a call is not recorded: there is a secret in what the driver was told, or answered");
    None
}

async fn write(store: &Store, records: &[CallRecord]) -> Result<(), CommitError> {
    if records.is_empty() {
        return Ok(());
    }
    let mut tx = store.begin();
    records.iter().for_each(|record| tx.put(record));
    tx.commit().await.map(drop)
}

/// Those that are too old, and the oldest of those that are too many.
pub(crate) async fn forget_old(store: &Store, limits: RecordLimits) -> Result<(), RecorderError> {
    let kept_for = time::Duration::try_from(limits.kept_for).unwrap_or(time::Duration::MAX);
    while let Some(before) = now().checked_sub(kept_for) {
        let old = store.call_records().before(before, TOGETHER).await?;
        if old.is_empty() {
            break;
        }
        forget(store, &old).await?;
    }
    let mut surplus = store.call_records().count().await?.saturating_sub(limits.kept);
    while surplus > 0 {
        let old = store.call_records().oldest(surplus.min(TOGETHER)).await?;
        if old.is_empty() {
            break;
        }
        surplus = surplus.saturating_sub(old.len());
        forget(store, &old).await?;
    }
    Ok(())
}

/// Who else removed them has done the same.
async fn forget(store: &Store, old: &[Stored<CallRecord>]) -> Result<(), RecorderError> {
    let mut tx = store.begin();
    old.iter().for_each(|record| tx.remove(record));
    match tx.commit().await {
        Ok(_) | Err(CommitError::Conflict { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

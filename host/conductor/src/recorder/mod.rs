//! Keeps calls of drivers, where an operator wants that: for a driver, or for a cluster.
//!
//! ```text
//! Driver ─► Listener ── wants? ──► switches, in memory
//!               └─ record ─► queue (bounded) ─► writer ─ no secret in it? ─► store, the oldest out
//! ```
//!
//! While nothing is recorded a call costs one look at a flag. A call never waits for its record: what the queue has no place for is lost, and counted in the log.

mod known;
mod listener;
mod writer;

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jeroboam_model::{CallRecord, CallRecordId, ClusterId, Recorded, RecordingSwitch, Secret};
use jeroboam_store::tables::recording_switches::key_of;
use jeroboam_store::{CallRecordQuery, CommitError, Page, Store, StoreError};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::now::now;
pub(crate) use known::Known;
pub use listener::Listener;
use listener::{Pending, Queued};
pub(crate) use writer::forget_old;

/// Records that wait to be written.
const QUEUE: usize = 64;

/// `[drivers]`: how much is kept.
#[derive(Clone, Copy, Debug)]
pub struct RecordLimits {
    /// `record_size`, in bytes: of one record.
    pub bytes: usize,
    /// `records_kept`: of all drivers together.
    pub kept: usize,
    /// `records_kept_days`.
    pub kept_for: Duration,
}

impl Default for RecordLimits {
    fn default() -> Self {
        Self { bytes: 1 << 20, kept: 500, kept_for: Duration::from_secs(7 * 24 * 3600) }
    }
}

/// The switches, and the way to the store. Cheap to clone.
#[derive(Clone)]
pub struct Recorder(Arc<Inner>);

struct Inner {
    store: Store,
    limits: RecordLimits,
    switches: RwLock<HashSet<Recorded>>,
    /// Whether anything is recorded at all.
    any: AtomicBool,
    queue: mpsc::Sender<Queued>,
    lost: AtomicU64,
}

/// Why recording could not be switched.
#[derive(Debug, thiserror::Error)]
pub enum RecorderError {
    #[error("the store cannot be read")]
    Read(#[from] StoreError),
    #[error("the store cannot be written")]
    Write(#[from] CommitError),
}

impl Recorder {
    /// One, and what writes for it. Needs a tokio runtime.
    pub(crate) fn start(store: Store, limits: RecordLimits) -> (Self, JoinHandle<()>) {
        let (queue, pending) = mpsc::channel(QUEUE);
        let writer = tokio::spawn(writer::run(store.clone(), limits, pending));
        let (switches, any, lost) = (RwLock::default(), AtomicBool::new(false), AtomicU64::new(0));
        (Self(Arc::new(Inner { store, limits, switches, any, queue, lost })), writer)
    }

    /// Takes up the switches that the store has.
    pub(crate) async fn load(&self) -> Result<(), StoreError> {
        let on = self.switches().await?;
        self.change(|switches| *switches = on.into_iter().map(|switch| switch.of).collect());
        Ok(())
    }

    /// What is recorded.
    pub async fn switches(&self) -> Result<Vec<RecordingSwitch>, StoreError> {
        Ok(self.0.store.recording_switches().all().await?.into_iter().map(|switch| switch.value).collect())
    }

    /// Records from now on, until it is switched off: also after a restart.
    pub async fn switch_on(&self, of: Recorded, by: &str) -> Result<RecordingSwitch, RecorderError> {
        let switch = RecordingSwitch { of: of.clone(), by: by.to_owned(), since: now() };
        let mut tx = self.0.store.begin();
        tx.put(&switch);
        tx.commit().await?;
        self.change(|switches| {
            switches.insert(of);
        });
        Ok(switch)
    }

    /// Records no more. What was recorded stays for its time. Whether it was on.
    pub async fn switch_off(&self, of: &Recorded) -> Result<bool, RecorderError> {
        let switch = self.0.store.recording_switches().get(key_of(of)).await?;
        if let Some(switch) = &switch {
            let mut tx = self.0.store.begin();
            tx.remove(switch);
            tx.commit().await?;
        }
        self.change(|switches| {
            switches.remove(of);
        });
        Ok(switch.is_some())
    }

    /// Switches off what is on for clusters that are no more.
    pub(crate) async fn forget_gone(&self) -> Result<(), RecorderError> {
        for switch in self.switches().await? {
            if let Recorded::Cluster(id) = switch.of
                && self.0.store.clusters().get_arc(id).await?.is_none()
            {
                self.switch_off(&switch.of).await?;
            }
        }
        Ok(())
    }

    /// Records that are kept, the newest first.
    pub async fn query(&self, query: &CallRecordQuery<'_>) -> Result<Page<CallRecord>, StoreError> {
        self.0.store.call_records().query(query).await
    }

    pub async fn record(&self, id: CallRecordId) -> Result<Option<CallRecord>, StoreError> {
        Ok(self.0.store.call_records().get(id).await?.map(|record| record.value))
    }

    /// Returns once all calls that have ended by now are written down, or lost.
    pub async fn settled(&self) {
        let (done, wait) = oneshot::channel();
        if self.0.queue.send(Queued::Settle(done)).await.is_ok() {
            let _ = wait.await;
        }
    }

    /// For checking a request: what is known is the token of whoever makes it.
    pub fn of_request(&self, token: Secret) -> Listener {
        Listener::new(self.clone(), Known::of_request(token))
    }

    pub(crate) fn listener(&self, known: Known) -> Listener {
        Listener::new(self.clone(), known)
    }

    fn wants(&self, driver: &str, cluster: Option<ClusterId>) -> bool {
        if !self.0.any.load(Ordering::Relaxed) {
            return false;
        }
        let switches = self.0.switches.read().unwrap_or_else(PoisonError::into_inner);
        switches.contains(&Recorded::Driver(driver.to_owned()))
            || cluster.is_some_and(|cluster| switches.contains(&Recorded::Cluster(cluster)))
    }

    fn queue(&self, pending: Pending) {
        if self.0.queue.try_send(Queued::Record(Box::new(pending))).is_err() {
            let lost = self.0.lost.fetch_add(1, Ordering::Relaxed) + 1;
            if lost.is_power_of_two() {
                tracing::warn!(lost, "records of calls are lost: they come faster than the store takes them");
            }
        }
    }

    fn change(&self, change: impl FnOnce(&mut HashSet<Recorded>)) {
        let mut switches = self.0.switches.write().unwrap_or_else(PoisonError::into_inner);
        change(&mut switches);
        self.0.any.store(!switches.is_empty(), Ordering::Relaxed);
    }
}

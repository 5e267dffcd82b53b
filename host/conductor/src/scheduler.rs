//! Claims unfinished operations: at most one for each cluster at a time, the oldest first, and a bounded number in all.

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use jeroboam_model::{ClusterId, OperationId};
use time::OffsetDateTime;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::shared::Shared;
use crate::worker::{self, Memory, Released};

/// How soon operations are read again after they could not be read.
const STORE_PAUSE: Duration = Duration::from_secs(1);
/// How long an operation is left alone after a fault of this service's own.
const FAULT_PAUSE: Duration = Duration::from_secs(60);

/// An operation that is not being worked on.
struct Waiting {
    cluster: ClusterId,
    kind: &'static str,
    created_at: OffsetDateTime,
    retries: u32,
    due: Instant,
    memory: Memory,
}

/// An operation that is.
struct Working {
    id: OperationId,
    kind: &'static str,
    created_at: OffsetDateTime,
    retries: u32,
    /// It was over, and was asked for again, before its worker had let go of it.
    again: bool,
}

type Finished = (ClusterId, Released);

struct Scheduler {
    shared: Shared,
    draining: watch::Receiver<bool>,
    waiting: HashMap<OperationId, Waiting>,
    working: HashMap<ClusterId, Working>,
    workers: JoinSet<Finished>,
}

/// Runs until it is told to drain and the steps in flight have ended. Ends all workers when it is dropped.
pub(crate) async fn run(shared: Shared, draining: watch::Receiver<bool>) {
    let workers = JoinSet::new();
    let (waiting, working) = (HashMap::new(), HashMap::new());
    Scheduler { shared, draining, waiting, working, workers }.run().await;
}

impl Scheduler {
    async fn run(mut self) {
        let mut changes = self.shared.store.changes();
        let mut stale = true;
        loop {
            if *self.draining.borrow() {
                while self.workers.join_next().await.is_some() {}
                return;
            }
            let mut wake = None;
            if stale {
                // Seen before reading, so that a change while reading wakes again.
                changes.mark_unchanged();
                stale = match self.read().await {
                    Ok(()) => false,
                    Err(error) => {
                        tracing::error!("operations cannot be read: {}", crate::cause::chain(&error));
                        wake = Some(Instant::now() + STORE_PAUSE);
                        true
                    }
                };
            }
            let due = self.dispatch();
            self.count();
            let wake = [wake, due].into_iter().flatten().min();
            tokio::select! {
                _ = changes.changed() => stale = true,
                Some(finished) = self.workers.join_next() => match finished {
                    Ok((cluster, released)) => self.release(cluster, released),
                    Err(error) => tracing::error!("a worker was lost: {error}"),
                },
                () = at(wake) => {}
                _ = self.draining.changed() => {}
            }
        }
    }

    /// Learns of new operations, and forgets those that somebody else has ended.
    async fn read(&mut self) -> Result<(), jeroboam_store::StoreError> {
        let unfinished = self.shared.store.operations().unfinished().await?;
        let known: HashSet<OperationId> = unfinished.iter().map(|operation| operation.id).collect();
        let metrics = &self.shared.config.metrics;
        self.waiting.retain(|id, waiting| {
            let is_left = known.contains(id);
            if !is_left {
                metrics.aborted(waiting.kind);
            }
            is_left
        });
        for operation in unfinished {
            if let Some(working) = self.working.get_mut(&operation.cluster).filter(|working| working.id == operation.id) {
                working.again = operation.retries != working.retries;
                continue;
            }
            let waiting = self.waiting.entry(operation.id).or_insert_with(|| Waiting {
                cluster: operation.cluster,
                kind: operation.kind.name(),
                created_at: operation.created_at,
                retries: operation.retries,
                due: Instant::now(),
                memory: Memory::default(),
            });
            if operation.abort.is_some() {
                waiting.due = Instant::now();
            }
        }
        Ok(())
    }

    /// Starts a worker for whatever is due, as far as there is room; answers when the next will be due.
    fn dispatch(&mut self) -> Option<Instant> {
        let now = Instant::now();
        let mut first: HashMap<ClusterId, (OffsetDateTime, OperationId)> = HashMap::new();
        for (id, waiting) in &self.waiting {
            let this = (waiting.created_at, *id);
            first.entry(waiting.cluster).and_modify(|first| *first = this.min(*first)).or_insert(this);
        }
        first.retain(|cluster, _| !self.working.contains_key(cluster));
        let mut next: Vec<_> = first.into_values().filter_map(|(_, id)| Some((self.waiting.get(&id)?.due, id))).collect();
        next.sort_unstable();
        for (due, id) in next {
            if due > now {
                return Some(due);
            }
            if self.workers.len() >= self.shared.config.workers.max(1) {
                // The next worker to end wakes the scheduler.
                return None;
            }
            self.begin(id);
        }
        None
    }

    fn count(&self) {
        let (metrics, now) = (&self.shared.config.metrics, Instant::now());
        let due =
            self.waiting.values().filter(|waiting| waiting.due <= now && !self.working.contains_key(&waiting.cluster)).count();
        let counts = [(&metrics.waiting, self.waiting.len()), (&metrics.due, due), (&metrics.working, self.working.len())];
        for (gauge, count) in counts {
            gauge.only().set(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }

    fn begin(&mut self, id: OperationId) {
        let Some(waiting) = self.waiting.remove(&id) else { return };
        let (shared, draining) = (self.shared.clone(), self.draining.clone());
        let Waiting { cluster, kind, created_at, retries, .. } = waiting;
        self.working.insert(cluster, Working { id, kind, created_at, retries, again: false });
        self.workers.spawn(async move {
            let work = worker::run(&shared, id, waiting.memory, || !*draining.borrow());
            // A fault in one operation must not end the others, nor keep its cluster for ever.
            let released = AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
                tracing::error!(operation = %id, "a worker panicked; the step will be done again");
                Released::At(Instant::now() + FAULT_PAUSE, waiting.memory)
            });
            (waiting.cluster, released)
        });
    }

    /// Lets the next operation of the cluster come, or puts this one back in its place.
    fn release(&mut self, cluster: ClusterId, released: Released) {
        let Some(Working { id, kind, created_at, mut retries, again }) = self.working.remove(&cluster) else { return };
        match released {
            Released::At(due, memory) => _ = self.waiting.insert(id, Waiting { cluster, kind, created_at, retries, due, memory }),
            Released::Over | Released::Taken if again => {
                retries = retries.saturating_add(1);
                let (due, memory) = (Instant::now(), Memory::default());
                self.waiting.insert(id, Waiting { cluster, kind, created_at, retries, due, memory });
            }
            Released::Taken => self.shared.config.metrics.aborted(kind),
            Released::Over => {}
        }
    }
}

async fn at(wake: Option<Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake).await,
        None => std::future::pending().await,
    }
}

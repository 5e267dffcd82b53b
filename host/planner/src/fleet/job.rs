//! A plan under way: clusters in pages, a bounded number of them at a time, rows as they come.

use std::{num::NonZeroUsize, sync::Arc, thread};

use futures::{Stream, StreamExt, stream};
use jeroboam_model::{
    Cluster, ClusterId,
    driver::{DriverPlan, PlanState},
};
use jeroboam_store::{Shared, SharedView, Store, StoreError};
use time::OffsetDateTime;
use tokio::sync::watch;

use super::{
    PlanError,
    ask::{Asked, Asking},
    rows::Rows,
};

/// Clusters that are read at once.
const PAGE: usize = 64;

pub(super) struct Job {
    pub asking: Arc<Asking>,
    pub progress: watch::Sender<DriverPlan>,
    pub cancelled: watch::Receiver<bool>,
}

impl Job {
    pub(super) async fn run(self) {
        let mut plan = self.progress.borrow().clone();
        let mut rows = Rows::new(self.asking.store.clone());
        let outcome = self.all(&mut plan, &mut rows).await;
        plan.ended_at = Some(OffsetDateTime::now_utc());
        plan.state = match outcome {
            Ok(()) if *self.cancelled.borrow() => PlanState::Cancelled,
            Ok(()) => PlanState::Done,
            Err(error) => {
                plan.error = Some(chain(&error));
                PlanState::Failed
            }
        };
        if let Err(error) = rows.finish(&plan).await {
            tracing::error!(driver = plan.driver, "a plan's end was not written: {}", chain(&error));
            plan.state = PlanState::Failed;
            plan.error.get_or_insert_with(|| chain(&error));
        }
        self.progress.send_replace(plan);
    }

    async fn all(&self, plan: &mut DriverPlan, rows: &mut Rows) -> Result<(), PlanError> {
        // More than can run, so that none is idle while the next page is read and rows are written.
        let at_once = 2 * thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let asked = clusters(self.asking.store.clone(), plan.driver.clone()).map(|view| {
            let asking = Arc::clone(&self.asking);
            async move {
                let view = view?;
                let cluster = view.cluster.uuid;
                match tokio::spawn(async move { asking.ask(view).await }).await {
                    Ok(asked) => Ok(Some(asked?)),
                    Err(panicked) => {
                        tracing::error!(%cluster, "a cluster could not be asked about: {panicked}");
                        Ok(None)
                    }
                }
            }
        });
        let mut asked = Box::pin(asked.buffer_unordered(at_once));
        let mut cancelled = self.cancelled.clone();
        loop {
            let next = tokio::select! {
                biased;
                _ = cancelled.wait_for(|cancelled| *cancelled) => return Ok(()),
                next = asked.next() => next,
            };
            let Some(next) = next else { break };
            match next.map_err(PlanError::Read)? {
                Some(Asked::Known(row)) => {
                    plan.counts.known += 1;
                    plan.counts.count(&row);
                }
                Some(Asked::New(row)) => {
                    plan.counts.count(&row);
                    rows.push(*row, plan).await?;
                }
                Some(Asked::Current) => plan.counts.current += 1,
                Some(Asked::Unrecorded) => plan.counts.unrecorded += 1,
                None => plan.counts.fails += 1,
            }
            self.progress.send_replace(plan.clone());
        }
        drop(asked);
        self.sweep(plan).await
    }

    /// Removes rows of clusters that are no more, or are on the version by now.
    async fn sweep(&self, plan: &DriverPlan) -> Result<(), PlanError> {
        let store = &self.asking.store;
        let mut after: Option<ClusterId> = None;
        loop {
            let rows = store.verdicts().of_plan(&plan.driver, &plan.to, after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some(last.cluster);
            let mut tx = store.begin();
            let mut gone = false;
            for row in &rows {
                let cluster = store.clusters().get_arc(row.cluster).await?;
                if cluster.is_none_or(|cluster| cluster.driver != plan.driver) {
                    tx.remove(row);
                    gone = true;
                }
            }
            if gone {
                tx.commit().await?;
            }
        }
    }
}

/// The driver's clusters with what belongs to them, read as they are wanted.
fn clusters(store: Store, driver: String) -> impl Stream<Item = Result<SharedView, StoreError>> {
    let pages = stream::try_unfold(None, move |after: Option<Shared<Cluster>>| {
        let (store, driver) = (store.clone(), driver.clone());
        async move {
            let after = after.as_ref().map(|cluster| &cluster.value);
            let page = store.clusters().of_driver(&driver, after, PAGE).await?;
            let Some(last) = page.last().cloned() else { return Ok(None) };
            Ok(Some((store.views_shared(&page).await?, Some(last))))
        }
    });
    pages.flat_map(|page| match page {
        Ok(views) => stream::iter(views.into_iter().map(Ok).collect::<Vec<_>>()),
        Err(error) => stream::iter(vec![Err(error)]),
    })
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

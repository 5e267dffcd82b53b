//! Rows of a plan on their way to the store: in batches, written while the next are asked for.

use jeroboam_model::driver::{ClusterVerdict, DriverPlan};
use jeroboam_store::{CommitError, Store};
use tokio::task::JoinHandle;

use super::PlanError;

/// Rows in one commit.
const BATCH: usize = 128;

pub(super) struct Rows {
    store: Store,
    batch: Vec<ClusterVerdict>,
    writing: Option<JoinHandle<Result<(), CommitError>>>,
}

impl Rows {
    pub(super) fn new(store: Store) -> Self {
        Self { store, batch: Vec::with_capacity(BATCH), writing: None }
    }

    /// Keeps the row; from time to time writes all of them, with how far the plan is.
    pub(super) async fn push(&mut self, row: ClusterVerdict, plan: &DriverPlan) -> Result<(), PlanError> {
        self.batch.push(row);
        if self.batch.len() >= BATCH { self.write(plan).await } else { Ok(()) }
    }

    async fn write(&mut self, plan: &DriverPlan) -> Result<(), PlanError> {
        self.settle().await?;
        let (mut tx, rows) = (self.store.begin(), std::mem::take(&mut self.batch));
        rows.iter().for_each(|row| tx.put(row));
        tx.put(plan);
        self.writing = Some(tokio::spawn(tx.commit()));
        Ok(())
    }

    /// Waits for what is being written.
    async fn settle(&mut self) -> Result<(), PlanError> {
        match self.writing.take() {
            None => Ok(()),
            Some(writing) => match writing.await {
                Ok(written) => Ok(written?),
                Err(panicked) => {
                    tracing::error!("rows of a plan were not written: {panicked}");
                    Ok(())
                }
            },
        }
    }

    /// Writes what is left, and the plan as it is at its end.
    pub(super) async fn finish(&mut self, plan: &DriverPlan) -> Result<(), PlanError> {
        self.write(plan).await?;
        self.settle().await
    }
}

//! The front: plans begun, watched and read.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use jeroboam_model::{
    ClusterId,
    driver::{ClusterVerdict, Digest, DriverPlan, PlanCounts, PlanState},
};
use jeroboam_store::{Store, StoreError};
use time::OffsetDateTime;
use tokio::sync::watch;

use super::{
    Definer, PlanError, Preview,
    ask::{Asking, Versions},
    job::Job,
};
use crate::Comparer;

/// Plans of all drivers. Cheap to clone.
#[derive(Clone)]
pub struct Planner {
    store: Store,
    running: Arc<Mutex<HashMap<PlanId, Running>>>,
}

/// A driver and the version to go to: there is one plan for them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlanId {
    pub driver: String,
    pub to: Digest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the id of a plan is the driver's name, @, and the digest of the version")]
pub struct NoPlanId;

#[derive(Clone, Default)]
pub struct PlanOptions {
    /// Heat is asked about clusters that would change.
    pub preview: Option<Arc<dyn Preview>>,
}

struct Running {
    progress: watch::Receiver<DriverPlan>,
    cancel: watch::Sender<bool>,
}

impl Planner {
    pub fn new(store: Store) -> Self {
        Self { store, running: Arc::default() }
    }

    /// Begins the plan to bring the driver's clusters to the version, or goes on with it: clusters with a row that holds are not asked about again. One that
    /// is under way is left alone. `versions` finds the versions that clusters are on.
    pub async fn begin(
        &self,
        to: Arc<dyn Definer>,
        versions: impl Fn(&Digest) -> Option<Arc<dyn Definer>> + Send + Sync + 'static,
        options: PlanOptions,
    ) -> Result<PlanId, PlanError> {
        let id = PlanId { driver: to.name().to_owned(), to: to.digest() };
        let total = self.store.clusters().count_of_driver(&id.driver).await?;
        let plan = DriverPlan {
            driver: id.driver.clone(),
            to: id.to,
            preview: options.preview.is_some(),
            state: PlanState::Running,
            counts: PlanCounts { total: u64::try_from(total).unwrap_or(u64::MAX), ..PlanCounts::default() },
            began_at: OffsetDateTime::now_utc(),
            ended_at: None,
            error: None,
        };
        let (progress, watched) = watch::channel(plan.clone());
        let (cancel, cancelled) = watch::channel(false);
        {
            let mut running = self.running();
            if let Some(other) = running.get(&id).filter(|other| other.is_running()) {
                // One that asks Heat as well answers for one that does not.
                let is_enough = other.progress.borrow().preview || !plan.preview;
                return if is_enough { Ok(id) } else { Err(PlanError::UnderWay { driver: id.driver, to: id.to }) };
            }
            running.insert(id.clone(), Running { progress: watched, cancel });
        }
        let mut tx = self.store.begin();
        tx.put(&plan);
        if let Err(error) = tx.commit().await {
            self.running().remove(&id);
            return Err(error.into());
        }
        let versions: Versions = Arc::new(versions);
        let asking = Asking { store: self.store.clone(), to, versions, preview: options.preview, comparer: Comparer::default() };
        tokio::spawn(Job { asking: Arc::new(asking), progress, cancelled }.run());
        Ok(id)
    }

    /// How far it is, if it runs or has run in this process.
    pub fn watch(&self, id: &PlanId) -> Option<watch::Receiver<DriverPlan>> {
        self.running().get(id).map(|running| running.progress.clone())
    }

    /// Returns once it does not run any more.
    pub async fn finished(&self, id: &PlanId) {
        if let Some(mut progress) = self.watch(id) {
            // An error means that whoever would have changed it is gone.
            _ = progress.wait_for(|plan| plan.state != PlanState::Running).await;
        }
    }

    /// Ends it soon. Rows that there are stay.
    pub fn cancel(&self, id: &PlanId) {
        if let Some(running) = self.running().get(id) {
            running.cancel.send_replace(true);
        }
    }

    /// The plan as it is now, or as it ended.
    pub async fn summary(&self, id: &PlanId) -> Result<Option<DriverPlan>, StoreError> {
        if let Some(running) = self.running().get(id)
            && (running.is_running() || running.progress.borrow().state != PlanState::Running)
        {
            return Ok(Some(running.progress.borrow().clone()));
        }
        let stored = self.store.driver_plans().get((id.driver.clone(), id.to)).await?;
        Ok(stored.map(|stored| match stored.value {
            plan if plan.state == PlanState::Running => DriverPlan { state: PlanState::Interrupted, ..plan },
            plan => plan,
        }))
    }

    /// At most `limit` rows on clusters after the marker, by cluster.
    pub async fn rows(&self, id: &PlanId, after: Option<ClusterId>, limit: usize) -> Result<Vec<ClusterVerdict>, StoreError> {
        let rows = self.store.verdicts().of_plan(&id.driver, &id.to, after, limit).await?;
        Ok(rows.into_iter().map(|row| row.value).collect())
    }

    fn running(&self) -> std::sync::MutexGuard<'_, HashMap<PlanId, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    /// A job that was dropped with its runtime does not run.
    fn is_running(&self) -> bool {
        self.progress.borrow().state == PlanState::Running && self.progress.has_changed().is_ok()
    }
}

impl std::str::FromStr for PlanId {
    type Err = NoPlanId;

    fn from_str(text: &str) -> Result<Self, NoPlanId> {
        let (driver, to) = text.rsplit_once('@').ok_or(NoPlanId)?;
        Ok(Self { driver: driver.to_owned(), to: to.parse().map_err(|_| NoPlanId)? })
    }
}

impl fmt::Display for PlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.driver, self.to)
    }
}

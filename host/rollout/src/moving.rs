//! Clusters go from one version to another: those for which nothing changes by themselves, the others when somebody says so.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use jeroboam_model::{
    Cluster, ClusterId,
    driver::{ClusterVerdict, Digest, Verdict},
};
use jeroboam_plugins::{Driver, Purpose};
use jeroboam_store::{CommitError, Stored, tables::recordings::fingerprint};

use crate::{
    Moved, Newcomer, PlanId, PlanRequest, RolloutError, Rollouts, Which,
    decide::Who,
    kill::{Changing, Moment},
    uncut::uncut,
};

/// Verdicts, or clusters, that are looked at together.
const PAGE: usize = 200;
/// How often a cluster that others write is tried.
const TRIES: usize = 20;

/// Whether a cluster was moved.
enum Outcome {
    Moved,
    /// It is there already, is to be elsewhere, or what the verdict was made from has changed.
    NotNow,
}

impl Rollouts {
    /// Moves clusters to the version that they would be made with now, whatever it changes: it counts from their next operation on.
    pub async fn move_clusters(&self, driver: &str, which: Which) -> Result<Vec<Moved>, RolloutError> {
        let (rollouts, driver) = (self.clone(), driver.to_owned());
        uncut(async move { rollouts.move_now(&driver, which).await }).await
    }

    async fn move_now(&self, driver: &str, which: Which) -> Result<Vec<Moved>, RolloutError> {
        self.known(driver).await?;
        let mut moved = Vec::new();
        match which {
            Which::These(clusters) => {
                for id in clusters {
                    let found = self.0.store.clusters().get(id).await?.filter(|cluster| cluster.driver == driver);
                    match found {
                        Some(cluster) => moved.extend(self.move_one(cluster).await?),
                        None => return Err(RolloutError::NoCluster { cluster: id, driver: driver.to_owned() }),
                    }
                }
            }
            Which::All => {
                for cluster in self.clusters_elsewhere(driver).await? {
                    if let Some(cluster) = self.0.store.clusters().get(cluster).await? {
                        moved.extend(self.move_one(cluster).await?);
                    }
                }
            }
        }
        Ok(moved)
    }

    /// Ids only: there may be many.
    async fn clusters_elsewhere(&self, driver: &str) -> Result<Vec<ClusterId>, RolloutError> {
        let mut found = Vec::new();
        let mut after: Option<Cluster> = None;
        loop {
            let page = self.0.store.clusters().of_driver(driver, after.as_ref(), PAGE).await?;
            let fleet = self.fleet();
            for cluster in &page {
                let target = fleet.decide(driver, &Who::New(&Newcomer::of(cluster))).map_err(RolloutError::Nowhere)?;
                if cluster.driver_digest != Some(target) {
                    found.push(cluster.uuid);
                }
            }
            match page.last() {
                Some(last) if page.len() == PAGE => after = Some(last.value.clone()),
                _ => return Ok(found),
            }
        }
    }

    async fn move_one(&self, mut cluster: Stored<Cluster>) -> Result<Option<Moved>, RolloutError> {
        for _ in 0..TRIES {
            let target = self.fleet().decide(&cluster.driver, &Who::New(&Newcomer::of(&cluster)));
            let to = target.map_err(RolloutError::Nowhere)?;
            let from = cluster.driver_digest;
            if from == Some(to) {
                return Ok(Some(Moved { cluster: cluster.uuid, from, to }));
            }
            let mut tx = self.0.store.begin();
            tx.update(&cluster.with(Cluster { driver_digest: Some(to), ..cluster.value.clone() }));
            self.0.kill.pass(Changing::Move, Moment::Before);
            match tx.commit().await {
                Ok(()) => {
                    self.0.kill.pass(Changing::Move, Moment::After);
                    return Ok(Some(Moved { cluster: cluster.uuid, from, to }));
                }
                Err(CommitError::Conflict { .. }) => match self.0.store.clusters().get(cluster.uuid).await? {
                    Some(fresh) => cluster = fresh,
                    None => return Ok(None),
                },
                Err(error) => return Err(error.into()),
            }
        }
        Err(RolloutError::Conflict { what: format!("cluster {}", cluster.uuid) })
    }
}

/// By themselves.
impl Rollouts {
    /// Begins, or resumes, a plan: what the version would change for each cluster.
    pub async fn plan(&self, driver: &str, to: &Digest, preview: bool) -> Result<PlanId, RolloutError> {
        let version = self.stored(to).await?;
        if version.name != driver {
            return Err(RolloutError::NoVersion(*to));
        }
        if !version.waits_for.is_empty() {
            return Err(RolloutError::NeedsApproval { title: version.title(), waits_for: version.value.waits_for });
        }
        let to = self.loaded(&version).await?;
        self.begin_plan(to, preview).await
    }

    async fn begin_plan(&self, to: Driver, preview: bool) -> Result<PlanId, RolloutError> {
        let planner = self.0.planner.as_ref().ok_or(RolloutError::NoPlanner)?;
        let fleet = self.fleet();
        // Counted apart, both of them: what fails in a plan has failed nobody, and is in the plan.
        let apart = |driver: &Driver| driver.granting(driver.granted().clone(), Purpose::Plan);
        let known: Mutex<HashMap<Digest, Option<Driver>>> = Mutex::default();
        let old = Arc::new(move |digest: &Digest| {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            known.entry(*digest).or_insert_with(|| fleet.loaded.get(digest).and_then(|driver| apart(driver).ok())).clone()
        });
        let not_loaded = |error: jeroboam_plugins::LoadError| RolloutError::NotLoaded {
            title: format!("{} {}", to.name(), to.version()),
            why: error.to_string(),
        };
        planner.begin(PlanRequest { to: apart(&to).map_err(not_loaded)?, old, preview }).await
    }

    /// Plans in the background, then moves the clusters that the version defines the same for.
    pub(crate) fn begin_moving(&self, to: Driver) {
        if self.0.planner.is_none() {
            return;
        }
        let weak = self.weak();
        tokio::spawn(async move {
            let Some(rollouts) = weak.upgrade().map(Self) else { return };
            let (driver, digest) = (to.name().to_owned(), *to.digest());
            let result = async {
                let plan = rollouts.begin_plan(to, false).await?;
                if let Some(planner) = &rollouts.0.planner {
                    planner.finished(&plan).await;
                }
                rollouts.move_unchanged(&driver, &digest).await
            };
            match result.await {
                Ok(0) => {}
                Ok(moved) => tracing::info!(driver, %digest, moved, "clusters have moved: nothing changes for them"),
                Err(error) => tracing::error!(driver, %digest, "clusters do not move by themselves: {error}"),
            }
        });
    }

    /// Plans anew for drivers with clusters on versions that serve no newcomers: what was planned before may have been cut short, or clusters have changed since.
    pub(crate) async fn resume_moving(&self) -> Result<(), RolloutError> {
        let fleet = self.fleet();
        for rollout in fleet.rollouts.values() {
            let target = crate::rollback::on_trial(rollout).or(rollout.active);
            let Some(driver) = target.and_then(|digest| fleet.loaded.get(&digest)) else { continue };
            let others =
                fleet.versions.iter().filter(|(digest, known)| known.driver == rollout.driver && Some(**digest) != target);
            for (other, _) in others {
                if self.0.store.clusters().count_of_version(&rollout.driver, Some(other)).await? > 0 {
                    self.begin_moving(driver.clone());
                    break;
                }
            }
        }
        Ok(())
    }

    /// Moves those with a verdict that nothing changes; how many.
    pub(crate) async fn move_unchanged(&self, driver: &str, to: &Digest) -> Result<usize, RolloutError> {
        let Some(planner) = self.0.planner.clone() else { return Ok(0) };
        let (mut after, mut moved) = (None, 0);
        loop {
            let page = planner.verdicts(driver, to, after, PAGE).await?;
            for verdict in page.iter().filter(|verdict| verdict.moved || verdict.verdict == Verdict::Same) {
                if let Outcome::Moved = self.move_by(verdict).await? {
                    moved += 1;
                }
            }
            match page.last() {
                Some(last) if page.len() == PAGE => after = Some(last.cluster),
                _ => return Ok(moved),
            }
        }
    }

    async fn move_by(&self, verdict: &ClusterVerdict) -> Result<Outcome, RolloutError> {
        let Some(cluster) = self.0.store.clusters().get(verdict.cluster).await? else { return Ok(Outcome::NotNow) };
        let target = self.fleet().decide(&cluster.driver, &Who::New(&Newcomer::of(&cluster))).ok();
        if target != Some(verdict.to) || cluster.driver_digest == target {
            return Ok(Outcome::NotNow);
        }
        let recordings = self.0.store.recordings().of_cluster(cluster.uuid).await?;
        if fingerprint(&recordings) != verdict.recorded {
            return Ok(Outcome::NotNow);
        }
        let mut tx = self.0.store.begin();
        recordings.iter().for_each(|recording| tx.require_whole(recording));
        tx.update(&cluster.with(Cluster { driver_digest: Some(verdict.to), ..cluster.value.clone() }));
        self.0.kill.pass(Changing::Move, Moment::Before);
        match tx.commit().await {
            Ok(()) => {
                self.0.kill.pass(Changing::Move, Moment::After);
                Ok(Outcome::Moved)
            }
            Err(CommitError::Conflict { .. }) => Ok(Outcome::NotNow),
            Err(error) => Err(error.into()),
        }
    }
}

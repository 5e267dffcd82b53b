//! The front: which driver serves whom. What operators do about it is in a file for each verb.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock, Weak},
    time::{Duration, Instant},
};

use jeroboam_model::{
    Cluster,
    driver::{ClusterType, Digest, DigestPrefix, DriverVersion},
};
use jeroboam_plugins::{Bundled, Candidate, Driver, Grant, Host};
use jeroboam_store::{Store, Stored, digest_of};
use time::OffsetDateTime;
use tokio::sync::{Mutex, watch};

use crate::{
    Newcomer, Planning, ResolveError, RolloutConfig, RolloutError, RolloutParts,
    checks::Checks,
    decide::Who,
    fleet::{Choice, Fleet, Known},
    kill::KillSwitch,
};

/// All versions of all drivers. Cheap to clone.
#[derive(Clone)]
pub struct Rollouts(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub store: Store,
    pub host: Host,
    pub config: RolloutConfig,
    pub planner: Option<Arc<dyn Planning>>,
    pub bundled: HashMap<Digest, Bundled>,
    fleet: RwLock<Arc<Fleet>>,
    /// Held by whoever changes a rollout: one at a time.
    pub turn: Mutex<()>,
    /// Held by whoever takes over what the store says: what was read later must not be overtaken.
    refreshing: Mutex<()>,
    /// Held by whoever loads a version that is wanted at once.
    loading: Mutex<()>,
    pub checks: Checks,
    pub kill: KillSwitch,
    /// Until when handles from before the latest switch may begin calls, by the version that they are of.
    pub deadlines: RwLock<HashMap<Digest, OffsetDateTime>>,
    /// Changes with each switch.
    pub switches: watch::Sender<u64>,
}

/// Resolution.
impl Rollouts {
    /// The version that the cluster is on, or that serves in its place.
    pub async fn for_cluster(&self, cluster: &Cluster) -> Result<Driver, ResolveError> {
        let newcomer = Newcomer::of(cluster);
        let digest = self.fleet().decide(&cluster.driver, &Who::Existing { newcomer: &newcomer, on: cluster.driver_digest })?;
        self.serving(&cluster.driver, digest).await
    }

    /// The version that the cluster would be made with now: an upgrade of the cluster moves it there.
    pub async fn for_upgrade(&self, cluster: &Cluster) -> Result<Driver, ResolveError> {
        let digest = self.fleet().decide(&cluster.driver, &Who::New(&Newcomer::of(cluster)))?;
        self.serving(&cluster.driver, digest).await
    }

    /// For a cluster that is to be made: the driver with the name if there is one, else the one that serves the type.
    pub fn for_new(&self, cluster_type: &ClusterType, name: Option<&str>, newcomer: &Newcomer) -> Result<Driver, ResolveError> {
        self.fleet().resolve(self.choice(), cluster_type, name, newcomer)
    }

    /// What there are drivers for, sorted.
    pub fn cluster_types(&self) -> Vec<ClusterType> {
        self.fleet().cluster_types(self.choice())
    }

    /// Those that newcomers get who are in no canary, by name.
    pub fn active(&self) -> Vec<Driver> {
        self.fleet().active(self.choice()).cloned().collect()
    }

    async fn serving(&self, driver: &str, digest: Digest) -> Result<Driver, ResolveError> {
        if self.choice().is_disabled(driver, &digest) {
            return Err(ResolveError::Disabled { driver: driver.to_owned() });
        }
        let fleet = self.fleet();
        if let Some(driver) = fleet.loaded.get(&digest) {
            return Ok(driver.clone());
        }
        // Tried again at the next change of a rollout, and not for each call.
        if fleet.failed.contains_key(&digest) {
            return Err(fleet.not_loaded(driver, digest));
        }
        let failed = |error: RolloutError| ResolveError::NotLoaded { driver: driver.to_owned(), digest, why: error.to_string() };
        let version = self.stored(&digest).await.map_err(failed)?;
        self.loaded(&version).await.map_err(failed)
    }
}

/// Versions.
impl Rollouts {
    pub async fn version(&self, digest: &Digest) -> Result<DriverVersion, RolloutError> {
        Ok(self.stored(digest).await?.value)
    }

    /// The one version whose digest begins so.
    pub async fn find(&self, prefix: &DigestPrefix) -> Result<DriverVersion, RolloutError> {
        let mut found = self.0.store.driver_versions().beginning(prefix).await?;
        match (found.pop(), found.len()) {
            (None, _) => Err(RolloutError::NoneBegins(prefix.clone())),
            (Some(version), 0) => Ok(version.value),
            (Some(_), others) => Err(RolloutError::Ambiguous { prefix: prefix.clone(), count: others + 1 }),
        }
    }

    pub(crate) async fn stored(&self, digest: &Digest) -> Result<Stored<DriverVersion>, RolloutError> {
        self.0.store.driver_versions().get(*digest).await?.ok_or(RolloutError::NoVersion(*digest))
    }

    /// The version's bytes: those of the binary, or the store's.
    pub(crate) async fn bytes(&self, version: &DriverVersion) -> Result<std::borrow::Cow<'static, [u8]>, RolloutError> {
        if let Some(bundled) = self.0.bundled.get(&version.digest) {
            return Ok(bundled.bytes.clone());
        }
        let bytes = self.0.store.components().bytes(version.digest).await?;
        let missing = || RolloutError::NotLoaded { title: version.title(), why: "its bytes are not in the store".to_owned() };
        Ok(bytes.ok_or_else(missing)?.into())
    }

    /// The version as a driver that can be called; loads it if it is not.
    pub(crate) async fn loaded(&self, version: &DriverVersion) -> Result<Driver, RolloutError> {
        let _loading = self.0.loading.lock().await;
        if let Some(driver) = self.fleet().loaded.get(&version.digest) {
            return Ok(driver.clone());
        }
        let loaded = self.load(version).await;
        self.change(|fleet| match &loaded {
            Ok(driver) => {
                fleet.failed.remove(&version.digest);
                fleet.loaded.insert(version.digest, driver.clone());
            }
            Err(error) => {
                fleet.failed.insert(version.digest, error.to_string());
            }
        });
        loaded
    }

    async fn load(&self, version: &DriverVersion) -> Result<Driver, RolloutError> {
        let granted = version.granted.iter().filter_map(|name| Grant::parse(name)).collect();
        let bytes = self.bytes(version).await?;
        let (name, origin) = (version.name.clone(), version.origin.clone());
        let candidate = Candidate { name, digest: version.digest, origin, granted, bytes: Arc::new(bytes) };
        let loaded = self.0.host.load(candidate).await;
        loaded.map_err(|error| RolloutError::NotLoaded { title: version.title(), why: error.to_string() })
    }
}

impl Rollouts {
    pub(crate) fn new(parts: RolloutParts) -> Self {
        let RolloutParts { store, plugins, bundled, planner, config } = parts;
        Self(Arc::new(Inner {
            store,
            host: plugins,
            config,
            planner,
            bundled: bundled.into_iter().map(|bundled| (digest_of(&bundled.bytes), bundled)).collect(),
            fleet: RwLock::default(),
            turn: Mutex::default(),
            refreshing: Mutex::default(),
            loading: Mutex::default(),
            checks: Checks::default(),
            kill: KillSwitch::from_environment(),
            deadlines: RwLock::default(),
            switches: watch::Sender::new(0),
        }))
    }

    pub(crate) fn weak(&self) -> Weak<Inner> {
        Arc::downgrade(&self.0)
    }

    pub(crate) fn fleet(&self) -> Arc<Fleet> {
        Arc::clone(&self.0.fleet.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn choice(&self) -> Choice<'_> {
        Choice { disabled: &self.0.config.disabled, preferred: &self.0.config.preferred }
    }

    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Fleet) -> T) -> T {
        let mut fleet = self.0.fleet.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut fleet))
    }

    /// Goes by what the store says now: versions that serve are loaded, the others let go. One that cannot be loaded stops nothing else.
    pub(crate) async fn refresh(&self) -> Result<(), RolloutError> {
        let _refreshing = self.0.refreshing.lock().await;
        let rollouts = self.0.store.rollouts().all().await?;
        let versions = self.0.store.driver_versions().all().await?;
        let wanted: Vec<&Stored<DriverVersion>> =
            versions.iter().filter(|version| crate::start::is_wanted(version, &rollouts)).collect();
        futures::future::join_all(wanted.iter().map(|version| self.loaded(version))).await;
        self.change(|fleet| {
            let before = std::mem::take(&mut fleet.rollouts);
            fleet.rollouts = rollouts.into_iter().map(|rollout| (rollout.driver.clone(), rollout.value)).collect();
            fleet.versions = versions.iter().map(|version| (version.digest, Known::of(version))).collect();
            let keep = |digest: &Digest| wanted.iter().any(|version| version.digest == *digest);
            fleet.loaded.retain(|digest, _| keep(digest));
            fleet.failed.retain(|digest, _| keep(digest));
            for (name, rollout) in &before {
                let now = fleet.rollouts.get(name).map(|rollout| (rollout.active, rollout.stage.clone()));
                let Some((active, stage)) = now else { continue };
                // Who was selected for a canary, or for what was rolled back, holds a handle that was right then.
                if active != rollout.active || stage != rollout.stage {
                    let digests: HashSet<Digest> = rollout.versions().chain(active).collect();
                    digests.iter().for_each(|digest| self.end_leases(fleet, digest));
                }
            }
        });
        self.0.switches.send_modify(|switches| *switches += 1);
        Ok(())
    }

    /// Handles that were taken until now begin no calls once a call that is under way now must be over.
    fn end_leases(&self, fleet: &mut Fleet, digest: &Digest) {
        let wall = self.0.host.limits().wall;
        if let Some(driver) = fleet.loaded.get_mut(digest) {
            *driver = driver.renew(Instant::now() + wall);
            let deadline = OffsetDateTime::now_utc() + wall;
            self.0.deadlines.write().unwrap_or_else(PoisonError::into_inner).insert(*digest, deadline);
        }
    }

    /// When no handle from before the latest switch can begin a call any more, if that is still to come.
    pub(crate) fn deadline(&self, digest: &Digest) -> Option<OffsetDateTime> {
        let deadlines = self.0.deadlines.read().unwrap_or_else(PoisonError::into_inner);
        deadlines.get(digest).copied().filter(|deadline| *deadline > OffsetDateTime::now_utc())
    }

    /// How long until the drain of the version is over; at least so long it stays loaded.
    pub(crate) fn drains_for(&self, digest: &Digest) -> Option<Duration> {
        self.deadline(digest).and_then(|deadline| Duration::try_from(deadline - OffsetDateTime::now_utc()).ok())
    }
}

impl std::fmt::Debug for Rollouts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.fleet().rollouts.keys()).finish()
    }
}

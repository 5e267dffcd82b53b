//! The crate's front: drivers loaded, and found again.

use std::{
    num::NonZeroUsize,
    sync::{Arc, PoisonError, RwLock},
    thread,
};

use futures::StreamExt;
use jeroboam_model::driver::{ClusterType, DriverRecord};
use time::OffsetDateTime;

use crate::{
    Driver, EngineError, PluginsConfig, ResolveError,
    cache::Cache,
    engine::Engine,
    load::{self, LoadError, Outcome},
    registry::Registry,
};

/// All drivers of this host. Cheap to clone.
#[derive(Clone)]
pub struct Plugins {
    registry: Arc<RwLock<Arc<Registry>>>,
}

impl Plugins {
    /// Loads everything there is. A component that fails is listed with its reason, and stops nothing else.
    pub async fn start(config: PluginsConfig) -> Result<Self, EngineError> {
        let engine = Arc::new(Engine::new(config.limits.clone(), config.metrics.clone())?);
        let cache = config.cache_dir.as_deref().map(|dir| Cache::open(dir, &engine.wasm)).transpose()?.map(Arc::new);
        let disabled: Arc<[String]> = config.disabled.clone().into();
        let loads = load::candidates(&config).into_iter().map(|candidate| {
            let (engine, cache, disabled) = (Arc::clone(&engine), cache.clone(), Arc::clone(&disabled));
            let (file_name, origin) = (candidate.file_name.clone(), candidate.origin.clone());
            async move {
                let loaded = tokio::spawn(candidate.load(engine, cache, disabled)).await;
                loaded.unwrap_or_else(|_| Outcome { file_name, origin, digest: String::new(), result: Err(LoadError::Host) })
            }
        });
        let at_once = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let outcomes: Vec<Outcome> = futures::stream::iter(loads).buffered(at_once).collect().await;
        let registry = Registry::new(outcomes, &config.preferred, OffsetDateTime::now_utc());
        Ok(Self { registry: Arc::new(RwLock::new(Arc::new(registry))) })
    }

    /// What became of every component, in the order in which they were looked at.
    pub fn records(&self) -> Vec<DriverRecord> {
        self.snapshot().records().to_vec()
    }

    /// What there are drivers for, sorted.
    pub fn cluster_types(&self) -> Vec<ClusterType> {
        self.snapshot().cluster_types()
    }

    /// The driver for a cluster type: the one with the name if there is one, else the one that serves the type.
    pub fn resolve(&self, cluster_type: &ClusterType, name: Option<&str>) -> Result<Driver, ResolveError> {
        self.snapshot().resolve(cluster_type, name)
    }

    pub fn by_name(&self, name: &str) -> Option<Driver> {
        self.snapshot().by_name(name)
    }

    fn snapshot(&self) -> Arc<Registry> {
        Arc::clone(&self.registry.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl std::fmt::Debug for Plugins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.records().iter().map(|record| &record.name)).finish()
    }
}

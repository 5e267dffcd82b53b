//! What all drivers of a process share.

use std::{path::Path, sync::Arc};

use crate::{Candidate, Driver, DriverMetrics, EngineError, Limits, LoadError, cache::Cache, engine::Engine};

/// The engine with its limits and its pool, and the cache of compiled code. Cheap to clone.
#[derive(Clone)]
pub struct Host {
    engine: Arc<Engine>,
    cache: Option<Arc<Cache>>,
}

impl Host {
    /// `cache_dir`: where compiled code is kept; only this host's user may be able to write there. `None`: compile each time.
    pub fn new(cache_dir: Option<&Path>, limits: Limits) -> Result<Self, EngineError> {
        Self::counting(cache_dir, limits, DriverMetrics::default())
    }

    /// As [`Host::new`], counting calls where they can be scraped.
    pub fn counting(cache_dir: Option<&Path>, limits: Limits, metrics: DriverMetrics) -> Result<Self, EngineError> {
        let engine = Arc::new(Engine::new(limits, metrics)?);
        let cache = cache_dir.map(|dir| Cache::open(dir, &engine.wasm)).transpose()?.map(Arc::new);
        Ok(Self { engine, cache })
    }

    pub fn limits(&self) -> &Limits {
        &self.engine.limits
    }

    /// From bytes to a driver that can be called: its world is read, then it is compiled, linked with what it was granted, instantiated once, and asked
    /// to describe itself.
    pub async fn load(&self, candidate: Candidate) -> Result<Driver, LoadError> {
        let (engine, cache) = (Arc::clone(&self.engine), self.cache.clone());
        // A fault in here must end nobody else's work.
        let loaded = tokio::spawn(candidate.load(engine, cache)).await.unwrap_or(Err(LoadError::Host));
        if let Err(error) = &loaded {
            self.engine.metrics.table().load_failures.of([error.kind()]).inc();
        }
        loaded
    }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").finish_non_exhaustive()
    }
}

//! What all drivers of a process share.

use std::{path::Path, sync::Arc};

use crate::{Candidate, Driver, EngineError, Limits, LoadError, cache::Cache, engine::Engine};

/// The engine with its limits and its pool, and the cache of compiled code. Cheap to clone.
#[derive(Clone)]
pub struct Host {
    engine: Arc<Engine>,
    cache: Option<Arc<Cache>>,
}

impl Host {
    /// `cache_dir`: where compiled code is kept; only this host's user may be able to write there. `None`: compile each time.
    pub fn new(cache_dir: Option<&Path>, limits: Limits) -> Result<Self, EngineError> {
        let engine = Arc::new(Engine::new(limits)?);
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
        tokio::spawn(candidate.load(engine, cache)).await.unwrap_or(Err(LoadError::Host))
    }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").finish_non_exhaustive()
    }
}

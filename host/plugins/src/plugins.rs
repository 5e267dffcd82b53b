//! The crate's front: drivers loaded, and found again.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, Read},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use futures::StreamExt;
use jeroboam_model::driver::{ClusterType, Origin};

use crate::{
    Bundled, Candidate, Driver, EngineError, Host, LoadError, PluginsConfig, ResolveError,
    registry::{DriverRecord, Outcome, Registry},
};

/// A fixed set of drivers, loaded at once: for authors' commands and for tests. Cheap to clone.
#[derive(Clone)]
pub struct Plugins {
    registry: Arc<Registry>,
}

enum Content {
    Bundled(Bundled),
    File(PathBuf),
}

impl Plugins {
    /// Loads everything there is. A component that fails is listed with its reason, and stops nothing else.
    pub async fn start(config: PluginsConfig) -> Result<Self, EngineError> {
        let host = Host::counting(config.cache_dir.as_deref(), config.limits.clone(), config.metrics.clone())?;
        let bundled = config.bundled.iter().map(|one| (one.file_name.clone(), Content::Bundled(one.clone())));
        let files = config.drivers_dir.as_deref().map(files).unwrap_or_default();
        let all: Vec<_> = bundled.chain(files.into_iter().map(|(name, path)| (name, Content::File(path)))).collect();
        let loads = all.into_iter().map(|(file_name, content)| look(&host, &config, file_name, content));
        let at_once = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let outcomes: Vec<Outcome> = futures::stream::iter(loads).buffered(at_once).collect().await;
        Ok(Self { registry: Arc::new(Registry::new(outcomes, &config.preferred)) })
    }

    /// What became of every component, in the order in which they were looked at.
    pub fn records(&self) -> Vec<DriverRecord> {
        self.registry.records().to_vec()
    }

    /// What there are drivers for, sorted.
    pub fn cluster_types(&self) -> Vec<ClusterType> {
        self.registry.cluster_types()
    }

    /// The driver for a cluster type: the one with the name if there is one, else the one that serves the type.
    pub fn resolve(&self, cluster_type: &ClusterType, name: Option<&str>) -> Result<Driver, ResolveError> {
        self.registry.resolve(cluster_type, name)
    }

    pub fn by_name(&self, name: &str) -> Option<Driver> {
        self.registry.by_name(name)
    }
}

fn files(dir: &Path) -> Vec<(String, PathBuf)> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) => {
            tracing::warn!(dir = %dir.display(), "the drivers directory is not read: {error}");
            return Vec::new();
        }
    };
    let mut files: Vec<(String, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = crate::text::line(&entry.file_name().to_string_lossy(), 255);
            (name.ends_with(".wasm") && !name.starts_with('.')).then(|| (name, entry.path()))
        })
        .collect();
    files.sort();
    files
}

async fn look(host: &Host, config: &PluginsConfig, file_name: String, content: Content) -> Outcome {
    let (origin, bundled) = match content {
        Content::Bundled(_) => (Origin::Bundled, true),
        Content::File(_) => (Origin::Directory(file_name.clone()), false),
    };
    let granted = config.grants.of(&file_name, bundled);
    let limit = host.limits().component_bytes;
    let stem = file_name.strip_suffix(".wasm").unwrap_or(&file_name).to_owned();
    let mut digest = None;
    let result = async {
        let read = tokio::task::spawn_blocking(move || content.read(limit)).await.map_err(|_| LoadError::Host)??;
        let candidate = Candidate::new(stem, origin.clone(), granted, read);
        digest = Some(candidate.digest);
        let disabled = |text: &str| config.disabled.iter().any(|disabled| disabled == text);
        if disabled(&candidate.digest.to_string()) {
            return Err(LoadError::Disabled);
        }
        let driver = host.load(candidate).await?;
        if disabled(driver.name()) {
            return Err(LoadError::Disabled);
        }
        match driver.wants().into_iter().next() {
            Some(wanted) => {
                Err(LoadError::NotGrantedCapability { name: wanted.name, reason: wanted.reason, file: file_name.clone() })
            }
            None => Ok(driver),
        }
    }
    .await;
    Outcome { file_name, origin, digest, result }
}

impl Content {
    fn read(self, limit: u64) -> Result<Cow<'static, [u8]>, LoadError> {
        match self {
            Self::Bundled(bundled) => Ok(bundled.bytes),
            Self::File(path) => {
                let file = File::open(path).map_err(LoadError::Unreadable)?;
                if !file.metadata().map_err(LoadError::Unreadable)?.is_file() {
                    return Err(LoadError::Unreadable(io::Error::from(io::ErrorKind::InvalidInput)));
                }
                let mut bytes = Vec::new();
                file.take(limit + 1).read_to_end(&mut bytes).map_err(LoadError::Unreadable)?;
                if bytes.len() as u64 > limit { Err(LoadError::TooLarge(limit)) } else { Ok(Cow::Owned(bytes)) }
            }
        }
    }
}

impl std::fmt::Debug for Plugins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.records().iter().map(|record| &record.name)).finish()
    }
}

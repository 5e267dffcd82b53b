//! What the conductor asks of drivers. Versions of [`Rollouts`] answer in a sandbox; a test may answer by itself.

use std::sync::Arc;

use async_trait::async_trait;
use jeroboam_model::driver::{Description, Digest, Health, Observation, Progress, StackScope};
use jeroboam_model::{Cluster, ClusterTemplate, ClusterView, NodeGroupId};
use jeroboam_plugins::{CallContext, CallError, Defined, UpgradePlan};
use jeroboam_rollout::{ResolveError, Rollouts};

/// The drivers that can be called now. A handle is for a step: it must not be kept for the next one.
#[async_trait]
pub trait Drivers: Send + Sync {
    /// The version that the cluster is on.
    async fn for_cluster(&self, cluster: &Cluster) -> Result<Arc<dyn Driver>, ResolveError>;
    /// The version that an upgrade brings the cluster to.
    async fn for_upgrade(&self, cluster: &Cluster) -> Result<Arc<dyn Driver>, ResolveError>;
}

/// The part of the contract that operations use; meanings are in `wit/`.
#[async_trait]
pub trait Driver: Send + Sync {
    fn description(&self) -> &Description;
    /// Of the component.
    fn digest(&self) -> &Digest;
    async fn define_stack(&self, view: &ClusterView, scope: StackScope, context: CallContext) -> Result<Defined, CallError>;
    async fn pick_removals(
        &self,
        view: &ClusterView,
        group: NodeGroupId,
        count: u32,
        context: CallContext,
    ) -> Result<Vec<String>, CallError>;
    async fn read_stack(
        &self,
        view: &ClusterView,
        scope: StackScope,
        outputs: Vec<(String, serde_json::Value)>,
        context: CallContext,
    ) -> Result<Observation, CallError>;
    async fn plan_upgrade(
        &self,
        view: &ClusterView,
        target: &ClusterTemplate,
        group: Option<NodeGroupId>,
        batch: u32,
        context: CallContext,
    ) -> Result<UpgradePlan, CallError>;
    async fn before_delete(&self, view: &ClusterView, context: CallContext) -> Result<Progress, CallError>;
    async fn check_health(&self, view: &ClusterView, context: CallContext) -> Result<Health, CallError>;
}

#[async_trait]
impl Drivers for Rollouts {
    async fn for_cluster(&self, cluster: &Cluster) -> Result<Arc<dyn Driver>, ResolveError> {
        Ok(Arc::new(Self::for_cluster(self, cluster).await?))
    }

    async fn for_upgrade(&self, cluster: &Cluster) -> Result<Arc<dyn Driver>, ResolveError> {
        Ok(Arc::new(Self::for_upgrade(self, cluster).await?))
    }
}

/// Hands each call on to the sandbox.
#[async_trait]
impl Driver for jeroboam_plugins::Driver {
    fn description(&self) -> &Description {
        Self::description(self)
    }

    fn digest(&self) -> &Digest {
        Self::digest(self)
    }

    async fn define_stack(&self, view: &ClusterView, scope: StackScope, context: CallContext) -> Result<Defined, CallError> {
        Self::define_stack(self, view, scope, context).await
    }

    async fn pick_removals(
        &self,
        view: &ClusterView,
        group: NodeGroupId,
        count: u32,
        context: CallContext,
    ) -> Result<Vec<String>, CallError> {
        Self::pick_removals(self, view, group, count, context).await
    }

    async fn read_stack(
        &self,
        view: &ClusterView,
        scope: StackScope,
        outputs: Vec<(String, serde_json::Value)>,
        context: CallContext,
    ) -> Result<Observation, CallError> {
        Self::read_stack(self, view, scope, outputs, context).await
    }

    async fn plan_upgrade(
        &self,
        view: &ClusterView,
        target: &ClusterTemplate,
        group: Option<NodeGroupId>,
        batch: u32,
        context: CallContext,
    ) -> Result<UpgradePlan, CallError> {
        Self::plan_upgrade(self, view, target, group, batch, context).await
    }

    async fn before_delete(&self, view: &ClusterView, context: CallContext) -> Result<Progress, CallError> {
        Self::before_delete(self, view, context).await
    }

    async fn check_health(&self, view: &ClusterView, context: CallContext) -> Result<Health, CallError> {
        Self::check_health(self, view, context).await
    }
}

//! `load-balancers`: those that the cluster's controllers made.

use std::time::Duration;

use async_trait::async_trait;
use jeroboam_cloud::{Kind, LoadBalancerFilter, Service, Session};
use jeroboam_plugins::{LoadBalancer, LoadBalancers, SourceError};

use super::Owner;
use super::refusal::told;

/// How long a load balancer that is being changed is left alone.
const BUSY: Duration = Duration::from_secs(2);

pub(super) struct Source {
    pub session: Session,
    pub owner: Owner,
}

#[async_trait]
impl LoadBalancers for Source {
    async fn list_owned(&self) -> Result<Vec<LoadBalancer>, SourceError> {
        if !self.session.has_service(Service::Octavia).await.map_err(told)? {
            return Ok(Vec::new());
        }
        let filter = LoadBalancerFilter { project_id: Some(self.owner.project.clone()), ..LoadBalancerFilter::default() };
        let all = self.session.octavia().list_load_balancers(&filter).await.map_err(told)?;
        let owned = all.into_iter().filter(|balancer| {
            balancer.project_id == self.owner.project
                && (self.owner.described_by(&balancer.description) || self.owner.tagged_by(balancer.tags.iter()))
        });
        Ok(owned.map(owned_as_told).collect())
    }

    async fn delete(&self, id: &str) -> Result<(), SourceError> {
        let octavia = self.session.octavia();
        let Some(balancer) = octavia.load_balancer(id).await.map_err(told)? else { return Ok(()) };
        if matches!(balancer.provisioning_status.as_str(), "PENDING_DELETE" | "DELETED") {
            return Ok(());
        }
        match octavia.delete_load_balancer(id).await {
            // It cannot be deleted while it is being changed, and will be changed soon.
            Err(error) if error.kind() == Kind::Conflict => Err(SourceError::Unavailable {
                message: format!("load balancer {id} is {}", balancer.provisioning_status),
                after: BUSY,
            }),
            outcome => outcome.map_err(told),
        }
    }
}

fn owned_as_told(balancer: jeroboam_cloud::LoadBalancer) -> LoadBalancer {
    LoadBalancer {
        id: balancer.id,
        name: balancer.name,
        description: balancer.description,
        provisioning_status: balancer.provisioning_status,
        vip_port_id: balancer.vip_port_id,
    }
}

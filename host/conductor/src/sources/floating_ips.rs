//! `floating-ips`: those that the cluster's controllers made.

use async_trait::async_trait;
use jeroboam_cloud::Session;
use jeroboam_cloud::neutron::FloatingIpFilter;
use jeroboam_plugins::{FloatingIp, FloatingIps, SourceError};

use super::Owner;
use super::refusal::told;

pub(super) struct Source {
    pub session: Session,
    pub owner: Owner,
}

#[async_trait]
impl FloatingIps for Source {
    async fn list_owned(&self) -> Result<Vec<FloatingIp>, SourceError> {
        let filter = FloatingIpFilter { project_id: Some(self.owner.project.clone()), ..FloatingIpFilter::default() };
        let all = self.session.neutron().list_floating_ips(&filter).await.map_err(told)?;
        let owned = all.into_iter().filter(|ip| self.owner.described_by(&ip.description) || self.owner.tagged_by(ip.tags.iter()));
        Ok(owned
            .map(|ip| FloatingIp { id: ip.id, address: ip.address, description: ip.description, port_id: ip.port_id })
            .collect())
    }

    async fn delete(&self, id: &str) -> Result<(), SourceError> {
        self.session.neutron().delete_floating_ip(id).await.map_err(told)
    }
}

//! What is the cluster's own: stacks, load balancers, volumes, floating IPs, certificates, its API.

use std::time::Duration;

use async_trait::async_trait;
use jeroboam_model::{Authority, driver::StackScope};
use jeroboam_plugins::{
    Certificates, CoeApi, FloatingIp, FloatingIps, LoadBalancer, LoadBalancers, SourceError, StackResource, Stacks, Volume,
    Volumes,
    interfaces::coe_api::{Request, Response},
};

use super::World;

const PENDING: &str = "PENDING_DELETE";
const DELETING: &str = "deleting";

impl World {
    fn works(&self) -> Result<(), SourceError> {
        self.0.effects.clone().map_or(Ok(()), Err)
    }
}

#[async_trait]
impl Stacks for World {
    async fn list_outputs(&self, _: StackScope) -> Result<Vec<(String, serde_json::Value)>, SourceError> {
        self.works()?;
        Ok(Vec::new())
    }

    async fn list_resources(&self, _: StackScope, _: u32) -> Result<Vec<StackResource>, SourceError> {
        self.works()?;
        Ok(Vec::new())
    }
}

/// What was asked to go is shown once more, and then is gone.
#[async_trait]
impl LoadBalancers for World {
    async fn list_owned(&self) -> Result<Vec<LoadBalancer>, SourceError> {
        self.works()?;
        let mut owned = self.owned();
        let shown = owned.load_balancers.clone();
        owned.load_balancers.retain(|balancer| balancer.provisioning_status != PENDING);
        Ok(shown)
    }

    async fn delete(&self, id: &str) -> Result<(), SourceError> {
        self.works()?;
        self.owned()
            .load_balancers
            .iter_mut()
            .filter(|balancer| balancer.id == id)
            .for_each(|one| one.provisioning_status = PENDING.into());
        Ok(())
    }
}

#[async_trait]
impl Volumes for World {
    async fn list_owned(&self) -> Result<Vec<Volume>, SourceError> {
        self.works()?;
        let mut owned = self.owned();
        let shown = owned.volumes.clone();
        owned.volumes.retain(|volume| volume.status != DELETING);
        Ok(shown)
    }

    async fn delete(&self, id: &str) -> Result<(), SourceError> {
        self.works()?;
        self.owned().volumes.iter_mut().filter(|volume| volume.id == id).for_each(|one| one.status = DELETING.into());
        Ok(())
    }
}

#[async_trait]
impl FloatingIps for World {
    async fn list_owned(&self) -> Result<Vec<FloatingIp>, SourceError> {
        self.works()?;
        Ok(self.owned().floating_ips.clone())
    }

    async fn delete(&self, id: &str) -> Result<(), SourceError> {
        self.works()?;
        self.owned().floating_ips.retain(|address| address.id != id);
        Ok(())
    }
}

#[async_trait]
impl Certificates for World {
    async fn get_ca(&self, _: Authority) -> Result<String, SourceError> {
        Err(unreachable_api())
    }

    async fn sign(&self, _: Authority, _: &str) -> Result<String, SourceError> {
        Err(unreachable_api())
    }

    async fn issue(&self, _: Authority, _: &str, _: &[String]) -> Result<String, SourceError> {
        Err(unreachable_api())
    }
}

/// As most clusters' APIs are to a host outside of their network.
#[async_trait]
impl CoeApi for World {
    async fn send(&self, _: Request) -> Result<Response, SourceError> {
        Err(unreachable_api())
    }
}

fn unreachable_api() -> SourceError {
    SourceError::Unavailable { message: "the cluster's API does not answer".into(), after: Duration::from_secs(10) }
}

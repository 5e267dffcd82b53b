//! What runs on a cluster, live: `/v1/pods`, `/v1/services`, `/v1/rcs` and `/v1/containers` of Liberty and Mitaka. A request is looked at here; then the cluster's
//! driver asks the cluster's own API, while the client waits.

mod error;
mod live;
mod manifest;

use jeroboam_model::driver::{CoeResource, ContainerAction, Manifest, ResourceKind};
use jeroboam_model::{ClusterId, ClusterView, Coe};
use jeroboam_plugins::{CallContext, Driver};

use crate::call::Call;
use crate::error::{ApiError, What, echo};
use crate::lookup::{self, Reach};

pub use error::CoeError;
pub use live::{Draft, Live, MANIFEST, MANIFEST_URL, Rules, Shown, create, delete, list, pairs, show, update};

/// A cluster that can be asked what runs on it.
pub struct Site {
    pub view: ClusterView,
    driver: Driver,
}

/// COEs whose clusters have a kind of thing, as errors call them.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    pub coes: &'static [Coe],
    pub called: &'static str,
}

pub const KUBERNETES: Expected = Expected { coes: &[Coe::Kubernetes], called: "kubernetes" };
pub const SWARM: Expected = Expected { coes: &[Coe::Swarm, Coe::SwarmMode], called: "swarm" };

impl Site {
    /// The project's cluster of that uuid or name.
    pub async fn find(call: &Call, ident: &str, expected: Expected) -> Result<Self, ApiError> {
        let view = lookup::view(call, ident, Reach::own(call)).await?.to_view();
        let coe = view.template.coe;
        if !expected.coes.contains(&coe) {
            return Err(CoeError::OtherCoe { coe, expected: expected.called }.into());
        }
        if view.cluster.api_address.is_none() {
            return Err(ApiError::NoApiAddress);
        }
        let driver = call.app.rollouts.for_cluster(&view.cluster).await;
        let driver = driver.map_err(|error| CoeError::NoDriver { driver: view.cluster.driver.clone(), source: error })?;
        Ok(Self { view, driver })
    }

    /// The same of a cluster that a body names: that it is not there is then the body's fault.
    pub async fn named(call: &Call, ident: &str, expected: Expected) -> Result<Self, ApiError> {
        match Self::find(call, ident, expected).await {
            Err(ApiError::NotFound { what: What::Cluster, ident }) => {
                Err(ApiError::Unknown { what: What::Cluster, ident: echo(&ident) })
            }
            found => found,
        }
    }

    pub const fn cluster(&self) -> ClusterId {
        self.view.cluster.uuid
    }

    /// As the requester; with the cluster's own certificates.
    async fn context(&self, call: &Call) -> CallContext {
        let (own, global) = (&call.request_id, call.global_request_id.as_ref());
        call.app.intake.context_of(&self.view, call.token(), own, global).await
    }

    pub async fn list(&self, call: &Call, kind: ResourceKind) -> Result<Vec<CoeResource>, CoeError> {
        Ok(self.driver.list_resources(&self.view, kind, self.context(call).await).await?)
    }

    pub async fn show(&self, call: &Call, kind: ResourceKind, ident: &str) -> Result<CoeResource, CoeError> {
        Ok(self.driver.show_resource(&self.view, kind, ident, self.context(call).await).await?)
    }

    pub async fn create(&self, call: &Call, manifest: &Manifest) -> Result<CoeResource, CoeError> {
        Ok(self.driver.create_resource(&self.view, manifest, self.context(call).await).await?)
    }

    pub async fn replace(&self, call: &Call, ident: &str, manifest: &Manifest) -> Result<CoeResource, CoeError> {
        Ok(self.driver.replace_resource(&self.view, ident, manifest, self.context(call).await).await?)
    }

    pub async fn delete(&self, call: &Call, kind: ResourceKind, ident: &str) -> Result<(), CoeError> {
        Ok(self.driver.delete_resource(&self.view, kind, ident, self.context(call).await).await?)
    }

    pub async fn act(&self, call: &Call, ident: &str, action: &ContainerAction) -> Result<String, CoeError> {
        Ok(self.driver.act_on_container(&self.view, ident, action, self.context(call).await).await?)
    }
}

//! A running cloud.

use std::{net::SocketAddr, sync::Arc};

use url::Url;

use crate::{
    cloud::Cloud,
    credentials::{Credentials, Who},
    faults::Faults,
    http,
    options::{Options, StartError},
    persist,
};

/// A running cloud. It stops when it is shut down; dropping it leaves its tasks to the runtime.
pub struct Devcloud {
    cloud: Arc<Cloud>,
    listener: http::Listener,
    keeper: Option<persist::Keeper>,
}

impl Devcloud {
    /// Listens, and seeds the cloud or reads it from its state file.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let bound = http::bind(options.listen).await?;
        let cloud = Cloud::open(&options, bound.address())?;
        let keeper = options.state.map(|path| persist::Keeper::start(cloud.clone(), path));
        let listener = bound.serve(cloud.clone());
        Ok(Self { cloud, listener, keeper })
    }

    pub fn address(&self) -> SocketAddr {
        self.listener.address()
    }

    /// The `OS_AUTH_URL` of this cloud.
    pub fn identity_url(&self) -> String {
        self.cloud.identity_url()
    }

    pub fn credentials(&self, who: Who) -> Credentials {
        who.credentials(self.identity_url())
    }

    /// Failures on demand; the same as `/devcloud/faults`.
    pub fn faults(&self) -> &Faults {
        &self.cloud.faults
    }

    /// Puts the Magnum API into the catalogue.
    pub fn set_container_infra(&self, url: &Url) {
        self.cloud.write(|state| state.keystone.set_container_infra(url.as_str()));
    }

    /// Every live object, as `/devcloud/inventory` lists it.
    pub fn inventory(&self) -> serde_json::Value {
        crate::inventory::list(&self.cloud, None)
    }

    /// Stops listening, ends open connections, and writes the state file a last time.
    pub async fn shutdown(self) {
        self.listener.stop().await;
        if let Some(keeper) = self.keeper {
            keeper.stop().await;
        }
    }
}

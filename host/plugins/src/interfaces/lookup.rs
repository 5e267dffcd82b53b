//! `lookup`: reads of OpenStack. Recorded.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{
    Interface, Phase,
    bindings::jeroboam::coe::lookup as wit,
    phase::Rule,
    source::{HostError, Nothing, SourceError},
    state::CallState,
};

/// Where [`lookup`](self) is answered from. An id wins over a name; a name that fits several objects is `Conflict`, one that
/// fits none `NotFound`.
#[async_trait]
pub trait Lookup: Send + Sync {
    async fn get_image(&self, name_or_id: &str) -> Result<Image, SourceError>;
    async fn get_flavor(&self, name_or_id: &str) -> Result<Flavor, SourceError>;
    async fn get_network(&self, name_or_id: &str) -> Result<Network, SourceError>;
    async fn get_external_network(&self, name_or_id: &str) -> Result<Network, SourceError>;
    async fn get_subnet(&self, name_or_id: &str) -> Result<Subnet, SourceError>;
    /// In Cinder's order.
    async fn list_volume_types(&self) -> Result<Vec<VolumeType>, SourceError>;
    async fn get_keypair(&self, name: &str) -> Result<Keypair, SourceError>;
    async fn list_regions(&self) -> Result<Vec<String>, SourceError>;
}

/// A record of the contract, which source and record share.
macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type),+
        }

        impl From<$name> for wit::$name {
            fn from(record: $name) -> Self {
                Self { $($field: record.$field),+ }
            }
        }
    )+};
}

records! {
    Image {
        id: String,
        name: String,
        /// GB.
        min_disk: u32,
        os_distro: Option<String>,
        properties: Vec<(String, String)>,
    }
    Flavor {
        id: String,
        name: String,
        vcpus: u32,
        /// MiB.
        ram: u32,
        /// GB; 0: the server has to boot from a volume.
        disk: u32,
    }
    Network {
        id: String,
        name: String,
        external: bool,
        /// Ids.
        subnets: Vec<String>,
    }
    Subnet {
        id: String,
        name: String,
        network_id: String,
        cidr: String,
        /// 4 or 6.
        ip_version: u8,
    }
    VolumeType {
        id: String,
        name: String,
        is_default: bool,
    }
    Keypair {
        name: String,
        /// As in `authorized_keys`.
        public_key: String,
    }
}

pub(crate) const fn rule(phase: Phase) -> Rule {
    if matches!(phase, Phase::Describe) || phase.is_of_resources() { Rule::Trap } else { Rule::Allow }
}

/// One read with one argument.
macro_rules! read {
    ($self:ident, $function:literal, $method:ident, $argument:ident) => {{
        let source = $self.sources.lookup.clone();
        let question = $argument.clone();
        $self.read(Interface::Lookup, $function, &question, async move { source.$method(&$argument).await }).await
    }};
}

impl wit::Host for CallState {
    async fn get_image(&mut self, name_or_id: String) -> Result<wit::Image, HostError> {
        read!(self, "get-image", get_image, name_or_id).map(|image: Image| image.into())
    }

    async fn get_flavor(&mut self, name_or_id: String) -> Result<wit::Flavor, HostError> {
        read!(self, "get-flavor", get_flavor, name_or_id).map(|flavor: Flavor| flavor.into())
    }

    async fn get_network(&mut self, name_or_id: String) -> Result<wit::Network, HostError> {
        read!(self, "get-network", get_network, name_or_id).map(|network: Network| network.into())
    }

    async fn get_external_network(&mut self, name_or_id: String) -> Result<wit::Network, HostError> {
        read!(self, "get-external-network", get_external_network, name_or_id).map(|network: Network| network.into())
    }

    async fn get_subnet(&mut self, name_or_id: String) -> Result<wit::Subnet, HostError> {
        read!(self, "get-subnet", get_subnet, name_or_id).map(|subnet: Subnet| subnet.into())
    }

    async fn list_volume_types(&mut self) -> Result<Vec<wit::VolumeType>, HostError> {
        let source = self.sources.lookup.clone();
        let types: Vec<VolumeType> =
            self.read(Interface::Lookup, "list-volume-types", "", async move { source.list_volume_types().await }).await?;
        Ok(types.into_iter().map(Into::into).collect())
    }

    async fn get_keypair(&mut self, name: String) -> Result<wit::Keypair, HostError> {
        read!(self, "get-keypair", get_keypair, name).map(|keypair: Keypair| keypair.into())
    }

    async fn list_regions(&mut self) -> Result<Vec<String>, HostError> {
        let source = self.sources.lookup.clone();
        self.read(Interface::Lookup, "list-regions", "", async move { source.list_regions().await }).await
    }
}

#[async_trait]
impl Lookup for Nothing {
    async fn get_image(&self, _: &str) -> Result<Image, SourceError> {
        Self::denied()
    }
    async fn get_flavor(&self, _: &str) -> Result<Flavor, SourceError> {
        Self::denied()
    }
    async fn get_network(&self, _: &str) -> Result<Network, SourceError> {
        Self::denied()
    }
    async fn get_external_network(&self, _: &str) -> Result<Network, SourceError> {
        Self::denied()
    }
    async fn get_subnet(&self, _: &str) -> Result<Subnet, SourceError> {
        Self::denied()
    }
    async fn list_volume_types(&self) -> Result<Vec<VolumeType>, SourceError> {
        Self::denied()
    }
    async fn get_keypair(&self, _: &str) -> Result<Keypair, SourceError> {
        Self::denied()
    }
    async fn list_regions(&self) -> Result<Vec<String>, SourceError> {
        Self::denied()
    }
}

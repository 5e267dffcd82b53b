//! `lookup`: reads of OpenStack.

use async_trait::async_trait;
use jeroboam_cloud::{Session, neutron};
use jeroboam_plugins::{Flavor, Image, Keypair, Lookup, Network, SourceError, Subnet, VolumeType};

use super::refusal::told;

/// As whoever the session is.
pub(super) struct Source(pub Session);

#[async_trait]
impl Lookup for Source {
    async fn get_image(&self, name_or_id: &str) -> Result<Image, SourceError> {
        let image = self.0.glance().find_image(name_or_id).await.map_err(told)?;
        Ok(Image {
            min_disk: number(image.min_disk),
            os_distro: image.property("os_distro").map(str::to_owned),
            id: image.id,
            name: image.name,
            properties: image.properties.into_iter().collect(),
        })
    }

    async fn get_flavor(&self, name_or_id: &str) -> Result<Flavor, SourceError> {
        let flavor = self.0.nova().find_flavor(name_or_id).await.map_err(told)?;
        Ok(Flavor {
            id: flavor.id,
            name: flavor.name,
            vcpus: number(flavor.vcpus),
            ram: number(flavor.ram),
            disk: number(flavor.disk),
        })
    }

    async fn get_network(&self, name_or_id: &str) -> Result<Network, SourceError> {
        self.0.neutron().find_network(name_or_id, None).await.map(network).map_err(told)
    }

    async fn get_external_network(&self, name_or_id: &str) -> Result<Network, SourceError> {
        self.0.neutron().find_network(name_or_id, Some(true)).await.map(network).map_err(told)
    }

    async fn get_subnet(&self, name_or_id: &str) -> Result<Subnet, SourceError> {
        let subnet = self.0.neutron().find_subnet(name_or_id, None).await.map_err(told)?;
        Ok(Subnet {
            id: subnet.id,
            name: subnet.name,
            network_id: subnet.network_id,
            cidr: subnet.cidr,
            ip_version: subnet.ip_version,
        })
    }

    async fn list_volume_types(&self) -> Result<Vec<VolumeType>, SourceError> {
        let cinder = self.0.cinder();
        let types = cinder.list_volume_types().await.map_err(told)?;
        let default = cinder.default_volume_type().await.map_err(told)?;
        let is_default = |id: &str| default.as_ref().is_some_and(|default| default.id == id);
        Ok(types.into_iter().map(|kind| VolumeType { is_default: is_default(&kind.id), id: kind.id, name: kind.name }).collect())
    }

    async fn get_keypair(&self, name: &str) -> Result<Keypair, SourceError> {
        let keypair = self.0.nova().find_keypair(name).await.map_err(told)?;
        Ok(Keypair { name: keypair.name, public_key: keypair.public_key })
    }

    async fn list_regions(&self) -> Result<Vec<String>, SourceError> {
        let regions = self.0.keystone().list_regions().await.map_err(told)?;
        Ok(regions.into_iter().map(|region| region.id).collect())
    }
}

fn network(network: neutron::Network) -> Network {
    Network { id: network.id, name: network.name, external: network.external, subnets: network.subnets }
}

/// Sizes beyond what the contract can say are as good as endless.
fn number(size: u64) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

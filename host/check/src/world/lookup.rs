//! Look-ups: there is one of everything by every name, unless it is to fail.

use async_trait::async_trait;
use jeroboam_plugins::{Flavor, Image, Keypair, Lookup, Network, SourceError, Subnet, VolumeType};

use super::World;
use crate::samples::DISKLESS;

impl World {
    fn fails(&self, function: &str, argument: &str) -> Result<(), SourceError> {
        match &self.0.lookup {
            Some(failing) if failing.question.as_ref().is_none_or(|(f, a)| f == function && a == argument) => {
                Err(failing.with.clone())
            }
            _ => Ok(()),
        }
    }
}

/// An id that is always the same for a name.
fn id(name: &str) -> String {
    uuid::Uuid::parse_str(name).map_or_else(
        |_| {
            let hash = name
                .bytes()
                .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
            uuid::Builder::from_u128(u128::from(hash) << 64 | u128::from(hash.rotate_left(17)))
                .with_version(uuid::Version::Random)
                .into_uuid()
                .to_string()
        },
        |id| id.to_string(),
    )
}

#[async_trait]
impl Lookup for World {
    async fn get_image(&self, name: &str) -> Result<Image, SourceError> {
        self.fails("get-image", name)?;
        Ok(Image { id: id(name), name: name.into(), min_disk: 0, os_distro: None, properties: Vec::new() })
    }

    async fn get_flavor(&self, name: &str) -> Result<Flavor, SourceError> {
        self.fails("get-flavor", name)?;
        let disk = if name == DISKLESS { 0 } else { 20 };
        Ok(Flavor { id: id(name), name: name.into(), vcpus: 2, ram: 4096, disk })
    }

    async fn get_network(&self, name: &str) -> Result<Network, SourceError> {
        self.fails("get-network", name)?;
        Ok(Network { id: id(name), name: name.into(), external: false, subnets: vec![id("subnet")] })
    }

    async fn get_external_network(&self, name: &str) -> Result<Network, SourceError> {
        self.fails("get-external-network", name)?;
        Ok(Network { id: id(name), name: name.into(), external: true, subnets: vec![id("external subnet")] })
    }

    async fn get_subnet(&self, name: &str) -> Result<Subnet, SourceError> {
        self.fails("get-subnet", name)?;
        Ok(Subnet { id: id(name), name: name.into(), network_id: id("existing"), cidr: "192.168.7.0/24".into(), ip_version: 4 })
    }

    async fn list_volume_types(&self) -> Result<Vec<VolumeType>, SourceError> {
        self.fails("list-volume-types", "")?;
        Ok(vec![VolumeType { id: id("ssd"), name: "ssd".into(), is_default: true }])
    }

    async fn get_keypair(&self, name: &str) -> Result<Keypair, SourceError> {
        self.fails("get-keypair", name)?;
        let public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGVJrWqHnJ7Yk2p0bq7mWcV3c9C1x5l0tR8uYw4sZk9E check";
        Ok(Keypair { name: name.into(), public_key: public_key.into() })
    }

    async fn list_regions(&self) -> Result<Vec<String>, SourceError> {
        self.fails("list-regions", "")?;
        Ok(vec!["RegionOne".into()])
    }
}

//! The Cinder volumes of nodes: how large, and of which type.

use jeroboam_driver_sdk::{
    Error, Pair, invalid,
    labels::{Label, Text},
    lookup,
    settings::Platform,
};

use crate::{labels, request::given};

/// A volume of each node of some kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    /// GB; 0: there is none.
    pub size: i64,
    /// Empty if there is none.
    pub volume_type: String,
}

/// The volume that nodes boot from.
pub fn boot(labels: &[Pair], platform: &Platform) -> Result<Volume, Error> {
    let size = boot_size(labels, platform)?;
    sized(size, labels, &labels::BOOT_VOLUME_TYPE, &platform.boot_volume_type)
}

/// Its size, without looking for its type.
pub fn boot_size(labels: &[Pair], platform: &Platform) -> Result<i64, Error> {
    Ok(labels::BOOT_VOLUME_SIZE.find(labels)?.unwrap_or(i64::from(platform.boot_volume_size)))
}

/// The volume of a master's etcd.
pub fn etcd(labels: &[Pair], platform: &Platform) -> Result<Volume, Error> {
    sized(labels::ETCD_VOLUME_SIZE.get(labels)?, labels, &labels::ETCD_VOLUME_TYPE, &platform.etcd_volume_type)
}

/// The volume for containers, of the larger of its sizes.
pub fn containers(size: u32, labels: &[Pair], platform: &Platform) -> Result<Volume, Error> {
    sized(i64::from(size), labels, &labels::DOCKER_VOLUME_TYPE, &platform.docker_volume_type)
}

/// Types are asked for only where there is a volume: a cloud may be without Cinder.
fn sized(size: i64, labels: &[Pair], label: &Label<Text>, operators: &str) -> Result<Volume, Error> {
    if size == 0 {
        return Ok(Volume::default());
    }
    let chosen = given(label.find(labels)?);
    if let Some(name) = chosen.or(given(Some(operators))) {
        return Ok(Volume { size, volume_type: name.to_owned() });
    }
    let types = lookup::list_volume_types()?;
    let found = types.iter().find(|candidate| candidate.is_default).or(types.first());
    match found {
        Some(found) => Ok(Volume { size, volume_type: found.name.clone() }),
        None => Err(invalid(format!("labels/{}", label.name), "the cloud has no volume types: ask for no volumes")),
    }
}

//! The Cinder volumes of nodes: how large, and of which type.

use jeroboam_driver_sdk::{
    Error, Pair, invalid, labels,
    labels::{Label, Text},
    lookup,
    settings::Platform,
};

use crate::request::given;

labels! {
    BOOT_VOLUME_SIZE = "boot_volume_size": integer(0, 65536), since "0.1.0", "GB of the volume that each node boots from; 0 boots from the image. Without this label the operator's choice holds.";
    BOOT_VOLUME_TYPE = "boot_volume_type": text, since "0.1.0", "Its volume type. Without this label the operator's choice holds, else the cloud's default.";
    DOCKER_VOLUME_TYPE = "docker_volume_type": text, since "0.1.0", "The type of the volumes that docker_volume_size asks for. Without this label the operator's choice holds, else the cloud's default.";
}

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
    sized(boot_size(labels, platform)?, labels, &BOOT_VOLUME_TYPE, &platform.boot_volume_type)
}

/// Its size, without looking for its type.
pub fn boot_size(labels: &[Pair], platform: &Platform) -> Result<i64, Error> {
    Ok(BOOT_VOLUME_SIZE.find(labels)?.unwrap_or(i64::from(platform.boot_volume_size)))
}

/// The volume for containers, of the larger of its sizes.
pub fn containers(size: u32, labels: &[Pair], platform: &Platform) -> Result<Volume, Error> {
    sized(i64::from(size), labels, &DOCKER_VOLUME_TYPE, &platform.docker_volume_type)
}

/// A volume of this size: its type is the label's, else the operator's, else the cloud's default. Types are asked for only where
/// there is a volume: a cloud may be without Cinder.
pub fn sized(size: i64, labels: &[Pair], label: &Label<Text>, operators: &str) -> Result<Volume, Error> {
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

//! etcd's own volume.

use jeroboam_driver_common::volumes::{self, Volume};
use jeroboam_driver_sdk::{Error, Pair, settings::Platform};

use crate::labels;

/// The volume of a master's etcd.
pub fn volume(labels: &[Pair], platform: &Platform) -> Result<Volume, Error> {
    volumes::sized(labels::ETCD_VOLUME_SIZE.get(labels)?, labels, &labels::ETCD_VOLUME_TYPE, &platform.etcd_volume_type)
}

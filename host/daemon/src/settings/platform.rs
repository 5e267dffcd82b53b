//! The cloud as clusters' nodes see it. Half of it stands in the configuration, the other half in Keystone's catalogue.

use std::{fs, path::PathBuf};

use jeroboam_cloud::Interface;

use super::{interface, wrong};
use crate::config::{ConfigError, Ini, options as o};

#[derive(Debug)]
pub struct PlatformSettings {
    pub identity_interface: Interface,
    pub container_infra_interface: Interface,
    /// `None`: that of the catalogue.
    pub region: Option<String>,
    pub verify_ca: bool,
    /// PEM, or empty.
    pub openstack_ca: String,
    pub cluster_user_trust: bool,
    pub affinity_policy: String,
    pub docker_volume_type: String,
    pub etcd_volume_type: String,
    pub boot_volume_type: String,
    /// GB.
    pub boot_volume_size: u32,
}

impl PlatformSettings {
    pub fn read(ini: &Ini) -> Result<Self, ConfigError> {
        let volume_type = |option: &o::Opt<String>| option.find(ini).map(Option::unwrap_or_default);
        Ok(Self {
            identity_interface: interface(&o::TRUSTEE_INTERFACE, &o::TRUSTEE_INTERFACE.get(ini)?)?,
            container_infra_interface: interface(&o::MAGNUM_INTERFACE, &o::MAGNUM_INTERFACE.get(ini)?)?,
            region: match o::CINDER_REGION.find(ini)? {
                Some(region) => Some(region),
                None => o::TOKEN_REGION.find(ini)?,
            },
            verify_ca: o::VERIFY_CA.get(ini)?,
            openstack_ca: o::OPENSTACK_CA_FILE.find(ini)?.map(certificate).transpose()?.unwrap_or_default(),
            cluster_user_trust: o::CLUSTER_USER_TRUST.get(ini)?,
            affinity_policy: o::AFFINITY_POLICY.get(ini)?,
            docker_volume_type: volume_type(&o::DOCKER_VOLUME_TYPE)?,
            etcd_volume_type: volume_type(&o::ETCD_VOLUME_TYPE)?,
            boot_volume_type: volume_type(&o::BOOT_VOLUME_TYPE)?,
            boot_volume_size: o::BOOT_VOLUME_SIZE.get(ini)?,
        })
    }
}

fn certificate(path: PathBuf) -> Result<String, ConfigError> {
    let pem = fs::read_to_string(&path).map_err(|e| ConfigError::Read(path, e))?;
    if pem.contains("-----BEGIN CERTIFICATE-----") {
        Ok(pem)
    } else {
        Err(wrong(&o::OPENSTACK_CA_FILE, "the file holds no PEM certificate"))
    }
}

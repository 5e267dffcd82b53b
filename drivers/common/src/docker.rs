//! Docker as the container engine of nodes: what `node/docker-install.sh`, `docker-storage.sh` and `docker.sh` are told.

use jeroboam_driver_sdk::{Error, invalid};

use crate::{NodeSettings, OperatingSystem, Request, given};

/// How Docker keeps images and the writes of containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageDriver {
    Overlay2,
    /// The first of its kind; Docker dropped it in version 24.
    Overlay,
    /// A thin pool on the node's volume; Docker dropped it in version 25.
    Devicemapper,
    /// Copies everything; works on any file system.
    Vfs,
}

/// GB. Upstream's own rule.
const THIN_POOL_MIN: u32 = 3;

impl StorageDriver {
    /// The one that was asked for, where the operating system's Docker has it; overlay2 if nobody chose.
    pub fn of(request: &Request<'_>, system: OperatingSystem) -> Result<Self, Error> {
        let found = match given(request.template.docker_storage_driver.as_deref()) {
            None => Some(Self::Overlay2),
            Some(name) => Self::all(system).iter().find(|driver| driver.name() == name).copied(),
        };
        found.ok_or_else(|| {
            let names: Vec<&str> = Self::all(system).iter().map(|driver| driver.name()).collect();
            invalid("docker_storage_driver", format!("Docker on {} has the storage drivers {}", system.name(), names.join(", ")))
        })
    }

    const fn all(system: OperatingSystem) -> &'static [Self] {
        match system {
            OperatingSystem::FedoraAtomic => &[Self::Overlay2, Self::Overlay, Self::Devicemapper, Self::Vfs],
            _ => &[Self::Overlay2, Self::Vfs],
        }
    }

    /// As Docker spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overlay2 => "overlay2",
            Self::Overlay => "overlay",
            Self::Devicemapper => "devicemapper",
            Self::Vfs => "vfs",
        }
    }

    /// Whether `/var/lib/docker` is on the node's volume, if there is one: a thin pool takes all of it.
    pub const fn keeps_state_on_volume(self) -> bool {
        !matches!(self, Self::Devicemapper)
    }

    /// Whether a volume of so many GB will do; 0: none.
    pub fn check_volume(self, size: u32) -> Result<(), Error> {
        if self == Self::Devicemapper && size < THIN_POOL_MIN {
            let message = format!("the storage driver devicemapper needs a volume of at least {THIN_POOL_MIN} GB, not {size}");
            return Err(invalid("docker_volume_size", message));
        }
        Ok(())
    }
}

/// How a node's Docker is set up.
#[derive(Clone, Copy, Debug)]
pub struct Docker<'a> {
    pub storage_driver: StorageDriver,
    /// Whether the API asks for certificates of the cluster's CA.
    pub tls: bool,
    /// Further members of `daemon.json`.
    pub options: &'a serde_json::Map<String, serde_json::Value>,
}

impl Docker<'_> {
    /// `DOCKER_STORAGE_DRIVER`, `DOCKER_TLS` and `DOCKER_OPTIONS`. `DOCKER_API_PORT`, empty for a Docker that only its own node can talk to, is the
    /// driver's to set for each role.
    pub fn add_to(&self, settings: &mut NodeSettings) {
        settings.set("DOCKER_STORAGE_DRIVER", self.storage_driver.name());
        settings.set("DOCKER_TLS", self.tls.to_string());
        settings.set("DOCKER_OPTIONS", serde_json::Value::Object(self.options.clone()).to_string());
    }
}

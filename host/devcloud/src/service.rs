//! The services of the cloud.

use serde::{Deserialize, Serialize};

/// A service, known by the type that it has in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    #[serde(alias = "keystone")]
    Identity,
    #[serde(alias = "glance")]
    Image,
    #[serde(alias = "nova")]
    Compute,
    #[serde(alias = "neutron")]
    Network,
    #[serde(alias = "cinder", alias = "block-storage", alias = "volumev3")]
    Volume,
    #[serde(alias = "octavia")]
    LoadBalancer,
    #[serde(alias = "barbican")]
    KeyManager,
    #[serde(alias = "heat")]
    Orchestration,
}

impl Service {
    pub const ALL: [Self; 8] = [
        Self::Identity,
        Self::Image,
        Self::Compute,
        Self::Network,
        Self::Volume,
        Self::LoadBalancer,
        Self::KeyManager,
        Self::Orchestration,
    ];

    /// The first segment of its paths.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Image => "image",
            Self::Compute => "compute",
            Self::Network => "network",
            Self::Volume => "volume",
            Self::LoadBalancer => "load-balancer",
            Self::KeyManager => "key-manager",
            Self::Orchestration => "orchestration",
        }
    }

    /// The service that a path belongs to.
    pub fn of_path(path: &str) -> Option<Self> {
        let first = path.trim_start_matches('/').split('/').next()?;
        Self::ALL.into_iter().find(|service| service.prefix() == first)
    }
}

//! Cluster templates.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{Labels, ProjectId, TemplateId, UserId};

/// A container orchestration engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coe {
    Kubernetes,
    SwarmMode,
    Swarm,
    Mesos,
}

/// What nodes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServerType {
    Vm,
    Bm,
}

/// What a project makes clusters from. Names of images, flavors and networks stand as they were given: a name or an id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterTemplate {
    pub uuid: TemplateId,
    pub name: String,
    pub project_id: ProjectId,
    pub user_id: UserId,
    pub coe: Coe,
    pub server_type: ServerType,
    /// The image's property `os_distro` when the template was made.
    pub cluster_distro: String,
    /// The driver's name. `None` in templates made before drivers had names.
    pub driver: Option<String>,
    pub image_id: String,
    pub flavor_id: Option<String>,
    pub master_flavor_id: Option<String>,
    pub keypair_id: Option<String>,
    pub external_network_id: Option<String>,
    pub fixed_network: Option<String>,
    pub fixed_subnet: Option<String>,
    /// In the order given; empty if none was.
    pub dns_nameserver: Vec<Ipv4Addr>,
    pub network_driver: Option<String>,
    pub volume_driver: Option<String>,
    pub docker_storage_driver: Option<String>,
    /// GB.
    pub docker_volume_size: Option<u32>,
    pub apiserver_port: Option<u16>,
    pub http_proxy: Option<String>,
    pub https_proxy: Option<String>,
    pub no_proxy: Option<String>,
    pub insecure_registry: Option<String>,
    pub registry_enabled: bool,
    pub tls_disabled: bool,
    pub master_lb_enabled: bool,
    pub floating_ip_enabled: bool,
    /// Every project may see it and use it.
    pub public: bool,
    /// Left out of what users who are not its owner see.
    pub hidden: bool,
    pub labels: Labels,
    /// Comma-separated, as given.
    pub tags: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub updated_at: Option<OffsetDateTime>,
}

impl Coe {
    pub const ALL: &[Self] = &[Self::Kubernetes, Self::SwarmMode, Self::Swarm, Self::Mesos];

    /// As the REST API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kubernetes => "kubernetes",
            Self::SwarmMode => "swarm-mode",
            Self::Swarm => "swarm",
            Self::Mesos => "mesos",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|coe| coe.as_str() == text)
    }
}

impl ServerType {
    pub const ALL: &[Self] = &[Self::Vm, Self::Bm];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vm => "vm",
            Self::Bm => "bm",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

//! What runs on a cluster, as drivers tell it: the values of the contract's `coe-resources`.

use serde::{Deserialize, Serialize};

/// What there can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourceKind {
    Pod,
    Service,
    ReplicationController,
    Container,
}

/// One thing on a cluster. Texts are the cluster's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoeResource {
    /// The COE's own: a uuid of Kubernetes', 64 digits of Docker's.
    pub id: String,
    pub name: String,
    pub labels: Vec<(String, String)>,
    /// In the COE's own word.
    pub status: Option<String>,
    pub details: Details,
}

/// What only one kind has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Details {
    Pod { images: Vec<String>, host: Option<String> },
    Service { selector: Vec<(String, String)>, ip: Option<String>, ports: Vec<ServicePort> },
    ReplicationController { images: Vec<String>, replicas: u32 },
    Container(ContainerSpec),
}

/// A port of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServicePort {
    pub name: Option<String>,
    pub protocol: Option<String>,
    pub port: u16,
    /// A number, or a name.
    pub target_port: Option<String>,
    pub node_port: Option<u16>,
}

/// A container: as it is to be, and what is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerSpec {
    /// Empty: Docker chooses.
    pub name: String,
    pub image: String,
    /// Words as a shell separates them.
    pub command: Option<String>,
    /// `512m`
    pub memory: Option<String>,
    pub environment: Vec<(String, String)>,
    pub labels: Vec<(String, String)>,
}

/// What is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Manifest {
    /// The kind, and the manifest as JSON.
    Kubernetes(KubernetesKind, String),
    Container(ContainerSpec),
}

/// What manifests are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KubernetesKind {
    Pod,
    Service,
    ReplicationController,
}

/// What can be done to a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContainerAction {
    Start,
    Stop,
    Reboot,
    Pause,
    Unpause,
    Logs,
    Execute(String),
}

impl From<KubernetesKind> for ResourceKind {
    fn from(kind: KubernetesKind) -> Self {
        match kind {
            KubernetesKind::Pod => Self::Pod,
            KubernetesKind::Service => Self::Service,
            KubernetesKind::ReplicationController => Self::ReplicationController,
        }
    }
}

impl Details {
    pub const fn kind(&self) -> ResourceKind {
        match self {
            Self::Pod { .. } => ResourceKind::Pod,
            Self::Service { .. } => ResourceKind::Service,
            Self::ReplicationController { .. } => ResourceKind::ReplicationController,
            Self::Container(_) => ResourceKind::Container,
        }
    }
}

impl Manifest {
    pub fn kind(&self) -> ResourceKind {
        match self {
            Self::Kubernetes(kind, _) => (*kind).into(),
            Self::Container(_) => ResourceKind::Container,
        }
    }
}

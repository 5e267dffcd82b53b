//! What drivers say, as plain data: the contract of `wit/` seen from the host's side, without the engine that runs it. Meanings, units and rules stand in the
//! WIT files; the names here are the same.
//!
//! | module | holds |
//! |---|---|
//! | [`digest`] | what a component, or a text, is known by |
//! | [`text`] | templates and scripts, which many definitions share |
//! | [`name`] | what no driver may be called |
//! | [`version`] | versions of a driver, how far each has come, what a check found |
//! | [`rollout`] | which version serves whom |
//! | [`resource`] | what runs on a cluster |
//! | [`verdict`] | what another version would do to a cluster |
//! | [`plan`] | what it would do to all of them, counted |
//! | [`revocation`] | components that must never serve again |

pub mod digest;
pub mod name;
pub mod plan;
pub mod resource;
pub mod revocation;
pub mod rollout;
pub mod text;
pub mod verdict;
pub mod version;

use serde::{Deserialize, Serialize};

pub use digest::{Digest, DigestPrefix};
pub use plan::{DriverPlan, PlanCounts, PlanState};
pub use resource::{CoeResource, ContainerAction, ContainerSpec, Details, KubernetesKind, Manifest, ResourceKind, ServicePort};
pub use revocation::Revocation;
pub use rollout::{Canary, Rollout, RolloutEvent, Stage, Transition};
pub use text::Text;
pub use verdict::{Change, ClusterVerdict, Verdict};
pub use version::{CapabilityChanges, CheckReport, DriverVersion, Origin, Reason, SchemaChanges, SelfTest, VersionState};

use crate::{Coe, Labels, NodeGroupId, Secret, ServerType, nearest::nearest};

/// What selects a driver.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClusterType {
    pub server_type: ServerType,
    pub os_distro: String,
    pub coe: Coe,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelType {
    Text,
    Integer { min: i64, max: i64 },
    Boolean,
    Choice(Vec<String>),
    Choices(Vec<String>),
    Cidr,
    Other(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelSpec {
    pub name: String,
    pub label_type: LabelType,
    pub default: Option<String>,
    pub meaning: String,
    pub since: String,
    pub per_group: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capability {
    pub name: String,
    pub reason: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Features {
    pub upgrade: bool,
    pub resize_masters: bool,
    pub rotate_ca: bool,
    pub node_groups: bool,
    pub health: bool,
    /// Its clusters need a discovery for etcd: `("discovery", "etcd")` among the extras.
    #[serde(default)]
    pub etcd_discovery: bool,
}

/// A driver's answer to `describe`, checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    pub name: String,
    pub version: String,
    pub summary: String,
    pub cluster_types: Vec<ClusterType>,
    pub labels: Vec<LabelSpec>,
    pub features: Features,
    pub capabilities: Vec<Capability>,
}

/// Something that only the host knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretName {
    TrustId,
    TrusteeUserId,
    TrusteeUsername,
    TrusteePassword,
    TrusteeDomainId,
    ServiceAccountPublicKey,
    ServiceAccountPrivateKey,
    CaPrivateKey,
    Other(String),
}

/// A value for a stack parameter, as the driver gave it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    Text(String),
    Number(i64),
    Flag(bool),
    /// A checked JSON document.
    Json(serde_json::Value),
    Secret(SecretName),
}

/// A whole Heat stack. Holds names of secrets, never secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StackDefinition {
    pub template: Text,
    pub files: Vec<(String, Text)>,
    pub environment: Text,
    pub parameters: Vec<(String, Value)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StackScope {
    Cluster,
    NodeGroup(NodeGroupId),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    pub field: Option<String>,
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

/// What a stack's outputs said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    pub api_address: Option<String>,
    pub coe_version: Option<String>,
    pub container_version: Option<String>,
    pub groups: Vec<GroupObservation>,
    /// What the driver wants to be told in later calls.
    pub memory: std::collections::BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupObservation {
    pub group: NodeGroupId,
    pub node_addresses: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    Done,
    Waiting { message: String, after: std::time::Duration },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    pub status: crate::HealthStatus,
    pub reasons: Vec<(String, String)>,
}

/// What the operator has decided about the cloud that clusters are made in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Platform {
    pub identity_url: String,
    pub container_infra_url: String,
    pub region: String,
    pub verify_ca: bool,
    pub openstack_ca: String,
    pub load_balancers: bool,
    pub cluster_user_trust: bool,
    pub affinity_policy: String,
    pub docker_volume_type: String,
    pub etcd_volume_type: String,
    pub boot_volume_type: String,
    pub boot_volume_size: u32,
}

/// The values of the secrets that a stack definition names, for the moment in which they are put in.
pub type SecretValues = std::collections::BTreeMap<SecretName, Secret>;

impl std::fmt::Display for ClusterType {
    /// `(vm, fedora-coreos, kubernetes)`, the way Magnum writes it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({}, {}, {})", self.server_type.as_str(), self.os_distro, self.coe.as_str())
    }
}

impl Description {
    pub fn label(&self, name: &str) -> Option<&LabelSpec> {
        self.labels.iter().find(|label| label.name == name)
    }

    /// Labels that the driver does not read, each with the name that was likely meant.
    pub fn unknown_labels<'a>(&'a self, labels: &'a Labels) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        labels
            .iter()
            .filter(|(name, _)| self.label(name).is_none())
            .map(|(name, _)| (name, nearest(name, self.labels.iter().map(|label| label.name.as_str()))))
    }
}

//! What can be done with versions and rollouts: `/v1/drivers/versions/{digest}/actions/…` and `/v1/drivers/{name}/actions/…`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::drivers::Canary;
use super::versions::Version;

/// How to activate a version.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Activate {
    /// Only for these at first. Absent: for all new clusters at once.
    pub canary: Option<Canary>,
}

/// Why a version is revoked.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    /// Told to whoever asks why it is refused.
    pub why: String,
}

/// What was revoked.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Revoked {
    pub version: Version,
    /// Uuids of the clusters that it touched.
    pub clusters: Vec<String>,
}

/// Which clusters are to be moved to the version that new ones get.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Move {
    /// All of the driver's. The value is `true`.
    All(bool),
    /// These, by their uuids.
    Clusters(Vec<String>),
}

/// What was moved.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MovedClusters {
    pub moved: Vec<MovedCluster>,
}

/// A cluster, and the version that it is on from now on.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MovedCluster {
    pub cluster: String,
    /// The digest of the version before.
    pub from: Option<String>,
    /// The digest of the version now.
    pub to: String,
}

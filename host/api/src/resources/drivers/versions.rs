//! `/v1/drivers/versions` and `/v1/drivers/versions/{digest}`: components that were installed, each known by its digest.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::moment::Moment;
use super::report::Report;

/// A version of a driver.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Version {
    /// SHA-256 of the component, in hexadecimal.
    pub digest: String,
    /// The driver's name.
    pub name: String,
    /// As the component says; null until it was asked.
    pub version: Option<String>,
    pub state: State,
    /// Why it failed.
    pub reason: Option<Reason>,
    /// Why nobody is to use it any more.
    pub revoked: Option<String>,
    pub origin: Origin,
    /// The file of the drivers directory that it came from.
    pub file: Option<String>,
    /// The version of the contract that it was made for.
    pub contract: Option<String>,
    /// Bytes of the component.
    pub size: u64,
    pub summary: Option<String>,
    /// What it provides, as `(server type, distribution, engine)`.
    pub cluster_types: Vec<String>,
    /// What it may use.
    pub granted: Vec<String>,
    /// What it asks for and nobody has granted yet: `approve` does.
    pub waits_for: Vec<Asked>,
    /// What the check found; null until it is over.
    pub report: Option<Report>,
    pub installed_at: Moment,
    pub changed_at: Moment,
    /// Who uses it at this moment.
    pub in_use: InUse,
    /// What an operator would do with it next, as a command.
    pub next: Option<String>,
}

/// What a version can be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Stored, and not checked yet.
    Installed,
    /// Can be activated, once it has what it asks for.
    Checked,
    Active,
    /// Serves no new clusters, and still those that are on it.
    Draining,
    /// Serves nobody.
    Retired,
    Failed,
}

/// Where a component came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// It is part of the daemon.
    Bundled,
    /// A file of the drivers directory.
    Directory,
    /// This API.
    Installed,
}

/// Why a version cannot be used, and what to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// For whoever runs it.
    pub operator: String,
    /// For whoever made it.
    pub author: Option<String>,
}

/// Something that a driver asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    pub name: String,
    /// The driver's own words.
    pub reason: String,
}

/// Who uses a version.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InUse {
    /// Clusters that are on it.
    pub clusters: usize,
    /// Calls that have not ended yet.
    pub calls: usize,
    /// Seconds since the oldest of them began.
    pub oldest_call: Option<f64>,
    /// By when they have to end, if the version is being put out of use.
    pub deadline: Option<Moment>,
}

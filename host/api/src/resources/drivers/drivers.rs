//! `/v1/drivers` and `/v1/drivers/{name}`: each driver, how far its rollout is, and its versions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::moment::Moment;
use super::versions::Version;

/// All drivers.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Drivers {
    pub drivers: Vec<Driver>,
}

/// A driver: a name with versions, of which at most one is active.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Driver {
    pub name: String,
    /// The digest of the version that new clusters get; null while there is none.
    pub active: Option<String>,
    #[serde(flatten)]
    pub stage: Stage,
    pub changed_at: Moment,
    /// Why the rollout is where it is, if the host decided that.
    pub why: Option<String>,
    /// What happened last, the newest at the end.
    pub history: Vec<Event>,
    /// The active one first, then by their last change, the newest first.
    pub versions: Vec<Version>,
}

/// How far a rollout is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// One version is active, or none.
    Steady,
    /// Beside the active version, another serves some of the new clusters.
    Canary {
        /// The digest of that other version.
        next: String,
        canary: Canary,
        since: Moment,
    },
    /// The active version can be taken back at once for the one before.
    Unconfirmed {
        /// The digest of the version before.
        previous: String,
        since: Moment,
    },
}

/// Which of the new clusters a version serves first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Canary {
    /// Those of these projects, by their ids.
    Projects(Vec<String>),
    /// Those made from these cluster templates, by their uuids.
    Templates(Vec<String>),
    /// This many of a hundred.
    Share(u8),
}

/// Something that happened to a rollout.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    pub at: Moment,
    /// What was done.
    pub what: String,
    /// Who did it.
    pub by: String,
    /// The digest of the version that it was about.
    pub digest: Option<String>,
    pub why: Option<String>,
}

//! `/v1/drivers` and `/v1/drivers/{name}`: each driver, how far its rollout is, and its versions.

use http::StatusCode;
use jeroboam_model::driver;
use jeroboam_rollout::DriverOverview;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ids;
use super::moment::Moment;
use super::versions::{Version, version_of};
use crate::call::Call;
use crate::error::ApiError;
use crate::reply::Reply;

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
    /// Why the rollout is where it is, if somebody said so or the host decided it.
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
    pub digest: String,
    pub why: Option<String>,
}

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let drivers = call.app.rollouts.drivers().await?.into_iter().map(Driver::from).collect();
    Ok(Reply::of(StatusCode::OK, &Drivers { drivers }))
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    shown(&call, &call.ident).await
}

/// The driver as it is now.
pub async fn shown(call: &Call, name: &str) -> Result<Reply, ApiError> {
    let driver = Driver::from(call.app.rollouts.show(name).await?);
    Ok(Reply::of(StatusCode::OK, &driver))
}

impl From<DriverOverview> for Driver {
    fn from(overview: DriverOverview) -> Self {
        let DriverOverview { rollout, versions } = overview;
        let active = rollout.active;
        let mut versions: Vec<_> = versions.into_iter().map(|version| version_of(&rollout, version)).collect();
        versions.sort_by_key(|version| {
            (active.is_none_or(|active| active.to_string() != version.digest), std::cmp::Reverse(version.changed_at))
        });
        Self {
            name: rollout.driver,
            active: active.map(|digest| digest.to_string()),
            stage: rollout.stage.into(),
            changed_at: rollout.changed_at.into(),
            why: rollout.why,
            history: rollout.history.into_iter().map(Event::from).collect(),
            versions,
        }
    }
}

impl From<driver::Stage> for Stage {
    fn from(stage: driver::Stage) -> Self {
        match stage {
            driver::Stage::Steady => Self::Steady,
            driver::Stage::Canary { next, canary, since } => {
                Self::Canary { next: next.to_string(), canary: canary.into(), since: since.into() }
            }
            driver::Stage::Unconfirmed { previous, since } => {
                Self::Unconfirmed { previous: previous.to_string(), since: since.into() }
            }
        }
    }
}

impl From<driver::Canary> for Canary {
    fn from(canary: driver::Canary) -> Self {
        match canary {
            driver::Canary::Projects(ids) => Self::Projects(ids.into_iter().map(|id| id.0).collect()),
            driver::Canary::Templates(ids) => Self::Templates(ids.iter().map(ToString::to_string).collect()),
            driver::Canary::Share(share) => Self::Share(share),
        }
    }
}

impl Canary {
    /// As the host has it, if templates are named by uuids.
    pub fn read(self) -> Result<driver::Canary, ApiError> {
        Ok(match self {
            Self::Projects(ids) => driver::Canary::Projects(ids.into_iter().map(Into::into).collect()),
            Self::Templates(ids) => {
                driver::Canary::Templates(ids.iter().map(|id| ids::uuid("templates", id)).collect::<Result<_, _>>()?)
            }
            Self::Share(share) => driver::Canary::Share(share),
        })
    }
}

impl From<driver::RolloutEvent> for Event {
    fn from(event: driver::RolloutEvent) -> Self {
        let driver::RolloutEvent { at, what, digest, by, why } = event;
        Self { at: at.into(), what: what.as_str().to_owned(), by, digest: digest.to_string(), why }
    }
}

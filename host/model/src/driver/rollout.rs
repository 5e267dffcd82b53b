//! Which version of a driver serves whom, and how that came about.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Digest;
use crate::{ProjectId, TemplateId};

/// So many events are remembered.
pub const HISTORY: usize = 100;

/// One for each driver. Every change of it is one commit, together with the versions that change with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollout {
    pub driver: String,
    /// Serves new clusters. `None`: nothing does.
    pub active: Option<Digest>,
    pub stage: Stage,
    /// Why it is as it is, if somebody said so, or the host decided it.
    pub why: Option<String>,
    /// The latest last, at most [`HISTORY`].
    pub history: Vec<RolloutEvent>,
    #[serde(with = "time::serde::rfc3339")]
    pub changed_at: OffsetDateTime,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The active version is all there is.
    Steady,
    /// Some get the next version, the others the active one.
    Canary {
        next: Digest,
        canary: Canary,
        #[serde(with = "time::serde::rfc3339")]
        since: OffsetDateTime,
    },
    /// The active version serves all, and may still be rolled back.
    Unconfirmed {
        previous: Digest,
        #[serde(with = "time::serde::rfc3339")]
        since: OffsetDateTime,
    },
}

/// Who gets the next version first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Canary {
    Projects(Vec<ProjectId>),
    Templates(Vec<TemplateId>),
    /// Of the clusters, in percent: 1 to 99.
    Share(u8),
}

/// Something that was done to a rollout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolloutEvent {
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub what: Transition,
    /// The version that it was done to.
    pub digest: Digest,
    /// A user, `configuration`, or `error budget`.
    pub by: String,
    pub why: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transition {
    Activated,
    CanaryBegun,
    Confirmed,
    RolledBack,
    Revoked,
}

impl Rollout {
    /// Of a driver that nobody has activated a version of.
    pub fn new(driver: impl Into<String>, now: OffsetDateTime) -> Self {
        Self { driver: driver.into(), active: None, stage: Stage::Steady, why: None, history: Vec::new(), changed_at: now }
    }

    /// Every version that it names, the active one first.
    pub fn versions(&self) -> impl Iterator<Item = Digest> {
        self.active.into_iter().chain(match &self.stage {
            Stage::Steady => None,
            Stage::Canary { next: other, .. } | Stage::Unconfirmed { previous: other, .. } => Some(*other),
        })
    }

    pub fn note(&mut self, event: RolloutEvent) {
        self.changed_at = event.at;
        self.why.clone_from(&event.why);
        self.history.push(event);
        let too_many = self.history.len().saturating_sub(HISTORY);
        self.history.drain(..too_many);
    }
}

impl Stage {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Canary { .. } => "canary",
            Self::Unconfirmed { .. } => "unconfirmed",
        }
    }
}

impl Transition {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Activated => "activated",
            Self::CanaryBegun => "canary begun",
            Self::Confirmed => "confirmed",
            Self::RolledBack => "rolled back",
            Self::Revoked => "revoked",
        }
    }
}

//! How much the service takes at a time, of everybody together and of each project: requests under way, and requests a second. What is over is refused at once, and
//! told when to come again.
//!
//! A request is under way until the head of its answer is sent. The health check, `/discovery` and the operator's socket are outside all of this.

mod buckets;
mod slots;

use std::num::NonZeroU32;
use std::time::Duration;

use crate::caller::Caller;
use buckets::Buckets;
pub use buckets::Rate;
use slots::{Slot, Slots};

/// What an operator decides. Nothing: no limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct LimitsConfig {
    pub rate: Option<Rate>,
    pub in_flight: Option<NonZeroU32>,
    pub project_rate: Option<Rate>,
    pub project_in_flight: Option<NonZeroU32>,
}

/// A limit that a request is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{limit} Try again in {} s.", .retry_after.as_secs().max(1))]
pub struct Exceeded {
    pub limit: Limit,
    /// When there may be room, in whole seconds.
    pub retry_after: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Rate,
    InFlight,
    ProjectRate,
    ProjectInFlight,
}

/// The limits at work.
pub struct Limits {
    rate: Option<Buckets<()>>,
    in_flight: Option<Slots<()>>,
    project_rate: Option<Buckets<String>>,
    project_in_flight: Option<Slots<String>>,
}

/// Whoever is under way now is likely to be done then.
const SLOT_PAUSE: Duration = Duration::from_secs(1);

impl Limits {
    pub fn new(config: LimitsConfig) -> Self {
        Self {
            rate: config.rate.map(Buckets::new),
            in_flight: config.in_flight.map(Slots::new),
            project_rate: config.project_rate.map(Buckets::new),
            project_in_flight: config.project_in_flight.map(Slots::new),
        }
    }

    /// Lets a request in, whosever it is, until what is returned is dropped.
    pub fn admit(&self) -> Result<Option<Slot<'_, ()>>, Exceeded> {
        let slot = slot(self.in_flight.as_ref(), || (), Limit::InFlight)?;
        token(self.rate.as_ref(), || (), Limit::Rate)?;
        Ok(slot)
    }

    /// Lets a request of a project's in; of a user's, where there is no project.
    pub fn admit_caller(&self, caller: &Caller) -> Result<Option<Slot<'_, String>>, Exceeded> {
        let key = || caller.project_id().map_or_else(|| caller.user_id.0.clone(), |project| project.0.clone());
        let slot = slot(self.project_in_flight.as_ref(), key, Limit::ProjectInFlight)?;
        token(self.project_rate.as_ref(), key, Limit::ProjectRate)?;
        Ok(slot)
    }
}

fn slot<K: Ord + Clone>(slots: Option<&Slots<K>>, key: impl Fn() -> K, limit: Limit) -> Result<Option<Slot<'_, K>>, Exceeded> {
    let Some(slots) = slots else { return Ok(None) };
    slots.take(key()).map(Some).ok_or(Exceeded { limit, retry_after: SLOT_PAUSE })
}

fn token<K: Ord>(buckets: Option<&Buckets<K>>, key: impl Fn() -> K, limit: Limit) -> Result<(), Exceeded> {
    let whole = |wait: Duration| Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
    let Some(buckets) = buckets else { return Ok(()) };
    buckets.take(key()).map_err(|wait| Exceeded { limit, retry_after: whole(wait) })
}

impl Limit {
    /// As metrics call it: the option that it is set with.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rate => "request_rate",
            Self::InFlight => "requests_in_flight",
            Self::ProjectRate => "project_request_rate",
            Self::ProjectInFlight => "project_requests_in_flight",
        }
    }

    /// Whether it is the client's own doing.
    pub const fn is_of_project(self) -> bool {
        matches!(self, Self::ProjectRate | Self::ProjectInFlight)
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Rate => "This service gets more requests than it is to answer.",
            Self::InFlight => "This service has as many requests under way as it takes.",
            Self::ProjectRate => "The project sends more requests than it may.",
            Self::ProjectInFlight => "The project has as many requests under way as it may.",
        })
    }
}

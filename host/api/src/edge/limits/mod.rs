//! How much the service takes at a time, of everybody together and of each project: requests under way, and requests a second. What is over is refused at once, and
//! told when to come again.
//!
//! A request is under way until the head of its answer is sent. The health check, `/discovery` and the operator's socket are outside all of this.

mod slots;

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, NotUntil, Quota};

use crate::caller::Caller;
use slots::{Slot, Slots};

/// What an operator decides. Nothing: no limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct LimitsConfig {
    pub rate: Option<Rate>,
    pub in_flight: Option<NonZeroU32>,
    pub project_rate: Option<Rate>,
    pub project_in_flight: Option<NonZeroU32>,
}

/// Requests a second in the long run, and how many may come at once before that holds: a token bucket.
#[derive(Clone, Copy, Debug)]
pub struct Rate(Quota);

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
    rate: Option<DefaultDirectRateLimiter>,
    in_flight: Option<Slots<()>>,
    project_rate: Option<ProjectRates>,
    project_in_flight: Option<Slots<String>>,
    clock: DefaultClock,
}

/// A bucket for each project that has sent anything of late.
struct ProjectRates {
    buckets: DefaultKeyedRateLimiter<String>,
    /// Requests since those that are full again were last forgotten.
    since_cleaning: AtomicU32,
}

const CLEANING_EVERY: u32 = 10_000;
/// Whoever is under way now is likely to be done then.
const SLOT_PAUSE: Duration = Duration::from_secs(1);

impl Rate {
    /// `None` if no such rate can be kept: it is not more than 0, or less than one in some centuries.
    pub fn new(per_second: f64, burst: NonZeroU32) -> Option<Self> {
        let period = Duration::try_from_secs_f64(per_second.recip()).ok().filter(|_| per_second > 0.0)?;
        // Faster than the clock's finest step is not limited at all.
        Some(Self(Quota::with_period(period.max(Duration::from_nanos(1)))?.allow_burst(burst)))
    }
}

impl Limits {
    pub fn new(config: LimitsConfig) -> Self {
        let rates = |rate: Rate| ProjectRates { buckets: DefaultKeyedRateLimiter::keyed(rate.0), since_cleaning: AtomicU32::new(0) };
        Self {
            rate: config.rate.map(|rate| DefaultDirectRateLimiter::direct(rate.0)),
            in_flight: config.in_flight.map(Slots::new),
            project_rate: config.project_rate.map(rates),
            project_in_flight: config.project_in_flight.map(Slots::new),
            clock: DefaultClock::default(),
        }
    }

    /// Lets a request in, whosever it is, until what is returned is dropped.
    pub fn admit(&self) -> Result<Option<Slot<'_, ()>>, Exceeded> {
        let slot = slot(self.in_flight.as_ref(), || (), Limit::InFlight)?;
        if let Some(rate) = &self.rate {
            rate.check().map_err(|until| self.over(Limit::Rate, &until))?;
        }
        Ok(slot)
    }

    /// Lets a request of a project's in; of a user's, where there is no project.
    pub fn admit_caller(&self, caller: &Caller) -> Result<Option<Slot<'_, String>>, Exceeded> {
        let key = || caller.project_id().map_or_else(|| caller.user_id.0.clone(), |project| project.0.clone());
        let slot = slot(self.project_in_flight.as_ref(), key, Limit::ProjectInFlight)?;
        if let Some(rates) = &self.project_rate {
            rates.clean();
            rates.buckets.check_key(&key()).map_err(|until| self.over(Limit::ProjectRate, &until))?;
        }
        Ok(slot)
    }

    fn over(&self, limit: Limit, until: &NotUntil<<DefaultClock as Clock>::Instant>) -> Exceeded {
        let wait = until.wait_time_from(self.clock.now());
        Exceeded { limit, retry_after: Duration::from_secs(wait.as_secs() + 1) }
    }
}

fn slot<K: Ord + Clone>(slots: Option<&Slots<K>>, key: impl Fn() -> K, limit: Limit) -> Result<Option<Slot<'_, K>>, Exceeded> {
    let Some(slots) = slots else { return Ok(None) };
    slots.take(key()).map(Some).ok_or(Exceeded { limit, retry_after: SLOT_PAUSE })
}

impl ProjectRates {
    fn clean(&self) {
        if self.since_cleaning.fetch_add(1, Ordering::Relaxed) >= CLEANING_EVERY {
            self.since_cleaning.store(0, Ordering::Relaxed);
            self.buckets.retain_recent();
            self.buckets.shrink_to_fit();
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_more_than_nothing() {
        let burst = NonZeroU32::MIN;
        assert!(Rate::new(0.001, burst).is_some() && Rate::new(1e12, burst).is_some());
        for rate in [0.0, -1.0, f64::NAN, f64::MIN_POSITIVE] {
            assert!(Rate::new(rate, burst).is_none(), "{rate}");
        }
    }

    #[test]
    fn a_burst_is_let_in_and_what_comes_after_it_is_told_when_to_come_again() {
        let rate = Rate::new(0.01, NonZeroU32::new(2).unwrap());
        let limits = Limits::new(LimitsConfig { rate, ..LimitsConfig::default() });
        assert!(limits.admit().is_ok() && limits.admit().is_ok());
        let exceeded = limits.admit().map(drop).unwrap_err();
        assert_eq!(exceeded.limit, Limit::Rate);
        assert!((90..=101).contains(&exceeded.retry_after.as_secs()), "{exceeded:?}");
    }
}

//! A driver's calls: those under way, how the latest ones ended, and until when a handle may begin one.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::{Duration, Instant},
};

/// Of so many of the latest calls it is known how they ended.
const REMEMBERED: usize = 4096;

/// All calls of a version, whatever handle they were made through.
#[derive(Default)]
pub(crate) struct Flights(Mutex<Calls>);

#[derive(Default)]
struct Calls {
    last: u64,
    under_way: BTreeMap<u64, Instant>,
    ended: VecDeque<(Instant, Ending)>,
}

/// How a call ended, as far as the driver is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Well,
    /// It trapped, went over a limit, took too long, or failed inside.
    Failed,
}

/// A call under way. Over when dropped.
pub(crate) struct Flight<'a> {
    flights: &'a Flights,
    number: u64,
}

/// Until when calls may begin; shared by the handles that were given out together.
#[derive(Default)]
pub(crate) struct Lease(OnceLock<Instant>);

/// Calls that have not ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnderWay {
    pub calls: usize,
    /// How long ago the oldest one began.
    pub oldest: Option<Duration>,
}

/// How the calls of some time ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub calls: usize,
    /// Through the driver's own fault: traps, limits, timeouts, internal errors, answers that break the contract.
    pub failed: usize,
}

impl Flights {
    pub(crate) fn begin(&self) -> Flight<'_> {
        let mut calls = self.lock();
        calls.last += 1;
        let number = calls.last;
        calls.under_way.insert(number, Instant::now());
        Flight { flights: self, number }
    }

    /// A call that had ended well turns out to have a wrong answer.
    pub(crate) fn spoil(&self) {
        let mut calls = self.lock();
        if let Some((_, ending)) = calls.ended.iter_mut().rev().find(|(_, ending)| *ending == Ending::Well) {
            *ending = Ending::Failed;
        }
    }

    pub(crate) fn under_way(&self) -> UnderWay {
        let calls = self.lock();
        UnderWay { calls: calls.under_way.len(), oldest: calls.under_way.values().next().map(Instant::elapsed) }
    }

    /// Of the calls that have ended since then; `None`: of all.
    pub(crate) fn tally(&self, since: Option<Instant>) -> Tally {
        let calls = self.lock();
        let recent = calls.ended.iter().rev().take_while(|(at, _)| since.is_none_or(|since| *at >= since));
        recent.fold(Tally::default(), |tally, (_, ending)| Tally {
            calls: tally.calls + 1,
            failed: tally.failed + usize::from(*ending == Ending::Failed),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flight<'_> {
    /// Says how it ended; one that was given up says nothing.
    pub(crate) fn end(self, ending: Ending) {
        let mut calls = self.flights.lock();
        if calls.ended.len() == REMEMBERED {
            calls.ended.pop_front();
        }
        calls.ended.push_back((Instant::now(), ending));
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.flights.lock().under_way.remove(&self.number);
    }
}

impl Lease {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    /// The first to say so has said it.
    pub(crate) fn end_at(&self, deadline: Instant) {
        _ = self.0.set(deadline);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.get().is_some_and(|deadline| Instant::now() >= *deadline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_under_way_until_it_ends_or_is_given_up() {
        let flights = Flights::default();
        let (first, second) = (flights.begin(), flights.begin());
        assert_eq!(flights.under_way().calls, 2);
        first.end(Ending::Failed);
        drop(second);
        assert_eq!(flights.under_way(), UnderWay::default());
        assert_eq!(flights.tally(None), Tally { calls: 1, failed: 1 });
        assert_eq!(flights.tally(Some(Instant::now())), Tally::default());
    }

    #[test]
    fn a_wrong_answer_is_no_call_more() {
        let flights = Flights::default();
        let began = Instant::now();
        flights.begin().end(Ending::Well);
        flights.spoil();
        assert_eq!(flights.tally(Some(began)), Tally { calls: 1, failed: 1 });
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let flights = Flights::default();
        let began = Instant::now();
        (0..REMEMBERED + 10).for_each(|_| flights.begin().end(Ending::Well));
        assert_eq!(flights.tally(Some(began)).calls, REMEMBERED);
    }

    #[test]
    fn a_lease_ends_at_the_first_deadline_that_it_was_given() {
        let lease = Lease::new();
        assert!(!lease.is_over());
        let now = Instant::now();
        lease.end_at(now);
        lease.end_at(now + Duration::from_secs(3600));
        assert!(lease.is_over());
    }
}

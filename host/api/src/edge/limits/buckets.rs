//! Token buckets, one for each key. What is kept of a bucket is when it will be full again (the generic cell rate algorithm); full ones are not kept.
//!
//! By hand, since it is so little: the crate for it would turn on features of crates that the sandbox is built with.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Requests a second in the long run, and how many may come at once before that holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// What one request takes to come back.
    period: Duration,
    /// What a whole bucket takes.
    whole: Duration,
}

/// The buckets.
pub struct Buckets<K> {
    rate: Rate,
    kept: Mutex<Kept<K>>,
}

struct Kept<K> {
    full_at: BTreeMap<K, Instant>,
    /// How many there may be before those that are full again are looked for.
    room: usize,
}

const ROOM: usize = 1024;

impl Rate {
    /// From one request in some days to as many as a clock can tell apart. `None`: no such rate can be kept.
    pub fn new(per_second: f64, burst: std::num::NonZeroU32) -> Option<Self> {
        let is_rate = (1e-6..=1e9).contains(&per_second);
        let period = Duration::try_from_secs_f64(per_second.recip()).ok().filter(|_| is_rate)?;
        Some(Self { period, whole: period.saturating_mul(burst.get()) })
    }
}

impl<K: Ord> Buckets<K> {
    pub fn new(rate: Rate) -> Self {
        Self { rate, kept: Mutex::new(Kept { full_at: BTreeMap::new(), room: ROOM }) }
    }

    /// Takes a token of a key's, or says how long it will be until there is one.
    pub fn take(&self, key: K) -> Result<(), Duration> {
        let now = Instant::now();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.make_room(now);
        let full_at = kept.full_at.entry(key).or_insert(now);
        let next = (*full_at).max(now).checked_add(self.rate.period).ok_or(self.rate.period)?;
        match next.duration_since(now).checked_sub(self.rate.whole) {
            None | Some(Duration::ZERO) => {
                *full_at = next;
                Ok(())
            }
            Some(wait) => Err(wait),
        }
    }
}

impl<K: Ord> Kept<K> {
    fn make_room(&mut self, now: Instant) {
        if self.full_at.len() >= self.room {
            self.full_at.retain(|_, full_at| *full_at > now);
            self.room = ROOM.max(self.full_at.len().saturating_mul(2));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;

    fn buckets<K: Ord>(per_second: f64, burst: u32) -> Buckets<K> {
        Buckets::new(Rate::new(per_second, NonZeroU32::new(burst).unwrap()).unwrap())
    }

    #[test]
    fn a_rate_is_more_than_nothing() {
        let rate = |per_second: f64| Rate::new(per_second, NonZeroU32::MIN);
        assert!(rate(0.001).is_some() && rate(1e9).is_some());
        for per_second in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE] {
            assert!(rate(per_second).is_none(), "{per_second}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_let_in_and_then_one_as_each_comes_back() {
        let buckets = buckets(0.5, 3);
        assert_eq!([(); 3].map(|()| buckets.take("a")), [Ok(()); 3]);
        assert_eq!(buckets.take("a"), Err(Duration::from_secs(2)));
        assert_eq!(buckets.take("b"), Ok(()));
        tokio::time::advance(Duration::from_millis(1500)).await;
        assert_eq!(buckets.take("a"), Err(Duration::from_millis(500)));
        tokio::time::advance(Duration::from_millis(500)).await;
        assert_eq!((buckets.take("a"), buckets.take("a")), (Ok(()), Err(Duration::from_secs(2))));
        tokio::time::advance(Duration::from_secs(3600)).await;
        assert_eq!([(); 4].map(|()| buckets.take("a").is_ok()), [true, true, true, false]);
    }

    #[tokio::test(start_paused = true)]
    async fn buckets_that_are_full_again_are_forgotten() {
        let buckets = buckets(1.0, 1);
        for key in 0..ROOM {
            buckets.take(key).unwrap();
        }
        tokio::time::advance(Duration::from_secs(1)).await;
        buckets.take(ROOM).unwrap();
        assert_eq!(buckets.kept.lock().unwrap().full_at.len(), 1);
    }
}

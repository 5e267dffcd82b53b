//! How often Heat is asked.

use std::time::Duration;

/// How much longer each wait is than the one before.
const GROWTH: f64 = 1.5;
/// How far a wait may differ from what was computed, either way: clusters that were made together do not ask together.
const SPREAD: f64 = 0.2;

/// The pace of one operation in one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pace {
    /// Questions so far.
    pub polls: u32,
}

impl Pace {
    /// The wait before the next question. `chance` is from 0 to 1.
    pub fn wait(self, min: Duration, max: Duration, chance: f64) -> Duration {
        let exponent = i32::try_from(self.polls.min(64)).unwrap_or(64);
        let grown = min.as_secs_f64() * GROWTH.powi(exponent);
        spread(Duration::from_secs_f64(grown.min(max.as_secs_f64())), chance)
    }
}

/// A wait that differs a little from the one given.
pub(crate) fn spread(wait: Duration, chance: f64) -> Duration {
    wait.mul_f64(1.0 - SPREAD + 2.0 * SPREAD * chance.clamp(0.0, 1.0))
}

/// A spread wait.
pub(crate) fn spread_at_random(wait: Duration) -> Duration {
    spread(wait, rand::random())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: Duration = Duration::from_secs(1);
    const MAX: Duration = Duration::from_secs(10);

    #[test]
    fn waits_grow_from_the_shortest_to_the_longest() {
        let waits: Vec<_> = (0..8).map(|polls| Pace { polls }.wait(MIN, MAX, 0.5)).collect();
        assert_eq!(waits.first(), Some(&MIN));
        assert_eq!(waits.last(), Some(&MAX));
        assert!(waits.is_sorted());
    }

    #[test]
    fn chance_moves_a_wait_by_a_fifth_at_most() {
        assert_eq!(spread(MAX, 0.0), Duration::from_secs(8));
        assert_eq!(spread(MAX, 1.0), Duration::from_secs(12));
    }

    #[test]
    fn a_very_patient_operation_does_not_overflow() {
        assert_eq!(Pace { polls: u32::MAX }.wait(MIN, MAX, 0.5), MAX);
    }
}

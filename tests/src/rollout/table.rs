//! What a run came to.

use std::{
    fmt,
    time::{Duration, Instant},
};

use super::{
    DRAIN_DEADLINE,
    load::{Done, Served},
    timeline::Timeline,
};

/// Failures that are kept in full.
const FAILURES: usize = 5;

#[derive(Debug)]
pub struct Table {
    pub rest: Figures,
    pub swaps: Figures,
    pub after: Figures,
    /// Some of them, in full.
    pub examples: Vec<String>,
    /// Calls of versions that do not serve any more, under way at the end.
    pub under_way: u64,
}

/// Of one part of a run.
#[derive(Debug, Default)]
pub struct Figures {
    pub time: Duration,
    pub operations: usize,
    pub failed: usize,
    /// Done by a version that did not serve any more, within the drain deadline.
    pub late: usize,
    /// Done by a version that may not have.
    pub wrong: usize,
    /// Operations that each version has defined.
    pub by_version: [usize; 2],
    /// Sorted.
    latencies: Vec<Duration>,
}

impl Figures {
    pub fn rate(&self) -> f64 {
        self.operations as f64 / self.time.as_secs_f64().max(f64::MIN_POSITIVE)
    }

    /// In milliseconds.
    pub fn percentile(&self, share: f64) -> f64 {
        let index = ((self.latencies.len() as f64 * share) as usize).min(self.latencies.len().saturating_sub(1));
        self.latencies.get(index).map_or(0.0, |latency| latency.as_secs_f64() * 1000.0)
    }
}

impl Table {
    /// `marks`: when the load, the first swap and the time after the last one began.
    pub(super) fn of(done: &[Done], timeline: &Timeline, marks: [Instant; 3], under_way: u64) -> Self {
        let [began, first_swap, last_swap] = marks;
        let end = done.iter().map(|done| done.ended).max().unwrap_or(last_swap);
        let mut table = Self {
            rest: Figures { time: first_swap - began, ..Figures::default() },
            swaps: Figures { time: last_swap - first_swap, ..Figures::default() },
            after: Figures { time: end.saturating_duration_since(last_swap), ..Figures::default() },
            examples: Vec::new(),
            under_way,
        };
        for done in done {
            // What a swap can have delayed belongs to the swaps.
            let part = match done.ended {
                ended if ended < first_swap => &mut table.rest,
                _ if done.asked < last_swap => &mut table.swaps,
                _ => &mut table.after,
            };
            part.operations += 1;
            part.latencies.push(done.ended - done.asked);
            let verdict = match &done.outcome {
                Err(error) => {
                    part.failed += 1;
                    Some(error.clone())
                }
                Ok(Served { defined, read }) => {
                    part.by_version[*defined] += 1;
                    let right = timeline.permitted(&done.subject, done.asked, done.ended);
                    let still = timeline.permitted_late(&done.subject, done.asked, done.ended, DRAIN_DEADLINE);
                    if right.contains(defined) && right.contains(read) {
                        None
                    } else if still.contains(defined) && still.contains(read) {
                        part.late += 1;
                        None
                    } else {
                        part.wrong += 1;
                        Some(format!("{:?} was defined by {defined} and read by {read}, and only {right:?} may", done.subject))
                    }
                }
            };
            table.examples.extend(verdict.filter(|_| table.examples.len() < FAILURES));
        }
        for part in [&mut table.rest, &mut table.swaps, &mut table.after] {
            part.latencies.sort_unstable();
        }
        table
    }

    pub fn parts(&self) -> [(&'static str, &Figures); 3] {
        [("at rest", &self.rest), ("during swaps", &self.swaps), ("after them", &self.after)]
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<14}{:>8}{:>12}{:>14}{:>9}{:>9}{:>9}{:>8}{:>8}{:>13}",
            "", "s", "operations", "operations/s", "p50 ms", "p99 ms", "failed", "late", "wrong", "old/new"
        )?;
        for (name, part) in self.parts() {
            let [old, new] = part.by_version;
            writeln!(
                f,
                "{name:<14}{:>8.1}{:>12}{:>14.1}{:>9.0}{:>9.0}{:>9}{:>8}{:>8}{:>13}",
                part.time.as_secs_f64(),
                part.operations,
                part.rate(),
                part.percentile(0.5),
                part.percentile(0.99),
                part.failed,
                part.late,
                part.wrong,
                format!("{old}/{new}"),
            )?;
        }
        self.examples.iter().try_for_each(|example| writeln!(f, "{example}"))
    }
}

//! Which files have stood still long enough. No clock and no file system of its own.

use std::{
    collections::BTreeMap,
    fs::Metadata,
    os::unix::fs::MetadataExt,
    time::{Duration, SystemTime},
};

use tokio::time::Instant;

/// Whatever moves when a file is written, replaced or truncated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) len: u64,
    modified: Option<SystemTime>,
    changed: (i64, i64),
    file: (u64, u64),
}

/// What has been seen of each file.
pub(super) struct Files {
    settle: Duration,
    seen: BTreeMap<String, Seen>,
}

struct Seen {
    stamp: Stamp,
    /// When it is to be looked at; nothing if that is done.
    due: Option<Instant>,
}

impl Stamp {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self {
            len: metadata.len(),
            modified: metadata.modified().ok(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            file: (metadata.dev(), metadata.ino()),
        }
    }
}

impl Files {
    pub(super) fn new(settle: Duration) -> Self {
        Self { settle, seen: BTreeMap::new() }
    }

    /// Takes in what is there now, and answers what has stood still since it was last seen to move. Each is answered once, until it moves again.
    pub(super) fn observe(&mut self, there: BTreeMap<String, Stamp>, now: Instant) -> Vec<(String, Stamp)> {
        self.seen.retain(|name, _| there.contains_key(name));
        let mut due = Vec::new();
        for (name, stamp) in there {
            match self.seen.get_mut(&name) {
                Some(seen) if seen.stamp == stamp => {
                    if seen.due.is_some_and(|at| at <= now) {
                        seen.due = None;
                        due.push((name, stamp));
                    }
                }
                _ => {
                    self.seen.insert(name, Seen { stamp, due: Some(now + self.settle) });
                }
            }
        }
        due
    }

    /// It is to be answered once more.
    pub(super) fn again(&mut self, name: &str, now: Instant) {
        if let Some(seen) = self.seen.get_mut(name) {
            seen.due = Some(now + self.settle);
        }
    }

    /// When the next file will have stood still, if none moves.
    pub(super) fn due(&self) -> Option<Instant> {
        self.seen.values().filter_map(|seen| seen.due).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTLE: Duration = Duration::from_secs(1);

    fn stamp(len: u64, second: i64) -> Stamp {
        Stamp { len, modified: None, changed: (second, 0), file: (1, 1) }
    }

    fn there(files: &[(&str, Stamp)]) -> BTreeMap<String, Stamp> {
        files.iter().map(|(name, stamp)| ((*name).to_owned(), *stamp)).collect()
    }

    fn names(due: Vec<(String, Stamp)>) -> Vec<String> {
        due.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_file_is_answered_once_it_has_stood_still_and_then_no_more() {
        let (mut files, start) = (Files::new(SETTLE), Instant::now());
        let listing = || there(&[("a", stamp(1, 0))]);
        assert!(files.observe(listing(), start).is_empty());
        assert_eq!(files.due(), Some(start + SETTLE));
        assert!(files.observe(listing(), start + SETTLE / 2).is_empty());
        assert_eq!(names(files.observe(listing(), start + SETTLE)), ["a"]);
        assert!(files.observe(listing(), start + SETTLE * 9).is_empty());
        assert_eq!(files.due(), None);
    }

    #[test]
    fn every_movement_begins_anew() {
        let (mut files, start) = (Files::new(SETTLE), Instant::now());
        for step in 0..20 {
            // Longer each time; then of the same length, but later.
            let stamp = stamp(step.min(10), i64::try_from(step).unwrap());
            assert!(files.observe(there(&[("a", stamp)]), start + SETTLE * u32::try_from(step).unwrap()).is_empty());
        }
        assert_eq!(names(files.observe(there(&[("a", stamp(10, 19))]), start + SETTLE * 20)), ["a"]);
    }

    #[test]
    fn a_file_that_went_away_is_new_when_it_comes_back() {
        let (mut files, start) = (Files::new(SETTLE), Instant::now());
        let listing = || there(&[("a", stamp(1, 0))]);
        files.observe(listing(), start);
        assert_eq!(names(files.observe(listing(), start + SETTLE)), ["a"]);
        assert!(files.observe(there(&[]), start + SETTLE).is_empty());
        files.observe(listing(), start + SETTLE);
        assert_eq!(names(files.observe(listing(), start + SETTLE * 2)), ["a"]);
    }

    #[test]
    fn what_could_not_be_taken_is_answered_again() {
        let (mut files, start) = (Files::new(SETTLE), Instant::now());
        let listing = || there(&[("a", stamp(1, 0))]);
        files.observe(listing(), start);
        files.observe(listing(), start + SETTLE);
        files.again("a", start + SETTLE);
        assert!(files.observe(listing(), start + SETTLE).is_empty());
        assert_eq!(names(files.observe(listing(), start + SETTLE * 2)), ["a"]);
    }
}

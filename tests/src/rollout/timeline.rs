//! Which versions may serve whom, and when: what the operator has asked for, read the way a user would.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use uuid::Uuid;

/// A version, by its place in the list of them.
pub type Version = usize;

/// Whom a canary selects.
#[derive(Clone, Debug, PartialEq)]
pub enum Canary {
    Project(String),
    /// Of a hundred clusters, by their ids.
    Share(u8),
}

/// What serves at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Serving {
    pub active: Version,
    pub canary: Option<(Version, Canary)>,
    /// Clusters on it are served by the active one.
    pub rolled_back: Option<Version>,
}

/// A cluster, as far as it decides about versions.
#[derive(Clone, Debug)]
pub struct Subject {
    pub cluster: Uuid,
    pub project: String,
    /// What its stack was last defined by; nothing before it has one.
    pub on: Option<Version>,
}

/// From the moment that something was asked for until the answer to what came next, either may hold.
#[derive(Default)]
pub struct Timeline(Mutex<Vec<Period>>);

struct Period {
    serving: Serving,
    asked: Instant,
    answered: Option<Instant>,
}

impl Serving {
    fn of(&self, subject: &Subject) -> Version {
        match subject.on {
            Some(on) if self.rolled_back == Some(on) => self.active,
            Some(on) => on,
            None => match &self.canary {
                Some((next, canary)) if canary.selects(subject) => *next,
                _ => self.active,
            },
        }
    }
}

impl Canary {
    fn selects(&self, subject: &Subject) -> bool {
        match self {
            Self::Project(project) => *project == subject.project,
            Self::Share(percent) => subject.cluster.as_u128() % 100 < u128::from(*percent),
        }
    }
}

impl Timeline {
    /// It is being asked for.
    pub fn asked(&self, serving: Serving) {
        self.periods().push(Period { serving, asked: Instant::now(), answered: None });
    }

    /// It has been granted.
    pub fn answered(&self) {
        if let Some(last) = self.periods().last_mut() {
            last.answered = Some(Instant::now());
        }
    }

    /// What may have served the subject at some time between the two.
    pub fn permitted(&self, subject: &Subject, from: Instant, to: Instant) -> BTreeSet<Version> {
        let periods = self.periods();
        let ends = periods.iter().skip(1).map(|next| next.answered).chain([None]);
        let overlaps = |period: &Period, end: Option<Instant>| period.asked <= to && end.is_none_or(|end| end >= from);
        let during = periods.iter().zip(ends).filter(|(period, end)| overlaps(period, *end));
        during.map(|(period, _)| period.serving.of(subject)).collect()
    }

    /// The same, with what was right up to so long before.
    pub fn permitted_late(&self, subject: &Subject, from: Instant, to: Instant, deadline: Duration) -> BTreeSet<Version> {
        self.permitted(subject, from.checked_sub(deadline).unwrap_or(from), to)
    }

    fn periods(&self) -> std::sync::MutexGuard<'_, Vec<Period>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(on: Option<Version>) -> Subject {
        Subject { cluster: Uuid::from_u128(30), project: "p".into(), on }
    }

    fn serving(active: Version) -> Serving {
        Serving { active, canary: None, rolled_back: None }
    }

    #[test]
    fn while_something_changes_either_may_hold() {
        let timeline = Timeline::default();
        timeline.asked(serving(0));
        timeline.answered();
        let before = Instant::now();
        timeline.asked(serving(1));
        let during = Instant::now();
        assert_eq!(timeline.permitted(&subject(None), during, during), BTreeSet::from([0, 1]));
        timeline.answered();
        std::thread::sleep(Duration::from_millis(1));
        let after = Instant::now();
        assert_eq!(timeline.permitted(&subject(None), after, after), BTreeSet::from([1]));
        assert_eq!(timeline.permitted(&subject(None), before, after), BTreeSet::from([0, 1]));
        let late = timeline.permitted_late(&subject(None), after, after, Duration::from_secs(9));
        assert_eq!(late, BTreeSet::from([0, 1]));
    }

    #[test]
    fn a_cluster_stays_where_it_is_unless_that_was_rolled_back() {
        let canary = Serving { canary: Some((1, Canary::Share(31))), ..serving(0) };
        assert_eq!((canary.of(&subject(None)), canary.of(&subject(Some(0)))), (1, 0));
        let narrow = Serving { canary: Some((1, Canary::Share(30))), ..serving(0) };
        assert_eq!((narrow.of(&subject(None)), narrow.of(&subject(Some(1)))), (0, 1));
        let other = Serving { canary: Some((1, Canary::Project("q".into()))), ..serving(0) };
        assert_eq!(other.of(&subject(None)), 0);
        let back = Serving { rolled_back: Some(1), ..serving(0) };
        assert_eq!((back.of(&subject(Some(1))), back.of(&subject(Some(2)))), (0, 2));
    }
}

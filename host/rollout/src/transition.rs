//! How a rollout changes: from what it is to what it becomes, and what becomes of the versions. Pure; whoever calls writes it down.

use jeroboam_model::driver::{Canary, Digest, Reason, Rollout, RolloutEvent, Stage, Transition};
use time::OffsetDateTime;

use crate::RolloutError;

/// A change of a rollout.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Change {
    pub rollout: Rollout,
    pub versions: Vec<(Digest, Becomes)>,
}

/// What becomes of a version.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Becomes {
    Active,
    Draining,
    /// Whatever is on it is served by the other; it can be activated again.
    Checked {
        replaced_by: Option<Digest>,
    },
    Failed {
        reason: Reason,
        replaced_by: Option<Digest>,
    },
}

/// Who does it, when, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark<'a> {
    pub by: &'a str,
    pub why: Option<&'a str>,
    pub at: OffsetDateTime,
}

impl Mark<'_> {
    fn event(&self, what: Transition, digest: Digest) -> RolloutEvent {
        RolloutEvent { at: self.at, what, digest, by: self.by.to_owned(), why: self.why.map(str::to_owned) }
    }
}

/// `next` serves newcomers: all, or those of the canary. An active version that was not confirmed is taken for confirmed. `None`: it is so already.
pub(crate) fn activate(
    rollout: &Rollout,
    next: Digest,
    canary: Option<Canary>,
    mark: &Mark<'_>,
) -> Result<Option<Change>, RolloutError> {
    let driver = || rollout.driver.clone();
    if let Stage::Canary { next: other, .. } = &rollout.stage
        && *other != next
    {
        return Err(RolloutError::CanaryUnderWay { driver: driver(), next: *other });
    }
    let mut after = rollout.clone();
    let mut versions = vec![(next, Becomes::Active)];
    let what = match (rollout.active, canary) {
        (Some(active), _) if active == next => return Ok(None),
        (None, Some(_)) => return Err(RolloutError::NothingBeside { driver: driver() }),
        (Some(_), Some(canary)) => {
            check(&canary)?;
            if matches!(&rollout.stage, Stage::Canary { canary: same, .. } if *same == canary) {
                return Ok(None);
            }
            after.stage = Stage::Canary { next, canary, since: mark.at };
            Transition::CanaryBegun
        }
        (Some(previous), None) => {
            after.active = Some(next);
            after.stage = Stage::Unconfirmed { previous, since: mark.at };
            versions.push((previous, Becomes::Draining));
            Transition::Activated
        }
        (None, None) => {
            after.active = Some(next);
            after.stage = Stage::Steady;
            Transition::Activated
        }
    };
    after.note(mark.event(what, next));
    Ok(Some(Change { rollout: after, versions }))
}

/// The active version is there to stay.
pub(crate) fn confirm(rollout: &Rollout, mark: &Mark<'_>) -> Result<Change, RolloutError> {
    match (&rollout.stage, rollout.active) {
        (Stage::Unconfirmed { .. }, Some(active)) => {
            let mut after = Rollout { stage: Stage::Steady, ..rollout.clone() };
            after.note(mark.event(Transition::Confirmed, active));
            Ok(Change { rollout: after, versions: Vec::new() })
        }
        _ => Err(RolloutError::NothingToConfirm { driver: rollout.driver.clone(), stage: rollout.stage.as_str() }),
    }
}

/// Back to the version before. `failed`: the host does it, because the version is bad.
pub(crate) fn rollback(rollout: &Rollout, failed: Option<Reason>, mark: &Mark<'_>) -> Result<Change, RolloutError> {
    let mut after = Rollout { stage: Stage::Steady, ..rollout.clone() };
    let (bad, good) = match (&rollout.stage, rollout.active) {
        (Stage::Unconfirmed { previous, .. }, Some(active)) => (active, Some(*previous)),
        (Stage::Canary { next, .. }, active) => (*next, active),
        _ => {
            return Err(RolloutError::NothingToRollBack { driver: rollout.driver.clone(), stage: rollout.stage.as_str() });
        }
    };
    after.active = good;
    after.note(mark.event(Transition::RolledBack, bad));
    let becomes = match failed {
        Some(reason) => Becomes::Failed { reason, replaced_by: good },
        None => Becomes::Checked { replaced_by: good },
    };
    let versions = std::iter::once((bad, becomes)).chain(good.map(|good| (good, Becomes::Active))).collect();
    Ok(Change { rollout: after, versions })
}

/// The version never serves again, whatever part it has now.
pub(crate) fn revoke(rollout: &Rollout, bad: Digest, reason: Reason, mark: &Mark<'_>) -> Change {
    let mut after = rollout.clone();
    let mut versions = Vec::new();
    match &rollout.stage {
        Stage::Canary { next, .. } if *next == bad => after.stage = Stage::Steady,
        Stage::Unconfirmed { previous, .. } if *previous == bad => after.stage = Stage::Steady,
        _ => {}
    }
    if rollout.active == Some(bad) {
        after.active = match &rollout.stage {
            Stage::Unconfirmed { previous, .. } => {
                after.stage = Stage::Steady;
                versions.push((*previous, Becomes::Active));
                Some(*previous)
            }
            Stage::Steady | Stage::Canary { .. } => None,
        };
    }
    after.note(mark.event(Transition::Revoked, bad));
    versions.push((bad, Becomes::Failed { reason, replaced_by: after.active }));
    Change { rollout: after, versions }
}

fn check(canary: &Canary) -> Result<(), RolloutError> {
    match canary {
        Canary::Projects(projects) if projects.is_empty() => Err(RolloutError::BadCanary("give at least one project")),
        Canary::Templates(templates) if templates.is_empty() => Err(RolloutError::BadCanary("give at least one template")),
        Canary::Share(1..=99) | Canary::Projects(_) | Canary::Templates(_) => Ok(()),
        Canary::Share(_) => {
            Err(RolloutError::BadCanary("a share is 1 to 99 percent; for all of them activate it without a canary"))
        }
    }
}

#[cfg(test)]
#[path = "transition_tests.rs"]
mod tests;

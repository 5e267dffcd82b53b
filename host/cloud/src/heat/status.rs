//! What Heat is doing with a stack or a resource, and how far it is.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// `CREATE_IN_PROGRESS` and its like, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StackStatus {
    pub action: Action,
    pub phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Init,
    Create,
    Update,
    Delete,
    Rollback,
    Suspend,
    Resume,
    Adopt,
    Snapshot,
    Check,
    Restore,
    /// One that Heat did not have when this was written.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    InProgress,
    Complete,
    Failed,
    Other,
}

const ACTIONS: [(&str, Action); 11] = [
    ("INIT", Action::Init),
    ("CREATE", Action::Create),
    ("UPDATE", Action::Update),
    ("DELETE", Action::Delete),
    ("ROLLBACK", Action::Rollback),
    ("SUSPEND", Action::Suspend),
    ("RESUME", Action::Resume),
    ("ADOPT", Action::Adopt),
    ("SNAPSHOT", Action::Snapshot),
    ("CHECK", Action::Check),
    ("RESTORE", Action::Restore),
];

const PHASES: [(&str, Phase); 3] = [("IN_PROGRESS", Phase::InProgress), ("COMPLETE", Phase::Complete), ("FAILED", Phase::Failed)];

impl StackStatus {
    pub fn new(action: Action, phase: Phase) -> Self {
        Self { action, phase }
    }

    pub fn parse(text: &str) -> Self {
        let (action, phase) = text.split_once('_').unwrap_or((text, ""));
        let action = ACTIONS.iter().find(|(name, _)| *name == action);
        let phase = PHASES.iter().find(|(name, _)| *name == phase);
        Self {
            action: action.map_or(Action::Other, |(_, action)| *action),
            phase: phase.map_or(Phase::Other, |(_, phase)| *phase),
        }
    }

    pub fn is_in_progress(self) -> bool {
        self.phase == Phase::InProgress
    }

    pub fn is_complete(self) -> bool {
        self.phase == Phase::Complete
    }

    pub fn is_failed(self) -> bool {
        self.phase == Phase::Failed
    }
}

impl fmt::Display for StackStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = ACTIONS.iter().find(|(_, action)| *action == self.action);
        let phase = PHASES.iter().find(|(_, phase)| *phase == self.phase);
        let name = |name: Option<&'static str>| name.unwrap_or("UNKNOWN");
        write!(f, "{}_{}", name(action.map(|(name, _)| *name)), name(phase.map(|(name, _)| *name)))
    }
}

impl<'de> Deserialize<'de> for StackStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::parse(&String::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_read_and_written_alike() {
        for (action, _) in ACTIONS {
            for (phase, _) in PHASES {
                let text = format!("{action}_{phase}");
                let status = StackStatus::parse(&text);
                assert_ne!(status.action, Action::Other);
                assert_ne!(status.phase, Phase::Other);
                assert_eq!(status.to_string(), text);
            }
        }
    }

    #[test]
    fn a_status_from_the_future_is_neither_done_nor_failed() {
        let status = StackStatus::parse("TELEPORT_PENDING");
        assert_eq!(status, StackStatus::new(Action::Other, Phase::Other));
        assert!(!status.is_complete() && !status.is_failed() && !status.is_in_progress());
    }
}

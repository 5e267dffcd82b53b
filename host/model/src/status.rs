//! Magnum's statuses. One that ends in `_IN_PROGRESS` has an operation behind it; every other one is at rest.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

macro_rules! statuses {
    ($(#[$doc:meta])* $enum:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $enum {
            $(#[serde(rename = $text)] $variant),+
        }

        impl $enum {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// As the REST API writes it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl fmt::Display for $enum {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $enum {
            type Err = UnknownStatus;
            fn from_str(text: &str) -> Result<Self, UnknownStatus> {
                match text { $($text => Ok(Self::$variant),)+ _ => Err(UnknownStatus) }
            }
        }
    };
}

/// The text is none of the statuses there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown status")]
pub struct UnknownStatus;

statuses! {
    /// Of a cluster or a node group.
    Status {
        CreateInProgress = "CREATE_IN_PROGRESS",
        CreateFailed = "CREATE_FAILED",
        CreateComplete = "CREATE_COMPLETE",
        UpdateInProgress = "UPDATE_IN_PROGRESS",
        UpdateFailed = "UPDATE_FAILED",
        UpdateComplete = "UPDATE_COMPLETE",
        DeleteInProgress = "DELETE_IN_PROGRESS",
        DeleteFailed = "DELETE_FAILED",
        DeleteComplete = "DELETE_COMPLETE",
        ResumeComplete = "RESUME_COMPLETE",
        ResumeFailed = "RESUME_FAILED",
        RestoreComplete = "RESTORE_COMPLETE",
        RollbackInProgress = "ROLLBACK_IN_PROGRESS",
        RollbackFailed = "ROLLBACK_FAILED",
        RollbackComplete = "ROLLBACK_COMPLETE",
        SnapshotComplete = "SNAPSHOT_COMPLETE",
        CheckComplete = "CHECK_COMPLETE",
        AdoptComplete = "ADOPT_COMPLETE",
    }
}

statuses! {
    HealthStatus {
        Healthy = "HEALTHY",
        Unhealthy = "UNHEALTHY",
        Unknown = "UNKNOWN",
    }
}

/// What is being done to a cluster, as far as its status tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Action {
    Create,
    Update,
    Delete,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Outcome {
    InProgress,
    Failed,
    Complete,
}

impl Status {
    pub const fn of(action: Action, outcome: Outcome) -> Self {
        match (action, outcome) {
            (Action::Create, Outcome::InProgress) => Self::CreateInProgress,
            (Action::Create, Outcome::Failed) => Self::CreateFailed,
            (Action::Create, Outcome::Complete) => Self::CreateComplete,
            (Action::Update, Outcome::InProgress) => Self::UpdateInProgress,
            (Action::Update, Outcome::Failed) => Self::UpdateFailed,
            (Action::Update, Outcome::Complete) => Self::UpdateComplete,
            (Action::Delete, Outcome::InProgress) => Self::DeleteInProgress,
            (Action::Delete, Outcome::Failed) => Self::DeleteFailed,
            (Action::Delete, Outcome::Complete) => Self::DeleteComplete,
        }
    }

    pub const fn outcome(self) -> Outcome {
        match self {
            Self::CreateInProgress | Self::UpdateInProgress | Self::DeleteInProgress | Self::RollbackInProgress => {
                Outcome::InProgress
            }
            Self::CreateFailed | Self::UpdateFailed | Self::DeleteFailed | Self::ResumeFailed | Self::RollbackFailed => {
                Outcome::Failed
            }
            Self::CreateComplete
            | Self::UpdateComplete
            | Self::DeleteComplete
            | Self::ResumeComplete
            | Self::RestoreComplete
            | Self::RollbackComplete
            | Self::SnapshotComplete
            | Self::CheckComplete
            | Self::AdoptComplete => Outcome::Complete,
        }
    }

    /// Whether the cluster is at rest and whole, so that it may be changed: every `*_COMPLETE` but that of a deletion.
    pub fn is_stable(self) -> bool {
        self.outcome() == Outcome::Complete && self != Self::DeleteComplete
    }

    /// Whether the cluster is on its way out, or should be.
    pub const fn is_deleting(self) -> bool {
        matches!(self, Self::DeleteInProgress | Self::DeleteFailed | Self::DeleteComplete)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_read_back_from_what_it_is_written_as() {
        for status in Status::ALL {
            assert_eq!(status.as_str().parse(), Ok(*status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
    }

    #[test]
    fn outcomes_agree_with_the_ends_of_the_names() {
        for status in Status::ALL {
            let end = match status.outcome() {
                Outcome::InProgress => "_IN_PROGRESS",
                Outcome::Failed => "_FAILED",
                Outcome::Complete => "_COMPLETE",
            };
            assert!(status.as_str().ends_with(end), "{status}");
        }
    }
}

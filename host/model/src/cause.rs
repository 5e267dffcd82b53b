//! Why an operation failed, in terms that a person and a program can act on.

use serde::{Deserialize, Serialize};

use crate::Step;

/// Why an operation failed, for the person who has to do something about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    #[serde(default)]
    pub kind: CauseKind,
    pub fault: Fault,
    pub step: Step,
    /// What happened: becomes the cluster's `status_reason`.
    pub message: String,
    /// The resource it came from, down to the leaf: `kube_minions/2/kube-minion`.
    pub resource: Option<String>,
    /// Heat's type of that resource: `OS::Nova::Server`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
    /// What to change.
    pub advice: Option<String>,
}

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CauseKind {
    /// A quota of the project is used up.
    Quota,
    /// The cloud has no room.
    Capacity,
    /// The image is missing, or does not fit.
    Image,
    /// The flavor is missing, or may not be used.
    Flavor,
    /// The keypair is missing, or somebody else's.
    Keypair,
    /// A token, a trust or a password was refused, or lacks a right.
    Credential,
    /// Something took longer than it may.
    Timeout,
    /// Something that is to go is still used.
    InUse,
    /// A service understood, and would not.
    Refused,
    /// A service did not answer, or could not.
    Unavailable,
    /// A resource of the stack failed for a reason of its own.
    Stack,
    /// The driver would not, or broke off.
    Driver,
    /// What was asked for cannot be had.
    Request,
    /// This service or its configuration.
    Service,
    /// Somebody stopped it.
    Aborted,
    /// Of a record from before kinds were kept.
    #[default]
    Other,
}

/// Who has to change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The request, a quota, a missing right.
    User,
    /// The cloud or its services.
    Cloud,
    /// The driver.
    Driver,
    /// This service or its configuration.
    Host,
}

/// Whether it is worth trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// As it is: time alone may have mended it.
    Retry,
    /// Once something was changed: the same would come of it otherwise.
    ChangeAndRetry,
}

impl CauseKind {
    /// As the API and messages call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quota => "quota",
            Self::Capacity => "capacity",
            Self::Image => "image",
            Self::Flavor => "flavor",
            Self::Keypair => "keypair",
            Self::Credential => "credential",
            Self::Timeout => "timeout",
            Self::InUse => "in_use",
            Self::Refused => "refused",
            Self::Unavailable => "unavailable",
            Self::Stack => "stack",
            Self::Driver => "driver",
            Self::Request => "request",
            Self::Service => "service",
            Self::Aborted => "aborted",
            Self::Other => "other",
        }
    }

    /// Where nothing more is known than who has to change something.
    pub const fn by(fault: Fault) -> Self {
        match fault {
            Fault::User => Self::Request,
            Fault::Cloud => Self::Unavailable,
            Fault::Driver => Self::Driver,
            Fault::Host => Self::Service,
        }
    }

    pub const fn remedy(self) -> Remedy {
        match self {
            Self::Capacity | Self::Timeout | Self::InUse | Self::Unavailable | Self::Stack | Self::Aborted => Remedy::Retry,
            Self::Quota
            | Self::Image
            | Self::Flavor
            | Self::Keypair
            | Self::Credential
            | Self::Refused
            | Self::Driver
            | Self::Request
            | Self::Service
            | Self::Other => Remedy::ChangeAndRetry,
        }
    }
}

impl Fault {
    /// As the API and messages call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Cloud => "cloud",
            Self::Driver => "driver",
            Self::Host => "host",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_from_before_kinds_were_kept_is_still_read() {
        let text = r#"{"fault":"cloud","step":"wait","message":"m","resource":"a/b","advice":null}"#;
        let cause: Cause = serde_json::from_str(text).unwrap();
        assert_eq!((cause.kind, cause.resource_type, cause.resource.as_deref()), (CauseKind::Other, None, Some("a/b")));
    }
}

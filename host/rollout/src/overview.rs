//! What operators are shown, and what became of what they asked for.

use std::time::Duration;

use jeroboam_model::{
    ClusterId,
    driver::{Digest, DriverVersion, Rollout},
};
use time::OffsetDateTime;

/// A driver with all its versions.
#[derive(Clone, Debug, PartialEq)]
pub struct DriverOverview {
    pub rollout: Rollout,
    /// The latest installed last.
    pub versions: Vec<VersionOverview>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct VersionOverview {
    pub version: DriverVersion,
    pub in_flight: InFlight,
    /// How many clusters it serves.
    pub clusters: usize,
}

/// Calls of a version that have not ended, in this process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InFlight {
    pub calls: usize,
    /// How long ago the oldest one began.
    pub oldest: Option<Duration>,
    /// From when on no call begins through a handle that was taken before the latest switch. `None`: there was none, or it is past.
    pub deadline: Option<OffsetDateTime>,
}

/// Which clusters of a driver to move to the version that serves new ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    All,
    These(Vec<ClusterId>),
}

/// A cluster that is on another version now, or was on it already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub cluster: ClusterId,
    pub from: Option<Digest>,
    pub to: Digest,
}

/// What a revocation came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Revoked {
    /// `None`: the component was never installed here; it will not be.
    pub version: Option<DriverVersion>,
    /// Those that are on it, and those whose stacks it defined.
    pub clusters: Vec<ClusterId>,
}

//! Kill points: where tests end the process, to see that a rollout survives it.

use std::{fmt, str::FromStr};

/// The environment variable that names a [`KillPoint`].
const VARIABLE: &str = "JEROBOAM_ABORT_ROLLOUT_AT";

/// A moment in a change of a rollout, written `<change>/<before|after>`: `activate/before`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KillPoint {
    pub change: Changing,
    pub moment: Moment,
}

/// What is written to the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changing {
    /// The bytes of a component; after that, its version.
    Bytes,
    Install,
    Check,
    Approve,
    Activate,
    Canary,
    Confirm,
    RollBack,
    Revoke,
    Move,
    Retire,
    Remove,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// It is decided, and not written.
    Before,
    /// It is written, and the process does not go by it yet.
    After,
}

/// The text is no kill point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a kill point of a rollout is <change>/<before|after>")]
pub struct UnknownKillPoint;

/// What happens at a kill point: nothing, unless a test asked for it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KillSwitch(Option<KillPoint>);

const CHANGES: [(&str, Changing); 12] = [
    ("bytes", Changing::Bytes),
    ("install", Changing::Install),
    ("check", Changing::Check),
    ("approve", Changing::Approve),
    ("activate", Changing::Activate),
    ("canary", Changing::Canary),
    ("confirm", Changing::Confirm),
    ("rollback", Changing::RollBack),
    ("revoke", Changing::Revoke),
    ("move", Changing::Move),
    ("retire", Changing::Retire),
    ("remove", Changing::Remove),
];

const MOMENTS: [(&str, Moment); 2] = [("before", Moment::Before), ("after", Moment::After)];

impl KillPoint {
    /// Both moments of every change.
    pub fn all() -> impl Iterator<Item = Self> {
        CHANGES.iter().flat_map(|(_, change)| MOMENTS.iter().map(|(_, moment)| Self { change: *change, moment: *moment }))
    }
}

impl KillSwitch {
    /// As the environment says. A test with a slip in it must not pass for want of a crash, so what cannot be read is logged as an error.
    pub(crate) fn from_environment() -> Self {
        let Some(text) = std::env::var_os(VARIABLE) else { return Self(None) };
        match text.to_string_lossy().parse() {
            Ok(point) => Self(Some(point)),
            Err(error) => {
                tracing::error!("{VARIABLE} is ignored: {error}");
                Self(None)
            }
        }
    }

    pub(crate) fn pass(self, change: Changing, moment: Moment) {
        if self.0 == Some(KillPoint { change, moment }) {
            // What `kill -9` does: no destructor, no flush, no handler. Should the kernel refuse, the process ends all the same.
            let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
            std::process::abort()
        }
    }
}

impl FromStr for KillPoint {
    type Err = UnknownKillPoint;

    fn from_str(text: &str) -> Result<Self, UnknownKillPoint> {
        Self::all().find(|point| point.to_string() == text).ok_or(UnknownKillPoint)
    }
}

impl fmt::Display for KillPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let change = CHANGES.iter().find(|(_, change)| *change == self.change).map_or("", |(name, _)| name);
        let moment = MOMENTS.iter().find(|(_, moment)| *moment == self.moment).map_or("", |(name, _)| name);
        write!(f, "{change}/{moment}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kill_point_is_read_back_from_its_text() {
        for point in KillPoint::all() {
            assert_eq!(point.to_string().parse(), Ok(point));
        }
        assert_eq!("activate/during".parse::<KillPoint>(), Err(UnknownKillPoint));
    }
}

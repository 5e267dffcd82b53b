//! What an operator would do next with a version, as a command. One function, so that people and programs are told the same.

use jeroboam_model::driver::{Rollout, Stage, VersionState};
use jeroboam_rollout::VersionOverview;

pub fn next(rollout: &Rollout, overview: &VersionOverview) -> Option<String> {
    let version = &overview.version;
    let (driver, digest, clusters) = (&version.name, version.digest, overview.clusters);
    let short = digest.short();
    let command = |words: String| Some(format!("jeroboam driver {words}"));
    if version.revoked.is_some() {
        return match clusters {
            0 => None,
            _ if rollout.active.is_none() => None,
            _ => command(format!("move {driver} --all")),
        };
    }
    match (&version.state, &rollout.stage) {
        (VersionState::Installed, _) => None,
        // It is no driver, or none for this host: to try again is in vain.
        (VersionState::Failed(_), _) if version.description.is_none() => command(format!("remove {short}")),
        (VersionState::Failed(_), _) => command(format!("check {short}")),
        (_, Stage::Canary { next, .. }) if *next == digest => command(format!("activate {short}")),
        (VersionState::Checked, _) if !version.waits_for.is_empty() => command(format!("approve {short}")),
        // Nothing that there is could change.
        (VersionState::Checked, _) if rollout.active.is_none() => command(format!("activate {short}")),
        (VersionState::Checked, _) => command(format!("plan {short}")),
        (VersionState::Active, Stage::Unconfirmed { .. }) => command(format!("confirm {driver}")),
        (VersionState::Draining, Stage::Steady) if clusters > 0 => command(format!("move {driver} --all")),
        (VersionState::Retired, _) if clusters == 0 => command(format!("remove {short}")),
        (VersionState::Active | VersionState::Draining | VersionState::Retired, _) => None,
    }
}

//! What is done when a process starts: what the store says is taken over, what serves is loaded, what is new is installed.

use jeroboam_model::driver::{DriverVersion, Origin, Rollout, VersionState};
use jeroboam_store::Stored;
use time::OffsetDateTime;

use crate::{Pace, RolloutError, RolloutParts, Rollouts, StartError, WatchConfig, reconcile, watch, watch::watch_directory};

/// Who activates what nobody has to be asked for.
pub(crate) const CONFIGURATION: &str = "configuration";

impl Rollouts {
    /// Takes over what the store says, loads what serves, and installs what is new in the binary and in the directory, which is watched from then on. A
    /// component that fails is listed with its reason, and stops nothing else.
    pub async fn start(parts: RolloutParts) -> Result<Self, StartError> {
        let rollouts = Self::new(parts);
        rollouts.refresh().await?;
        rollouts.note_failures().await?;
        rollouts.sweep().await?;
        rollouts.install_bundled().await?;
        rollouts.install_files().await?;
        rollouts.resume_checks().await?;
        rollouts.resume_moving().await?;
        tokio::spawn(reconcile::run(rollouts.weak()));
        if let Some(dir) = rollouts.0.config.drivers_dir.clone() {
            let limit = rollouts.0.host.limits().component_bytes;
            tokio::spawn(watch_directory(rollouts.weak(), WatchConfig { dir, limit, pace: Pace::default() }));
        }
        Ok(rollouts)
    }

    /// What serves and cannot be loaded any more says why; what can be loaded again is what it was.
    async fn note_failures(&self) -> Result<(), RolloutError> {
        let fleet = self.fleet();
        let rollouts = self.0.store.rollouts().all().await?;
        for version in self.0.store.driver_versions().all().await? {
            let serves = rollouts.iter().any(|rollout| rollout.versions().any(|digest| digest == version.digest));
            let state = match (fleet.failed.get(&version.digest), &version.state) {
                (Some(why), _) => VersionState::Failed(jeroboam_model::driver::Reason::operator(format!("{why}."))),
                (None, VersionState::Failed(_)) if serves && version.revoked.is_none() => state_in(&rollouts, &version),
                _ => continue,
            };
            if state != version.state {
                tracing::error!(driver = version.name, digest = %version.digest, state = state.as_str(), "a driver version that serves is in another state now");
                let mut tx = self.0.store.begin();
                tx.update(&version.with(DriverVersion { state, changed_at: OffsetDateTime::now_utc(), ..version.value.clone() }));
                tx.commit().await.map_err(RolloutError::from)?;
            }
        }
        Ok(())
    }

    /// A driver that nobody has activated a version of gets the binary's at once: without a self-test, which it has passed when the binary was made.
    async fn install_bundled(&self) -> Result<(), RolloutError> {
        for (digest, bundled) in &self.0.bundled {
            let stem = bundled.file_name.strip_suffix(".wasm").unwrap_or(&bundled.file_name);
            let known = self.0.store.driver_versions().get(*digest).await?;
            let kept = match known {
                // It may have been installed or checked by a process that ended then.
                Some(known) if matches!(known.state, VersionState::Installed | VersionState::Checked) => Ok(known.value),
                Some(_) => continue,
                None => self.keep(bundled.bytes.clone(), stem, Origin::Bundled).await,
            };
            let version = match kept {
                Ok(version) => version,
                Err(error @ (RolloutError::Read(_) | RolloutError::Write(_) | RolloutError::Components(_))) => return Err(error),
                Err(error) => {
                    tracing::error!(file = bundled.file_name, "a bundled driver is not installed: {error}");
                    continue;
                }
            };
            let first = self.rollout(&version.name).await?.rollout().active.is_none();
            if first && version.replaced_by.is_none() {
                self.look_at(&version.digest, crate::check::Depth::Describe).await;
            }
        }
        Ok(())
    }

    async fn install_files(&self) -> Result<(), RolloutError> {
        let Some(dir) = self.0.config.drivers_dir.clone() else { return Ok(()) };
        for (file, read) in watch::present(&dir, self.0.host.limits().component_bytes).await {
            let stem = file.strip_suffix(".wasm").unwrap_or(&file);
            let installed = match read {
                Ok(bytes) => self.install(bytes, stem, Origin::Directory(file.clone())).await,
                Err(complaint) => {
                    tracing::error!(file, "the drivers directory: {complaint}");
                    continue;
                }
            };
            match installed {
                Ok(_) => {}
                Err(error @ (RolloutError::Read(_) | RolloutError::Write(_) | RolloutError::Components(_))) => return Err(error),
                Err(error) => tracing::error!(file, "a driver is not installed: {error}"),
            }
        }
        Ok(())
    }

    /// Those that were not looked at before the process ended, those that wait for what the configuration may grant by now, and those that were to be activated.
    async fn resume_checks(&self) -> Result<(), RolloutError> {
        let versions = self.0.store.driver_versions().all().await?;
        for version in &versions {
            let waits = version.state == VersionState::Checked && !version.waits_for.is_empty();
            if version.state == VersionState::Installed || waits || self.was_cut_short(version, &versions) {
                self.enqueue(version.digest);
            }
        }
        Ok(())
    }

    /// Whether it is the newest of its driver, and nothing was decided since its check, though the policy would have it serve: the process ended in between.
    fn was_cut_short(&self, version: &DriverVersion, all: &[Stored<DriverVersion>]) -> bool {
        let fleet = self.fleet();
        let rollout = fleet.rollouts.get(&version.name);
        let newest = all.iter().all(|other| other.name != version.name || other.installed_at <= version.installed_at);
        let undecided = rollout.is_none_or(|rollout| rollout.changed_at <= version.changed_at);
        newest && undecided && self.is_to_serve(version)
    }
}

/// Whether it has to be at hand.
pub(crate) fn is_wanted(version: &DriverVersion, rollouts: &[Stored<Rollout>]) -> bool {
    let named = || rollouts.iter().any(|rollout| rollout.versions().any(|digest| digest == version.digest));
    version.revoked.is_none() && (version.state == VersionState::Draining || named())
}

fn state_in(rollouts: &[Stored<Rollout>], version: &DriverVersion) -> VersionState {
    let own = rollouts.iter().find(|rollout| rollout.driver == version.name);
    match own.map(|rollout| &rollout.stage) {
        Some(jeroboam_model::driver::Stage::Unconfirmed { previous, .. }) if *previous == version.digest => {
            VersionState::Draining
        }
        _ => VersionState::Active,
    }
}

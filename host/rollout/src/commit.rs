//! Writes a change of a rollout: one commit for all that changes with it, then the process goes by it.

use jeroboam_model::driver::{Digest, DriverVersion, Reason, Rollout, VersionState};
use jeroboam_store::{Stored, Transaction};
use time::OffsetDateTime;

use crate::{
    RolloutError, Rollouts,
    kill::{Changing, Moment},
    transition::{Becomes, Change},
};

/// A rollout as it is in the store, or as it will be there first.
pub(crate) enum Found {
    Stored(Stored<Rollout>),
    New(Rollout),
}

impl Found {
    pub fn rollout(&self) -> &Rollout {
        match self {
            Self::Stored(stored) => &stored.value,
            Self::New(rollout) => rollout,
        }
    }
}

impl Rollouts {
    pub(crate) async fn rollout(&self, driver: &str) -> Result<Found, RolloutError> {
        Ok(match self.0.store.rollouts().get(driver.to_owned()).await? {
            Some(stored) => Found::Stored(stored),
            None => Found::New(Rollout::new(driver, OffsetDateTime::now_utc())),
        })
    }

    /// Of a driver that has one.
    pub(crate) async fn known(&self, driver: &str) -> Result<Found, RolloutError> {
        let found = self.0.store.rollouts().get(driver.to_owned()).await?;
        found.map(Found::Stored).ok_or_else(|| RolloutError::NoDriver(driver.to_owned()))
    }

    /// All of the change or nothing. Needs the turn.
    pub(crate) async fn carry_out(&self, found: &Found, change: Change, changing: Changing) -> Result<Rollout, RolloutError> {
        self.carry_out_with(found, change, changing, |_| {}).await
    }

    /// As [`Rollouts::carry_out`], with something else in the same commit.
    pub(crate) async fn carry_out_with(
        &self,
        found: &Found,
        change: Change,
        changing: Changing,
        more: impl FnOnce(&mut Transaction) + Send,
    ) -> Result<Rollout, RolloutError> {
        let Change { rollout, versions } = change;
        let mut tx = self.0.store.begin();
        match found {
            Found::Stored(stored) => tx.update(&stored.with(rollout.clone())),
            Found::New(_) => tx.insert(&rollout),
        }
        for (digest, becomes) in versions {
            // Of a version that somebody removed nothing has to be said any more.
            if let Some(version) = self.0.store.driver_versions().get(digest).await? {
                let after = after(&version, becomes, rollout.changed_at);
                if after != version.value {
                    tx.update(&version.with(after));
                }
            }
        }
        more(&mut tx);
        self.0.kill.pass(changing, Moment::Before);
        let committed = tx.commit().await;
        self.0.kill.pass(changing, Moment::After);
        // Whoever was first: what the store says now is what counts.
        self.refresh().await?;
        committed?;
        Ok(rollout)
    }
}

fn after(version: &DriverVersion, becomes: Becomes, at: OffsetDateTime) -> DriverVersion {
    let mut after = version.clone();
    (after.state, after.replaced_by) = match becomes {
        Becomes::Active => (VersionState::Active, None),
        Becomes::Draining => (VersionState::Draining, None),
        Becomes::Checked { replaced_by } => (VersionState::Checked, replaced_by),
        Becomes::Failed { reason, replaced_by } => (VersionState::Failed(reason), replaced_by),
    };
    if after != *version {
        after.changed_at = at;
    }
    after
}

/// A revoked version in the words of those who ask for it.
pub(crate) fn revoked(why: &str) -> Reason {
    Reason::operator(format!("It was revoked: {why}. Install another version."))
}

/// The error for a version that must not serve any more.
pub(crate) fn refuse_revoked(digest: Digest, why: &str) -> RolloutError {
    RolloutError::Revoked { digest, why: why.to_owned() }
}

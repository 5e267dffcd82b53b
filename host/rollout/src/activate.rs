//! A version begins to serve: for a canary, or for all.

use jeroboam_model::driver::{Canary, Digest, DriverVersion, Rollout, VersionState};
use time::OffsetDateTime;

use crate::{
    RolloutError, Rollouts,
    commit::refuse_revoked,
    kill::Changing,
    transition::{self, Mark},
    uncut::uncut,
};

impl Rollouts {
    /// New clusters get the version: all of them, or those of the canary. Calls under way end on the version that they began on. Clusters that exist stay where
    /// they are; the plan that begins now moves those for which nothing changes.
    pub async fn activate(&self, digest: &Digest, canary: Option<Canary>, by: &str) -> Result<Rollout, RolloutError> {
        let (rollouts, digest, by) = (self.clone(), *digest, by.to_owned());
        uncut(async move { rollouts.activate_now(&digest, canary, &by).await }).await
    }

    async fn activate_now(&self, digest: &Digest, canary: Option<Canary>, by: &str) -> Result<Rollout, RolloutError> {
        let _turn = self.0.turn.lock().await;
        let version = self.stored(digest).await?;
        fit(&version)?;
        let found = self.rollout(&version.name).await?;
        let changing = if canary.is_some() { Changing::Canary } else { Changing::Activate };
        let mark = Mark { by, why: None, at: OffsetDateTime::now_utc() };
        let Some(change) = transition::activate(found.rollout(), *digest, canary, &mark)? else {
            return Ok(found.rollout().clone());
        };
        // Before anything is written: who is activated can serve.
        let driver = self.loaded(&version).await?;
        if let Some((cluster_type, other)) = self.fleet().rival(self.choice(), &driver) {
            let other = format!("{} {}", other.name(), other.version());
            return Err(RolloutError::TypeTaken { title: version.title(), cluster_type, other });
        }
        let rollout = self.carry_out(&found, change, changing).await?;
        tracing::info!(driver = rollout.driver, %digest, by, stage = rollout.stage.as_str(), "driver version activated");
        self.begin_moving(driver);
        Ok(rollout)
    }
}

fn fit(version: &DriverVersion) -> Result<(), RolloutError> {
    if let Some(why) = &version.revoked {
        return Err(refuse_revoked(version.digest, why));
    }
    let advice = match &version.state {
        VersionState::Checked | VersionState::Active | VersionState::Draining | VersionState::Retired => None,
        VersionState::Installed => Some("wait until it has been checked".to_owned()),
        VersionState::Failed(reason) => Some(reason.operator.clone()),
    };
    if let Some(advice) = advice {
        return Err(RolloutError::NotReady { title: version.title(), state: version.state.clone(), advice });
    }
    if version.waits_for.is_empty() {
        Ok(())
    } else {
        Err(RolloutError::NeedsApproval { title: version.title(), waits_for: version.waits_for.clone() })
    }
}

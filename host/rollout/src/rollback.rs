//! Back to the version before: by hand, or because calls fail.

use jeroboam_model::driver::{Digest, Reason, Rollout};
use time::OffsetDateTime;

use crate::{
    RolloutError, Rollouts,
    kill::Changing,
    transition::{self, Mark},
    uncut::uncut,
};

/// Who rolls back when nobody asked for it.
const BUDGET: &str = "error budget";

impl Rollouts {
    /// Back to the version before, at once and for all: whatever is on the other is served by this one.
    pub async fn rollback(&self, driver: &str, by: &str) -> Result<Rollout, RolloutError> {
        let (rollouts, driver, by) = (self.clone(), driver.to_owned(), by.to_owned());
        uncut(async move { rollouts.rollback_now(&driver, &by).await }).await
    }

    async fn rollback_now(&self, driver: &str, by: &str) -> Result<Rollout, RolloutError> {
        let _turn = self.0.turn.lock().await;
        let found = self.known(driver).await?;
        let mark = Mark { by, why: None, at: OffsetDateTime::now_utc() };
        let change = transition::rollback(found.rollout(), None, &mark)?;
        let rollout = self.carry_out(&found, change, Changing::RollBack).await?;
        tracing::warn!(driver, by, "driver rolled back");
        Ok(rollout)
    }

    /// As [`Rollouts::rollback`], if the version is still the one that is on trial.
    pub(crate) async fn rollback_failing(&self, driver: &str, failing: &Digest, why: &str) -> Result<(), RolloutError> {
        let _turn = self.0.turn.lock().await;
        let found = self.known(driver).await?;
        if on_trial(found.rollout()) != Some(*failing) {
            return Ok(());
        }
        let reason = Reason::operator(format!("{why}. Look at the log, then install a version that is mended."))
            .and_author(format!("{why}. The operator's log has what the driver said."));
        let mark = Mark { by: BUDGET, why: Some(why), at: OffsetDateTime::now_utc() };
        let change = transition::rollback(found.rollout(), Some(reason), &mark)?;
        self.carry_out(&found, change, Changing::RollBack).await?;
        tracing::error!(driver, digest = %failing, "driver rolled back by itself: {why}");
        Ok(())
    }
}

/// The version that can still be rolled back.
pub(crate) fn on_trial(rollout: &Rollout) -> Option<Digest> {
    use jeroboam_model::driver::Stage;
    match &rollout.stage {
        Stage::Steady => None,
        Stage::Canary { next, .. } => Some(*next),
        Stage::Unconfirmed { .. } => rollout.active,
    }
}

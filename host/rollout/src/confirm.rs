//! The active version is there to stay.

use jeroboam_model::driver::Rollout;
use time::OffsetDateTime;

use crate::{
    RolloutError, Rollouts,
    kill::Changing,
    transition::{self, Mark},
    uncut::uncut,
};

impl Rollouts {
    /// What is active stays; what was before it drains, and retires when nothing is on it any more.
    pub async fn confirm(&self, driver: &str, by: &str) -> Result<Rollout, RolloutError> {
        let (rollouts, driver, by) = (self.clone(), driver.to_owned(), by.to_owned());
        uncut(async move { rollouts.confirm_now(&driver, &by).await }).await
    }

    async fn confirm_now(&self, driver: &str, by: &str) -> Result<Rollout, RolloutError> {
        let _turn = self.0.turn.lock().await;
        let found = self.known(driver).await?;
        let mark = Mark { by, why: None, at: OffsetDateTime::now_utc() };
        let change = transition::confirm(found.rollout(), &mark)?;
        self.carry_out(&found, change, Changing::Confirm).await
    }
}

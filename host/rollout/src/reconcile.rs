//! What happens by itself while a process runs: versions that nothing is on any more retire, and one whose calls fail is rolled back.

use std::{sync::Weak, time::Duration};

use jeroboam_model::driver::{Digest, DriverVersion, Rollout, VersionState};
use jeroboam_plugins::Tally;
use jeroboam_store::Stored;
use time::OffsetDateTime;

use crate::{
    ErrorBudget, RolloutError, Rollouts,
    kill::{Changing, Moment},
    rollback::on_trial,
    rollouts::Inner,
};

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// After so many looks, clusters that could not move yet are planned for again.
const LOOKS_A_PLAN: u32 = 60;

/// Until nobody needs it any more.
pub(crate) async fn run(rollouts: Weak<Inner>) {
    let mut looks = 0u32;
    loop {
        tokio::time::sleep(PAUSE).await;
        let Some(rollouts) = rollouts.upgrade().map(Rollouts) else { return };
        looks = (looks + 1) % LOOKS_A_PLAN;
        let looked = async {
            rollouts.reconcile().await?;
            if looks == 0 { rollouts.resume_moving().await } else { Ok(()) }
        };
        if let Err(error) = looked.await {
            tracing::error!("versions of drivers were not looked after: {error}");
        }
    }
}

impl Rollouts {
    /// One look.
    pub(crate) async fn reconcile(&self) -> Result<(), RolloutError> {
        self.spend_budgets().await?;
        self.retire().await
    }

    /// Rolls back what fails too often.
    async fn spend_budgets(&self) -> Result<(), RolloutError> {
        let fleet = self.fleet();
        for rollout in fleet.rollouts.values() {
            let Some(digest) = on_trial(rollout) else { continue };
            let Some(driver) = fleet.loaded.get(&digest) else { continue };
            let budget = &self.0.config.error_budget;
            let since = since(rollout).map_or(budget.window, |since| since.min(budget.window));
            if let Some(why) = spent(budget, driver.tally(since)) {
                self.rollback_failing(&rollout.driver, &digest, &why).await?;
            }
        }
        Ok(())
    }

    /// What drains and serves nobody is let go; what was let go and serves somebody is taken back.
    async fn retire(&self) -> Result<(), RolloutError> {
        let _turn = self.0.turn.lock().await;
        let rollouts = self.0.store.rollouts().all().await?;
        let mut changed = false;
        for version in self.0.store.driver_versions().all().await? {
            if !matches!(version.state, VersionState::Draining | VersionState::Retired) {
                continue;
            }
            let Some(rollout) = rollouts.iter().find(|rollout| rollout.driver == version.name) else { continue };
            changed |= self.settle(rollout, &version).await?;
        }
        if changed {
            self.refresh().await?;
        }
        Ok(())
    }

    async fn settle(&self, rollout: &Stored<Rollout>, version: &Stored<DriverVersion>) -> Result<bool, RolloutError> {
        let under_way = self.fleet().loaded.get(&version.digest).map_or(0, |driver| driver.under_way().calls);
        let named = rollout.versions().any(|digest| digest == version.digest);
        let held = named || under_way > 0 || self.drains_for(&version.digest).is_some();
        let state = match held || self.clusters_of(rollout, version).await? > 0 {
            true => VersionState::Draining,
            false => VersionState::Retired,
        };
        if state == version.state {
            return Ok(false);
        }
        let mut tx = self.0.store.begin();
        tx.require(rollout);
        tx.update(&version.with(DriverVersion { state, changed_at: OffsetDateTime::now_utc(), ..version.value.clone() }));
        self.0.kill.pass(Changing::Retire, Moment::Before);
        match tx.commit().await {
            Ok(()) => {
                self.0.kill.pass(Changing::Retire, Moment::After);
                Ok(true)
            }
            // The next look sees what has changed.
            Err(jeroboam_store::CommitError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The drivers that serve, by digest: for tests of what is loaded.
    pub fn loaded_versions(&self) -> Vec<Digest> {
        let mut loaded: Vec<Digest> = self.fleet().loaded.keys().copied().collect();
        loaded.sort();
        loaded
    }
}

/// How long the version has been on trial.
fn since(rollout: &Rollout) -> Option<Duration> {
    use jeroboam_model::driver::Stage;
    match &rollout.stage {
        Stage::Steady => None,
        Stage::Canary { since, .. } | Stage::Unconfirmed { since, .. } => {
            Duration::try_from(OffsetDateTime::now_utc() - *since).ok()
        }
    }
}

/// Why the budget is spent, if it is.
fn spent(budget: &ErrorBudget, tally: Tally) -> Option<String> {
    let Tally { calls, failed } = tally;
    let enough = calls >= budget.calls as usize && failed > 0;
    let over = failed * 100 > calls * usize::from(budget.percent);
    (enough && over).then(|| {
        format!("{failed} of {calls} calls failed through the driver's own fault, and {} % may (error budget)", budget.percent)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_spent_by_more_failures_than_it_allows_among_enough_calls() {
        let budget = ErrorBudget { percent: 10, calls: 10, ..ErrorBudget::default() };
        let spends = |failed, calls| spent(&budget, Tally { calls, failed }).is_some();
        assert!(!spends(9, 9), "too few calls");
        assert!(!spends(1, 10), "as many as it allows");
        assert!(spends(2, 10));
        assert!(!spends(0, 1000));
        let never = ErrorBudget { percent: 100, ..budget };
        assert!(spent(&never, Tally { calls: 50, failed: 50 }).is_none());
    }
}

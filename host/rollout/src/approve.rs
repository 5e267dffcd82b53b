//! What a version asks for is granted to it.

use jeroboam_model::driver::{Digest, DriverVersion, VersionState};
use time::OffsetDateTime;

use crate::{
    RolloutError, Rollouts,
    commit::refuse_revoked,
    kill::{Changing, Moment},
    uncut::uncut,
};

impl Rollouts {
    /// Grants what it waits for, and has it checked again.
    pub async fn approve(&self, digest: &Digest, by: &str) -> Result<DriverVersion, RolloutError> {
        let (rollouts, digest, by) = (self.clone(), *digest, by.to_owned());
        uncut(async move { rollouts.approve_now(&digest, &by).await }).await
    }

    async fn approve_now(&self, digest: &Digest, by: &str) -> Result<DriverVersion, RolloutError> {
        let turn = self.0.turn.lock().await;
        let version = self.stored(digest).await?;
        if let Some(why) = &version.revoked {
            return Err(refuse_revoked(*digest, why));
        }
        if version.waits_for.is_empty() {
            return Err(RolloutError::NothingToApprove { title: version.title() });
        }
        let mut after = version.value.clone();
        let granted: Vec<String> = after.waits_for.drain(..).map(|capability| capability.name).collect();
        tracing::warn!(driver = after.name, %digest, by, granted = granted.join(", "), "driver version approved");
        after.granted.extend(granted);
        after.changed_at = OffsetDateTime::now_utc();
        if after.state == VersionState::Checked {
            after.state = VersionState::Installed;
        }
        let mut tx = self.0.store.begin();
        tx.update(&version.with(after.clone()));
        self.0.kill.pass(Changing::Approve, Moment::Before);
        tx.commit().await?;
        self.0.kill.pass(Changing::Approve, Moment::After);
        drop(turn);
        self.enqueue(*digest);
        Ok(after)
    }
}

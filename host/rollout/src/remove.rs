//! A version is forgotten.

use jeroboam_model::driver::{Digest, DriverVersion};

use crate::{
    RolloutError, Rollouts,
    kill::{Changing, Moment},
    uncut::uncut,
};

impl Rollouts {
    /// Forgets a version that nothing is on, with its bytes. That it was revoked is not forgotten.
    pub async fn remove(&self, digest: &Digest) -> Result<DriverVersion, RolloutError> {
        let (rollouts, digest) = (self.clone(), *digest);
        uncut(async move { rollouts.remove_now(&digest).await }).await
    }

    async fn remove_now(&self, digest: &Digest) -> Result<DriverVersion, RolloutError> {
        let _turn = self.0.turn.lock().await;
        let version = self.stored(digest).await?;
        let found = self.rollout(&version.name).await?;
        if found.rollout().versions().any(|serves| serves == *digest) {
            return Err(RolloutError::Serving { title: version.title() });
        }
        // One that was revoked serves nobody; what is on it is served by another.
        let clusters = match &version.revoked {
            Some(_) => 0,
            None => self.0.store.clusters().count_of_version(&version.name, Some(digest)).await?,
        };
        if clusters > 0 {
            return Err(RolloutError::InUse { title: version.title(), clusters });
        }
        let mut tx = self.0.store.begin();
        tx.remove(&version);
        if let crate::commit::Found::Stored(rollout) = &found {
            tx.require(rollout);
        }
        self.0.kill.pass(Changing::Remove, Moment::Before);
        tx.commit().await?;
        self.0.kill.pass(Changing::Remove, Moment::After);
        self.0.store.components().forget(*digest).await?;
        self.refresh().await?;
        Ok(version.value)
    }
}

//! A component must never serve again.

use std::collections::BTreeSet;

use jeroboam_model::{
    ClusterId,
    driver::{Digest, Revocation},
};
use time::OffsetDateTime;

use crate::{
    Revoked, RolloutError, Rollouts,
    commit::revoked,
    kill::{Changing, Moment},
    transition::{self, Mark},
    uncut::uncut,
};

impl Rollouts {
    /// Refuses the component from now on, installed or not, and says which clusters it has touched. Safe to repeat. What it serves goes to the version before it, or to
    /// none.
    pub async fn revoke(&self, digest: &Digest, why: &str, by: &str) -> Result<Revoked, RolloutError> {
        let (rollouts, digest, why, by) = (self.clone(), *digest, why.to_owned(), by.to_owned());
        uncut(async move { rollouts.revoke_now(&digest, &why, &by).await }).await
    }

    async fn revoke_now(&self, digest: &Digest, why: &str, by: &str) -> Result<Revoked, RolloutError> {
        let _turn = self.0.turn.lock().await;
        let version = self.0.store.driver_versions().get(*digest).await?;
        let at = OffsetDateTime::now_utc();
        let revocation = Revocation {
            digest: *digest,
            driver: version.as_ref().map(|version| version.name.clone()),
            why: why.to_owned(),
            by: by.to_owned(),
            at,
        };
        let known = self.0.store.revocations().get(*digest).await?;
        match version {
            _ if known.is_some() => {}
            None => {
                let mut tx = self.0.store.begin();
                tx.insert(&revocation);
                self.0.kill.pass(Changing::Revoke, Moment::Before);
                tx.commit().await?;
                self.0.kill.pass(Changing::Revoke, Moment::After);
            }
            Some(version) => {
                let found = self.rollout(&version.name).await?;
                let mark = Mark { by, why: Some(why), at };
                let mut change = transition::revoke(found.rollout(), *digest, revoked(why), &mark);
                let becomes = change.versions.pop();
                let mut after = version.value.clone();
                if let Some((_, transition::Becomes::Failed { reason, replaced_by })) = becomes {
                    after.state = jeroboam_model::driver::VersionState::Failed(reason);
                    after.replaced_by = replaced_by;
                }
                after.revoked = Some(why.to_owned());
                after.changed_at = at;
                let write = |tx: &mut jeroboam_store::Transaction| {
                    tx.insert(&revocation);
                    tx.update(&version.with(after));
                };
                self.carry_out_with(&found, change, Changing::Revoke, write).await?;
                tracing::warn!(driver = version.name, %digest, by, why, "driver version revoked");
            }
        }
        let version = self.0.store.driver_versions().get(*digest).await?.map(|version| version.value);
        Ok(Revoked { version, clusters: self.touched(digest).await? })
    }

    /// The clusters that are on a version, and those with a stack that it defined.
    pub async fn touched(&self, digest: &Digest) -> Result<Vec<ClusterId>, RolloutError> {
        let mut touched: BTreeSet<ClusterId> = self.0.store.recordings().clusters_of(digest).await?.into_iter().collect();
        if let Some(version) = self.0.store.driver_versions().get(*digest).await? {
            let on = self.0.store.clusters().of_version(&version.name, Some(digest), usize::MAX).await?;
            touched.extend(on.iter().map(|cluster| cluster.uuid));
        }
        Ok(touched.into_iter().collect())
    }
}

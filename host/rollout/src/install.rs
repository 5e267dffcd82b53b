//! A component comes in.

use std::{borrow::Cow, collections::BTreeSet};

use jeroboam_model::driver::{DriverVersion, Origin, VersionState, name::is_reserved};
use jeroboam_store::digest_of;
use time::OffsetDateTime;

use crate::{
    RolloutError, Rollouts,
    commit::refuse_revoked,
    kill::{Changing, Moment},
    names,
    uncut::uncut,
};

impl Rollouts {
    /// Stores a component, and has it checked. Answers when it is stored; [`Rollouts::version`] tells how far it has come. The same component again is the same version;
    /// one that has failed is checked again. `name`: what it has to call itself; of a file, the name without `.wasm`.
    pub async fn install(&self, bytes: Vec<u8>, name: &str, origin: Origin) -> Result<DriverVersion, RolloutError> {
        let (rollouts, name) = (self.clone(), name.to_owned());
        uncut(async move {
            let version = rollouts.keep(bytes.into(), &name, origin).await?;
            if version.state == VersionState::Installed {
                rollouts.enqueue(version.digest);
            }
            Ok(version)
        })
        .await
    }

    pub(crate) async fn keep(
        &self,
        bytes: Cow<'static, [u8]>,
        name: &str,
        origin: Origin,
    ) -> Result<DriverVersion, RolloutError> {
        let (size, limit) = (bytes.len() as u64, self.0.host.limits().component_bytes);
        if size > limit {
            return Err(RolloutError::TooLarge { size, limit });
        }
        if origin == Origin::Installed && !names::is_name(name) {
            return Err(RolloutError::BadName(name.to_owned()));
        }
        if is_reserved(name) {
            return Err(RolloutError::ReservedName(name.to_owned()));
        }
        let hashed = tokio::task::spawn_blocking(move || (digest_of(&bytes), bytes));
        let (digest, bytes) = hashed.await.map_err(|error| RolloutError::CutShort(error.into()))?;
        if let Some(revocation) = self.0.store.revocations().get(digest).await? {
            return Err(refuse_revoked(digest, &revocation.why));
        }
        let now = OffsetDateTime::now_utc();
        let new = DriverVersion {
            name: name.to_owned(),
            version: None,
            digest,
            origin: origin.clone(),
            state: VersionState::Installed,
            contract: None,
            size,
            description: None,
            granted: BTreeSet::new(),
            waits_for: Vec::new(),
            report: None,
            replaced_by: None,
            revoked: None,
            installed_at: now,
            changed_at: now,
        };
        let mut tx = self.0.store.begin();
        let version = match self.0.store.driver_versions().get(digest).await? {
            Some(old) if matches!(old.state, VersionState::Failed(_)) && !self.serves(&digest) => {
                let again = DriverVersion { granted: old.granted.clone(), replaced_by: old.replaced_by, ..new };
                tx.update(&old.with(again.clone()));
                again
            }
            Some(old) if origin == Origin::Installed && old.name != name => {
                return Err(RolloutError::OtherName { digest, name: old.value.name, wanted: name.to_owned() });
            }
            Some(old) => return Ok(old.value),
            None => {
                tx.insert(&new);
                new
            }
        };
        self.0.kill.pass(Changing::Bytes, Moment::Before);
        self.0.store.components().keep(&bytes).await?;
        self.0.kill.pass(Changing::Bytes, Moment::After);
        self.0.kill.pass(Changing::Install, Moment::Before);
        tx.commit().await?;
        self.0.kill.pass(Changing::Install, Moment::After);
        tracing::info!(driver = version.name, %digest, size, "driver version installed");
        Ok(version)
    }

    fn serves(&self, digest: &jeroboam_model::driver::Digest) -> bool {
        self.fleet().rollouts.values().any(|rollout| rollout.versions().any(|served| served == *digest))
    }
}

//! Bytes of components that no version is of: a process ended between writing the one and the other.

use std::collections::HashSet;

use jeroboam_model::driver::Digest;

use crate::{RolloutError, Rollouts};

impl Rollouts {
    /// Removes them. Only before anything is installed: bytes come before their version. One process owns the store, so nobody else is in between.
    pub(crate) async fn sweep(&self) -> Result<(), RolloutError> {
        let store = &self.0.store;
        let versions: HashSet<Digest> =
            store.driver_versions().all().await?.into_iter().map(|version| version.value.digest).collect();
        for digest in store.components().digests().await?.into_iter().filter(|digest| !versions.contains(digest)) {
            store.components().forget(digest).await?;
            tracing::info!(%digest, "bytes of a component that was never installed, or is removed, are gone now");
        }
        Ok(())
    }
}

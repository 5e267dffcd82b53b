//! `volumes`: those that the cluster's storage controllers made.

use async_trait::async_trait;
use jeroboam_cloud::Session;
use jeroboam_plugins::{SourceError, Volume, Volumes};

use super::Owner;
use super::refusal::told;

pub(super) struct Source {
    pub session: Session,
    pub owner: Owner,
}

#[async_trait]
impl Volumes for Source {
    async fn list_owned(&self) -> Result<Vec<Volume>, SourceError> {
        // Cinder lists those of the session's project only.
        let all = self.session.cinder().list_volumes().await.map_err(told)?;
        let owned = all.into_iter().filter(|volume| self.owner.tagged_by(volume.metadata.values()));
        Ok(owned
            .map(|volume| Volume {
                size: u32::try_from(volume.size).unwrap_or(u32::MAX),
                id: volume.id,
                name: volume.name,
                status: volume.status,
            })
            .collect())
    }

    async fn delete(&self, id: &str) -> Result<(), SourceError> {
        self.session.cinder().delete_volume(id).await.map_err(told)
    }
}

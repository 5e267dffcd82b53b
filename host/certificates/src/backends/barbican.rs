//! Private keys in Barbican. All of a cluster's secrets have one name, which is in the ledger before the first of them is made: whatever a crash leaves is found by it.

use std::{sync::Arc, time::Duration};

use jeroboam_cloud::{CloudError, Session};
use jeroboam_model::{ClusterId, External, LedgerEntry, PrivateKey, Secret, certificate::Slot};
use jeroboam_store::{CommitError, Store, Stored};
use moka::future::Cache;
use time::OffsetDateTime;

use crate::CertificateError;

/// Payloads are remembered for so long: a cluster's nodes all have something signed within minutes of each other.
const REMEMBERED: Duration = Duration::from_secs(300);
const MAX_REMEMBERED: u64 = 1000;

#[derive(Clone)]
pub(super) struct Barbican {
    client: jeroboam_cloud::Barbican,
    store: Store,
    payloads: Cache<String, Secret>,
}

/// A secret that is not there is not remembered as such.
enum Unread {
    Gone,
    Failed(CloudError),
}

impl Barbican {
    pub fn new(session: &Session, store: Store) -> Self {
        let payloads = Cache::builder().max_capacity(MAX_REMEMBERED).time_to_live(REMEMBERED).build();
        Self { client: session.barbican(), store, payloads }
    }

    pub async fn keep(&self, cluster: ClusterId, keys: Vec<(Slot, Secret)>) -> Result<Vec<PrivateKey>, CertificateError> {
        self.intend(cluster).await?;
        let name = name_of(cluster);
        let mut kept: Vec<PrivateKey> = Vec::with_capacity(keys.len());
        for (_, key) in keys {
            match self.client.create_secret(&name, &key).await {
                Ok(barbican) => kept.push(PrivateKey::Barbican { barbican }),
                Err(error) => {
                    let secrets: Vec<&str> = kept.iter().filter_map(super::in_barbican).collect();
                    if let Err(error) = self.delete(&secrets).await {
                        tracing::info!(%cluster, "secrets of an unfinished try stay in Barbican until the next: {error}");
                    }
                    return Err(error.into());
                }
            }
        }
        Ok(kept)
    }

    /// Of several that want the same one, one asks.
    pub async fn payload(&self, id: &str) -> Result<Option<Secret>, CertificateError> {
        let ask = async {
            match self.client.payload(id).await {
                Ok(Some(payload)) => Ok(payload),
                Ok(None) => Err(Unread::Gone),
                Err(error) => Err(Unread::Failed(error)),
            }
        };
        match self.payloads.try_get_with_by_ref(id, ask).await {
            Ok(payload) => Ok(Some(payload)),
            Err(unread) => match Arc::as_ref(&unread) {
                Unread::Gone => Ok(None),
                Unread::Failed(error) => Err(error.clone().into()),
            },
        }
    }

    pub async fn delete(&self, ids: &[&str]) -> Result<(), CertificateError> {
        for id in ids {
            self.payloads.invalidate(*id).await;
            self.client.delete_secret(id).await?;
        }
        Ok(())
    }

    pub async fn delete_all_but(&self, cluster: ClusterId, wanted: &[&str]) -> Result<(), CertificateError> {
        let found = self.client.secrets_named(&name_of(cluster)).await?;
        let unwanted: Vec<&str> = found.iter().map(|secret| secret.id.as_str()).filter(|id| !wanted.contains(id)).collect();
        self.delete(&unwanted).await
    }

    /// Whether the cluster ever had secrets, or was about to.
    pub async fn is_intended(&self, cluster: ClusterId) -> Result<bool, CertificateError> {
        Ok(line(&self.store, cluster).await?.is_some())
    }

    /// Writes down that there will be secrets of this name.
    async fn intend(&self, cluster: ClusterId) -> Result<(), CertificateError> {
        if self.is_intended(cluster).await? {
            return Ok(());
        }
        let object = External::private_keys(cluster);
        let mut transaction = self.store.begin();
        transaction.insert(&LedgerEntry { cluster, object, id: None, intended_at: OffsetDateTime::now_utc() });
        match transaction.commit().await {
            Ok(()) | Err(CommitError::Exists { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The cluster's line in the ledger.
pub(super) async fn line(store: &Store, cluster: ClusterId) -> Result<Option<Stored<LedgerEntry>>, CertificateError> {
    Ok(store.ledger().get((cluster, External::private_keys(cluster).key())).await?)
}

fn name_of(cluster: ClusterId) -> String {
    External::private_keys(cluster).name().to_owned()
}

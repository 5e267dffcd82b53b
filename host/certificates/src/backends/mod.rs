//! Where private keys are: sealed in the store, or in Barbican. New ones go to where the operator says; those that are there say themselves where they are.

mod barbican;

use jeroboam_cloud::Session;
use jeroboam_model::{CertificateRecord, ClusterId, PrivateKey, Secret, certificate::Slot};
use jeroboam_store::{Store, Stored, Transaction, Vault};

use crate::{Backend, CertificateError, backends::barbican::Barbican};

/// Private keys of all clusters. Clones are the same.
#[derive(Clone)]
pub(crate) struct PrivateKeys {
    backend: Backend,
    vault: Vault,
    store: Store,
    barbican: Option<Barbican>,
}

impl PrivateKeys {
    pub fn new(store: Store, vault: Vault, backend: Backend) -> Self {
        Self { backend, vault, store, barbican: None }
    }

    pub fn with_barbican(self, session: &Session) -> Self {
        Self { barbican: Some(Barbican::new(session, self.store.clone())), ..self }
    }

    /// Keeps keys that were just made: all of them, or none. They are not anybody's before records refer to them.
    pub async fn keep(&self, cluster: ClusterId, keys: Vec<(Slot, Secret)>) -> Result<Vec<PrivateKey>, CertificateError> {
        match self.backend {
            Backend::Store => keys.iter().map(|(slot, key)| self.seal(cluster, *slot, key)).collect(),
            Backend::Barbican => self.barbican(cluster)?.keep(cluster, keys).await,
        }
    }

    /// Takes back the keys of pairs that did not come to be recorded.
    pub async fn discard(&self, cluster: ClusterId, made: &[CertificateRecord]) -> Result<(), CertificateError> {
        let secrets: Vec<&str> = made.iter().filter_map(|record| in_barbican(&record.private_key)).collect();
        if secrets.is_empty() { Ok(()) } else { self.barbican(cluster)?.delete(&secrets).await }
    }

    pub async fn open(&self, record: &CertificateRecord) -> Result<Secret, CertificateError> {
        match &record.private_key {
            PrivateKey::Sealed(sealed) => Ok(self.vault.open(&place(record.cluster, record.slot), sealed)?),
            PrivateKey::Barbican { barbican: secret } => {
                let lost = || CertificateError::Lost { cluster: record.cluster, slot: record.slot.key(), secret: secret.clone() };
                self.barbican(record.cluster)?.payload(secret).await?.ok_or_else(lost)
            }
        }
    }

    /// Deletes what no record of the cluster refers to: what a crash left, and what was replaced. Only while nobody makes pairs for the cluster that are still to be
    /// recorded.
    pub async fn sweep(&self, cluster: ClusterId) -> Result<(), CertificateError> {
        let Some(barbican) = &self.barbican else { return Ok(()) };
        if !barbican.is_intended(cluster).await? {
            return Ok(());
        }
        let records = self.store.certificates().of_cluster(cluster).await?;
        barbican.delete_all_but(cluster, &references(&records)).await
    }

    /// Deletes all that the cluster has outside the store. The records go afterwards: until then they and the ledger say what there is to delete.
    pub async fn empty(&self, cluster: ClusterId, records: &[Stored<CertificateRecord>]) -> Result<(), CertificateError> {
        let secrets = references(records);
        let intended = barbican::line(&self.store, cluster).await?.is_some();
        if secrets.is_empty() && !intended {
            return Ok(());
        }
        let barbican = self.barbican(cluster)?;
        barbican.delete(&secrets).await?;
        barbican.delete_all_but(cluster, &[]).await
    }

    /// Strikes what [`Self::empty`] has emptied off the ledger.
    pub async fn strike(&self, cluster: ClusterId, transaction: &mut Transaction) -> Result<bool, CertificateError> {
        let line = barbican::line(&self.store, cluster).await?;
        line.iter().for_each(|line| transaction.remove(line));
        Ok(line.is_some())
    }

    fn seal(&self, cluster: ClusterId, slot: Slot, key: &Secret) -> Result<PrivateKey, CertificateError> {
        Ok(PrivateKey::Sealed(self.vault.seal(&place(cluster, slot), key)?))
    }

    fn barbican(&self, cluster: ClusterId) -> Result<&Barbican, CertificateError> {
        self.barbican.as_ref().ok_or(CertificateError::NoBarbican { cluster })
    }
}

impl std::fmt::Debug for PrivateKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrivateKeys").field("backend", &self.backend).finish_non_exhaustive()
    }
}

fn references(records: &[Stored<CertificateRecord>]) -> Vec<&str> {
    let keys = records.iter().flat_map(|record| {
        let former = record.former.as_ref().map(|former| &former.private_key);
        std::iter::once(&record.private_key).chain(former)
    });
    keys.filter_map(in_barbican).collect()
}

fn in_barbican(key: &PrivateKey) -> Option<&str> {
    match key {
        PrivateKey::Sealed(_) => None,
        PrivateKey::Barbican { barbican } => Some(barbican),
    }
}

/// What a sealed key is bound to.
fn place(cluster: ClusterId, slot: Slot) -> String {
    format!("certificate/{cluster}/{}", slot.key())
}

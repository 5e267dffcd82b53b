//! New authorities and pairs in the place of the old ones.

use jeroboam_model::{CertificateRecord, Cluster, ClusterId, certificate::FormerPair};
use jeroboam_store::{CommitError, Stored};

use crate::{
    CertificateError, Certificates,
    certificates::{Records, TRIES},
};

impl Certificates {
    /// Replaces all that the cluster has, at once or not at all, by pairs of this generation. Can be done again: what is of the generation stays. The
    /// pairs before are kept until [`Certificates::retire`]; of several rotations that came to nothing, those before the first.
    pub async fn rotate(&self, cluster: &Cluster, generation: u32) -> Result<(), CertificateError> {
        for _ in 0..TRIES {
            let present = self.records(cluster.uuid).await?;
            if !present.is_empty() && present.values().all(|record| record.generation >= generation) {
                // What an earlier try made and could not record.
                return self.keys.sweep(cluster.uuid).await;
            }
            let (_, made) = self.make(cluster, Records::new()).await?;
            let mut transaction = self.store.begin();
            for new in &made {
                let new = CertificateRecord { generation, ..new.clone() };
                match present.get(&new.slot) {
                    Some(old) => transaction.update(&succeed(old, new)),
                    None => transaction.insert(&new),
                }
            }
            match transaction.commit().await {
                Err(CommitError::Conflict { .. } | CommitError::Exists { .. }) => self.keys.discard(cluster.uuid, &made).await?,
                outcome => {
                    outcome?;
                    return self.keys.sweep(cluster.uuid).await;
                }
            }
        }
        Err(CertificateError::Contended { cluster: cluster.uuid })
    }

    /// Forgets what the last rotation has replaced. Can be done again.
    pub async fn retire(&self, cluster: &ClusterId) -> Result<(), CertificateError> {
        for _ in 0..TRIES {
            let present = self.records(*cluster).await?;
            let mut transaction = self.store.begin();
            for record in present.values().filter(|record| record.former.is_some()) {
                transaction.update(&record.with(CertificateRecord { former: None, ..record.value.clone() }));
            }
            match transaction.commit().await {
                Err(CommitError::Conflict { .. }) => {}
                outcome => {
                    outcome?;
                    return self.keys.sweep(*cluster).await;
                }
            }
        }
        Err(CertificateError::Contended { cluster: *cluster })
    }
}

fn succeed(old: &Stored<CertificateRecord>, new: CertificateRecord) -> Stored<CertificateRecord> {
    let replaced = || FormerPair { pem: old.pem.clone(), private_key: old.private_key.clone(), generation: old.generation };
    old.with(CertificateRecord { former: Some(old.former.clone().unwrap_or_else(replaced)), ..new })
}

//! What the rest of the service asks for.

use std::collections::BTreeMap;

use jeroboam_model::{Authority, CertificateRecord, Cluster, ClusterId, KeyKind, Secret, certificate::Slot};
use jeroboam_store::{CommitError, Store, Stored, Vault};
use rcgen::KeyPair;
use time::OffsetDateTime;
use tokio::task::spawn_blocking;

use crate::{
    CertificateError, CertificatesConfig, SignError,
    authority::{self, Signer},
    issue, keys, leaves,
    request::{self, Request},
    validity::Validity,
};

/// So often two that make a cluster's certificates at the same time get out of each other's way.
pub(crate) const TRIES: usize = 8;

/// The certificates of all clusters. Clones are the same.
#[derive(Clone, Debug)]
pub struct Certificates {
    pub(crate) store: Store,
    vault: Vault,
    config: CertificatesConfig,
}

/// What it takes to call a cluster's API as its administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientPair {
    pub ca_pem: String,
    pub certificate_pem: String,
    /// PKCS#8 PEM.
    pub private_key: Secret,
}

pub(crate) type Records = BTreeMap<Slot, Stored<CertificateRecord>>;

impl Certificates {
    pub fn new(store: Store, vault: Vault, config: CertificatesConfig) -> Self {
        Self { store, vault, config }
    }

    /// Makes what the cluster has not got yet. Can be done again, and by several at once: they end with the same pairs.
    pub async fn ensure(&self, cluster: &Cluster) -> Result<(), CertificateError> {
        for _ in 0..TRIES {
            let present = self.records(cluster.uuid).await?;
            if slots().all(|slot| present.contains_key(&slot)) {
                return Ok(());
            }
            let (maker, described) = (self.clone(), cluster.clone());
            let (present, made) = blocking(move || maker.make_missing(&described, present)).await?;
            let mut transaction = self.store.begin();
            // What was signed must not survive the authority that signed it.
            present.values().for_each(|record| transaction.require(record));
            made.iter().for_each(|record| transaction.insert(record));
            match transaction.commit().await {
                Err(CommitError::Conflict { .. } | CommitError::Exists { .. }) => {}
                outcome => return Ok(outcome?),
            }
        }
        Err(CertificateError::Contended { cluster: cluster.uuid })
    }

    /// An authority's certificate: PEM, without a newline at its end.
    pub async fn ca(&self, cluster: &ClusterId, authority: Authority) -> Result<String, CertificateError> {
        let record = self.store.certificates().of_slot(cluster, Slot::Authority(authority)).await?;
        Ok(record.ok_or_else(|| not_found(*cluster, Slot::Authority(authority)))?.value.pem)
    }

    /// Signs what the PEM of a request asks for, as far as the profile allows it. PEM, without a newline at its end.
    pub async fn sign(&self, cluster: &ClusterId, authority: Authority, csr_pem: &str) -> Result<String, SignError> {
        // Before a copy is made of it.
        request::check_length(csr_pem)?;
        let record = self.record(*cluster, Slot::Authority(authority)).await?;
        let (signer, csr_pem) = (self.clone(), csr_pem.to_owned());
        let signed = spawn_blocking(move || {
            let request = Request::parse(&csr_pem)?;
            let now = OffsetDateTime::now_utc();
            issue::sign(&request, &signer.signer(&record, now)?, Validity::from(now, signer.config.validity_days)?)
        });
        signed.await.map_err(|_| CertificateError::Stopped)?
    }

    /// The pair that this service shows to the cluster's API.
    pub async fn client(&self, cluster: &ClusterId) -> Result<ClientPair, CertificateError> {
        let record = self.record(*cluster, Slot::Client).await?;
        let ca_pem = self.ca(cluster, Authority::Kubernetes).await?;
        Ok(ClientPair { ca_pem, private_key: self.private_key(&record)?, certificate_pem: record.value.pem })
    }

    /// The public key (PEM) and the private one (PKCS#8 PEM) of the cluster's service account tokens.
    pub async fn service_account(&self, cluster: &ClusterId) -> Result<(String, Secret), CertificateError> {
        let record = self.record(*cluster, Slot::ServiceAccount).await?;
        let private_key = self.private_key(&record)?;
        Ok((record.value.pem, private_key))
    }

    /// An authority's private key (PKCS#8 PEM), for clusters whose controller signs by itself.
    pub async fn ca_private_key(&self, cluster: &ClusterId, authority: Authority) -> Result<Secret, CertificateError> {
        self.private_key(&*self.record(*cluster, Slot::Authority(authority)).await?)
    }

    /// Forgets all of a cluster's. Can be done again.
    pub async fn remove(&self, cluster: &ClusterId) -> Result<(), CertificateError> {
        for _ in 0..TRIES {
            let present = self.store.certificates().of_cluster(cluster).await?;
            if present.is_empty() {
                return Ok(());
            }
            let mut transaction = self.store.begin();
            present.iter().for_each(|record| transaction.remove(record));
            match transaction.commit().await {
                Err(CommitError::Conflict { .. }) => {}
                outcome => return Ok(outcome?),
            }
        }
        Err(CertificateError::Contended { cluster: *cluster })
    }

    pub(crate) async fn records(&self, cluster: ClusterId) -> Result<Records, CertificateError> {
        let records = self.store.certificates().of_cluster(cluster).await?;
        Ok(records.into_iter().map(|record| (record.slot, record)).collect())
    }

    async fn record(&self, cluster: ClusterId, slot: Slot) -> Result<Stored<CertificateRecord>, CertificateError> {
        self.store.certificates().of_slot(cluster, slot).await?.ok_or_else(|| not_found(cluster, slot))
    }

    /// What is there, and what is made in addition.
    pub(crate) fn make_missing(
        &self,
        cluster: &Cluster,
        present: Records,
    ) -> Result<(Records, Vec<CertificateRecord>), CertificateError> {
        let now = OffsetDateTime::now_utc();
        let validity = Validity::from(now, self.config.validity_days)?;
        let mut made: Vec<CertificateRecord> = Vec::new();
        for slot in slots().filter(|slot| !present.contains_key(slot)) {
            let pair = keys::generate(self.config.key_kind)?;
            let pem = match slot {
                Slot::Authority(_) => authority::certificate(cluster, &pair, validity)?,
                Slot::ServiceAccount => keys::without_newline(pair.public_key_pem()),
                Slot::Client => {
                    // Made before it, if it was not there.
                    let kubernetes = Slot::Authority(Authority::Kubernetes);
                    let stored = present.get(&kubernetes).map(|record| &record.value);
                    let issuer = stored.or_else(|| made.iter().find(|record| record.slot == kubernetes));
                    let issuer = issuer.ok_or_else(|| not_found(cluster.uuid, kubernetes))?;
                    leaves::client(&pair, &self.signer(issuer, now)?, validity)?
                }
            };
            made.push(self.seal(cluster.uuid, slot, pem, &pair, now)?);
        }
        Ok((present, made))
    }

    fn seal(
        &self,
        cluster: ClusterId,
        slot: Slot,
        pem: String,
        pair: &KeyPair,
        created_at: OffsetDateTime,
    ) -> Result<CertificateRecord, CertificateError> {
        let private_key = self.vault.seal(&place(cluster, slot), &keys::private_pem(pair))?;
        let key_kind: KeyKind = self.config.key_kind;
        Ok(CertificateRecord { cluster, slot, pem, private_key, key_kind, generation: 0, former: None, created_at })
    }

    fn signer(&self, record: &CertificateRecord, now: OffsetDateTime) -> Result<Signer, CertificateError> {
        Signer::load(record, &self.private_key(record)?, now)
    }

    fn private_key(&self, record: &CertificateRecord) -> Result<Secret, CertificateError> {
        Ok(self.vault.open(&place(record.cluster, record.slot), &record.private_key)?)
    }
}

/// All that a cluster has, the authorities before what they sign.
fn slots() -> impl Iterator<Item = Slot> {
    Authority::ALL.iter().copied().map(Slot::Authority).chain([Slot::Client, Slot::ServiceAccount])
}

/// Where a private key is kept.
fn place(cluster: ClusterId, slot: Slot) -> String {
    format!("certificate/{cluster}/{}", slot.key())
}

fn not_found(cluster: ClusterId, slot: Slot) -> CertificateError {
    CertificateError::NotFound { cluster, slot: slot.key() }
}

pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CertificateError> + Send + 'static,
) -> Result<T, CertificateError> {
    spawn_blocking(work).await.map_err(|_| CertificateError::Stopped)?
}

//! What the rest of the service asks for.

use std::collections::BTreeMap;

use jeroboam_cloud::Session;
use jeroboam_model::{Authority, CertificateRecord, Cluster, ClusterId, KeyKind, PrivateKey, Secret, certificate::Slot};
use jeroboam_store::{CommitError, Store, Stored, Vault};
use time::OffsetDateTime;
use tokio::task::spawn_blocking;

use crate::{
    CertificateError, CertificatesConfig, SignError,
    authority::{self, Signer},
    backends::PrivateKeys,
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
    pub(crate) keys: PrivateKeys,
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

/// The authority that signs the pair which this service shows to the cluster's API.
const KUBERNETES: Slot = Slot::Authority(Authority::Kubernetes);

pub(crate) type Records = BTreeMap<Slot, Stored<CertificateRecord>>;

impl Certificates {
    pub fn new(store: Store, vault: Vault, config: CertificatesConfig) -> Self {
        Self { keys: PrivateKeys::new(store.clone(), vault, config.backend), store, config }
    }

    /// Gives it a way to Barbican, as this service's own user. Needed where keys are in Barbican, or are to go there.
    #[must_use]
    pub fn with_barbican(self, service: &Session) -> Self {
        Self { keys: self.keys.with_barbican(service), ..self }
    }

    /// Makes what the cluster has not got yet. Can be done again, and by several at once: they end with the same pairs.
    pub async fn ensure(&self, cluster: &Cluster) -> Result<(), CertificateError> {
        for _ in 0..TRIES {
            let present = self.records(cluster.uuid).await?;
            if slots().all(|slot| present.contains_key(&slot)) {
                // What an earlier try made and could not record.
                return self.keys.sweep(cluster.uuid).await;
            }
            let (present, made) = self.make(cluster, present).await?;
            let mut transaction = self.store.begin();
            // What was signed must not survive the authority that signed it.
            present.values().for_each(|record| transaction.require(record));
            made.iter().for_each(|record| transaction.insert(record));
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
        let private_key = self.keys.open(&record).await?;
        let (validity_days, csr_pem) = (self.config.validity_days, csr_pem.to_owned());
        let signed = spawn_blocking(move || {
            let request = Request::parse(&csr_pem)?;
            let now = OffsetDateTime::now_utc();
            issue::sign(
                &request,
                &Signer::load(record.cluster, record.slot, &record.pem, &private_key, now)?,
                Validity::from(now, validity_days)?,
            )
        });
        signed.await.map_err(|_| CertificateError::Stopped)?
    }

    /// The pair that this service shows to the cluster's API.
    pub async fn client(&self, cluster: &ClusterId) -> Result<ClientPair, CertificateError> {
        let record = self.record(*cluster, Slot::Client).await?;
        let ca_pem = self.ca(cluster, Authority::Kubernetes).await?;
        Ok(ClientPair { ca_pem, private_key: self.keys.open(&record).await?, certificate_pem: record.value.pem })
    }

    /// The public key (PEM) and the private one (PKCS#8 PEM) of the cluster's service account tokens.
    pub async fn service_account(&self, cluster: &ClusterId) -> Result<(String, Secret), CertificateError> {
        let record = self.record(*cluster, Slot::ServiceAccount).await?;
        let private_key = self.keys.open(&record).await?;
        Ok((record.value.pem, private_key))
    }

    /// An authority's private key (PKCS#8 PEM), for clusters whose controller signs by itself.
    pub async fn ca_private_key(&self, cluster: &ClusterId, authority: Authority) -> Result<Secret, CertificateError> {
        self.keys.open(&*self.record(*cluster, Slot::Authority(authority)).await?).await
    }

    /// The private keys of the cluster that are sealed in the store, for whoever has to keep them out of a text. Those in Barbican would take a request each, and are left.
    pub async fn private_keys_at_hand(&self, cluster: &ClusterId) -> Result<Vec<Secret>, CertificateError> {
        let mut keys = Vec::new();
        for record in self.store.certificates().of_cluster(*cluster).await? {
            if matches!(record.private_key, PrivateKey::Sealed(_)) {
                keys.push(self.keys.open(&record).await?);
            }
        }
        Ok(keys)
    }

    /// Forgets all of a cluster's, here and in Barbican. Can be done again.
    pub async fn remove(&self, cluster: &ClusterId) -> Result<(), CertificateError> {
        for _ in 0..TRIES {
            let present = self.store.certificates().of_cluster(cluster).await?;
            self.keys.empty(*cluster, &present).await?;
            let mut transaction = self.store.begin();
            if !self.keys.strike(*cluster, &mut transaction).await? && present.is_empty() {
                return Ok(());
            }
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

    /// What is there, and what is made in addition, its private keys where they belong. Until it is recorded it can be discarded; afterwards there may be something to
    /// sweep.
    pub(crate) async fn make(
        &self,
        cluster: &Cluster,
        present: Records,
    ) -> Result<(Records, Vec<CertificateRecord>), CertificateError> {
        let issuer = match present.get(&KUBERNETES) {
            Some(record) => Some(self.keys.open(record).await?),
            None => None,
        };
        let (maker, described) = (self.clone(), cluster.clone());
        let (present, made) = blocking(move || maker.make_missing(&described, present, issuer)).await?;
        let keys = made.iter().map(|pair| (pair.slot, pair.private_key.clone())).collect();
        let keys = self.keys.keep(cluster.uuid, keys).await?;
        Ok((present, made.into_iter().zip(keys).map(|(pair, key)| pair.record(cluster.uuid, key)).collect()))
    }

    /// `issuer`: the private key of the Kubernetes authority, if that is there.
    fn make_missing(
        &self,
        cluster: &Cluster,
        present: Records,
        issuer: Option<Secret>,
    ) -> Result<(Records, Vec<Made>), CertificateError> {
        let now = OffsetDateTime::now_utc();
        let validity = Validity::from(now, self.config.validity_days)?;
        let mut made: Vec<Made> = Vec::new();
        for slot in slots().filter(|slot| !present.contains_key(slot)) {
            let pair = keys::generate(self.config.key_kind)?;
            let pem = match slot {
                Slot::Authority(_) => authority::certificate(cluster, &pair, validity)?,
                Slot::ServiceAccount => keys::without_newline(pair.public_key_pem()),
                Slot::Client => {
                    // Made before it, if it was not there.
                    let stored = present.get(&KUBERNETES).zip(issuer.as_ref()).map(|(record, key)| (record.pem.as_str(), key));
                    let fresh =
                        || made.iter().find(|pair| pair.slot == KUBERNETES).map(|pair| (pair.pem.as_str(), &pair.private_key));
                    let (pem, key) = stored.or_else(fresh).ok_or_else(|| not_found(cluster.uuid, KUBERNETES))?;
                    leaves::client(&pair, &Signer::load(cluster.uuid, KUBERNETES, pem, key, now)?, validity)?
                }
            };
            let (private_key, key_kind) = (keys::private_pem(&pair), self.config.key_kind);
            made.push(Made { slot, pem, private_key, key_kind, created_at: now });
        }
        Ok((present, made))
    }
}

/// A pair that nobody keeps yet.
struct Made {
    slot: Slot,
    pem: String,
    private_key: Secret,
    key_kind: KeyKind,
    created_at: OffsetDateTime,
}

impl Made {
    fn record(self, cluster: ClusterId, private_key: PrivateKey) -> CertificateRecord {
        let Self { slot, pem, key_kind, created_at, .. } = self;
        CertificateRecord { cluster, slot, pem, private_key, key_kind, generation: 0, former: None, created_at }
    }
}

/// All that a cluster has, the authorities before what they sign.
fn slots() -> impl Iterator<Item = Slot> {
    Authority::ALL.iter().copied().map(Slot::Authority).chain([Slot::Client, Slot::ServiceAccount])
}

fn not_found(cluster: ClusterId, slot: Slot) -> CertificateError {
    CertificateError::NotFound { cluster, slot: slot.key() }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CertificateError> + Send + 'static,
) -> Result<T, CertificateError> {
    spawn_blocking(work).await.map_err(|_| CertificateError::Stopped)?
}

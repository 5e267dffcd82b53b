//! The store as the rest of the service sees it.

use std::{fmt, path::PathBuf, sync::Arc};

use jeroboam_model::{
    AuditRecord, CallRecord, CertificateRecord, Cluster, ClusterTemplate, Container, Federation, LedgerEntry, Node, NodeGroup,
    Operation, Quota, RecordingSwitch, X509KeyPair,
    discovery::Discovery,
    driver::{ClusterVerdict, Digest, DriverPlan, DriverVersion, Revocation, Rollout, Text},
};
use moka::sync::Cache;
use tokio::sync::watch;

use crate::{
    Backend, KeptText, MemoryBackend, OpenError, Piece, PlannedStep, Recording, Revision, Service, SledBackend, StoreMetrics,
    Table, Transaction, Usage,
    cache::{self, RecordCache},
    pages::Pages,
    views::Views,
};

/// Where the store is and what it may use.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// A directory of its own; made if it is not there.
    pub path: PathBuf,
    /// Memory for pages of the file. In bytes.
    pub page_cache: u64,
    /// Memory for decoded records. In bytes, roughly.
    pub record_cache: u64,
    /// Where commits are counted.
    pub metrics: StoreMetrics,
}

/// Tables, transactions and a word when there is work. Clones are the same store.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Arc<dyn Backend>,
    cache: RecordCache,
    texts: Cache<Digest, Text>,
    views: Views,
    pages: Pages,
    changes: watch::Sender<Revision>,
    metrics: StoreMetrics,
}

impl Store {
    /// Opens the store, or makes an empty one. Blocks until it is read.
    pub fn open(config: StoreConfig) -> Result<Self, OpenError> {
        let backend = SledBackend::open(&config.path, config.page_cache)?;
        Ok(Self::counting(Arc::new(backend), config.record_cache, config.metrics))
    }

    /// One that forgets, for tests.
    pub fn in_memory() -> Self {
        Self::over(Arc::new(MemoryBackend::new()), StoreConfig::default().record_cache)
    }

    /// Tables over any backend.
    pub fn over(backend: Arc<dyn Backend>, record_cache: u64) -> Self {
        Self::counting(backend, record_cache, StoreMetrics::default())
    }

    fn counting(backend: Arc<dyn Backend>, record_cache: u64, metrics: StoreMetrics) -> Self {
        let (cache, changes) = (RecordCache::new(record_cache), watch::Sender::new(Revision::default()));
        Self {
            inner: Arc::new(Inner {
                backend,
                cache,
                texts: cache::texts(),
                views: Views::new(),
                pages: Pages::new(),
                changes,
                metrics,
            }),
        }
    }

    pub fn templates(&self) -> Table<'_, ClusterTemplate> {
        Table::of(self)
    }

    pub fn clusters(&self) -> Table<'_, Cluster> {
        Table::of(self)
    }

    pub fn node_groups(&self) -> Table<'_, NodeGroup> {
        Table::of(self)
    }

    pub fn certificates(&self) -> Table<'_, CertificateRecord> {
        Table::of(self)
    }

    pub fn operations(&self) -> Table<'_, Operation> {
        Table::of(self)
    }

    pub fn ledger(&self) -> Table<'_, LedgerEntry> {
        Table::of(self)
    }

    pub fn components(&self) -> Table<'_, Piece> {
        Table::of(self)
    }

    pub fn driver_versions(&self) -> Table<'_, DriverVersion> {
        Table::of(self)
    }

    pub fn rollouts(&self) -> Table<'_, Rollout> {
        Table::of(self)
    }

    pub fn revocations(&self) -> Table<'_, Revocation> {
        Table::of(self)
    }

    pub fn driver_plans(&self) -> Table<'_, DriverPlan> {
        Table::of(self)
    }

    pub fn verdicts(&self) -> Table<'_, ClusterVerdict> {
        Table::of(self)
    }

    pub fn usage(&self) -> Table<'_, Usage> {
        Table::of(self)
    }

    pub fn quotas(&self) -> Table<'_, Quota> {
        Table::of(self)
    }

    pub fn federations(&self) -> Table<'_, Federation> {
        Table::of(self)
    }

    pub fn containers(&self) -> Table<'_, Container> {
        Table::of(self)
    }

    pub fn nodes(&self) -> Table<'_, Node> {
        Table::of(self)
    }

    pub fn x509keypairs(&self) -> Table<'_, X509KeyPair> {
        Table::of(self)
    }

    pub fn recordings(&self) -> Table<'_, Recording> {
        Table::of(self)
    }

    /// The texts of recordings and plans.
    pub fn texts(&self) -> Table<'_, KeptText> {
        Table::of(self)
    }

    pub fn call_records(&self) -> Table<'_, CallRecord> {
        Table::of(self)
    }

    pub fn recording_switches(&self) -> Table<'_, RecordingSwitch> {
        Table::of(self)
    }

    pub fn plans(&self) -> Table<'_, PlannedStep> {
        Table::of(self)
    }

    pub fn services(&self) -> Table<'_, Service> {
        Table::of(self)
    }

    pub fn discoveries(&self) -> Table<'_, Discovery> {
        Table::of(self)
    }

    pub fn audits(&self) -> Table<'_, AuditRecord> {
        Table::of(self)
    }

    /// Collects writes; nothing happens before its `commit`.
    pub fn begin(&self) -> Transaction {
        Transaction::new(self.clone())
    }

    /// Changes each time a commit of this process has added an operation, or was to [wake](Transaction::wake) those who wait for one.
    pub fn changes(&self) -> watch::Receiver<Revision> {
        self.inner.changes.subscribe()
    }

    pub(crate) fn backend(&self) -> &dyn Backend {
        &*self.inner.backend
    }

    pub(crate) fn cache(&self) -> &RecordCache {
        &self.inner.cache
    }

    pub(crate) fn texts_cache(&self) -> &Cache<Digest, Text> {
        &self.inner.texts
    }

    pub(crate) fn kept_pages(&self) -> &Pages {
        &self.inner.pages
    }

    pub(crate) fn kept_views(&self) -> &Views {
        &self.inner.views
    }

    pub(crate) fn metrics(&self) -> &StoreMetrics {
        &self.inner.metrics
    }

    pub(crate) fn announce(&self, revision: Revision) {
        self.inner.changes.send_replace(revision);
    }
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self {
            path: PathBuf::from("/var/lib/jeroboam/store"),
            page_cache: 32 << 20,
            record_cache: 48 << 20,
            metrics: StoreMetrics::default(),
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

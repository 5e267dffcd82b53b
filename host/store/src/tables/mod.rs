//! The tables, a file each: what a record's key is, by what else it is found, and what can be asked of the table.

pub mod audits;
pub mod call_records;
pub mod certificates;
pub mod clusters;
pub mod components;
pub mod containers;
pub mod discoveries;
pub mod driver_plans;
pub mod driver_versions;
pub mod federations;
pub mod ledger;
pub mod node_groups;
pub mod nodes;
pub mod operations;
pub mod plans;
pub mod quotas;
pub mod recording_switches;
pub mod recordings;
pub mod revocations;
pub mod rollouts;
pub mod services;
pub mod templates;
pub mod texts;
pub mod usage;
pub(crate) mod vault_checks;
pub mod verdicts;
pub mod x509keypairs;

pub use call_records::CallRecordQuery;
pub use components::{ComponentsError, Piece, digest_of};
pub use plans::PlannedStep;
pub use recordings::Recording;
pub use services::Service;
pub use texts::KeptText;
pub use usage::Usage;

use jeroboam_model::{
    AuditRecord, CallRecord, CertificateRecord, Cluster, ClusterTemplate, Container, Federation, LedgerEntry, Node, NodeGroup,
    Operation, Quota, RecordingSwitch, X509KeyPair,
    discovery::Discovery,
    driver::{ClusterVerdict, DriverPlan, DriverVersion, Revocation, Rollout},
};

use crate::{DecodeError, Entry, IndexEntry, Record, transaction::entries_of};

/// Derives the index entries of the record with this key and value.
pub(crate) type EntriesOf = fn(&[u8], &[u8]) -> Result<Vec<IndexEntry>, DecodeError>;

/// A table without its type, for what goes over all of them.
pub(crate) struct AnyTable {
    pub name: &'static str,
    pub entries_of: EntriesOf,
}

pub(crate) const ALL: &[AnyTable] = &[
    any::<ClusterTemplate>(),
    any::<Cluster>(),
    any::<NodeGroup>(),
    any::<CertificateRecord>(),
    any::<Operation>(),
    any::<LedgerEntry>(),
    any::<Piece>(),
    any::<DriverVersion>(),
    any::<Rollout>(),
    any::<Revocation>(),
    any::<DriverPlan>(),
    any::<ClusterVerdict>(),
    any::<Usage>(),
    any::<Quota>(),
    any::<Federation>(),
    any::<Container>(),
    any::<Node>(),
    any::<X509KeyPair>(),
    any::<recordings::RecordingRow>(),
    any::<KeptText>(),
    any::<CallRecord>(),
    any::<RecordingSwitch>(),
    any::<plans::PlannedRow>(),
    any::<Service>(),
    any::<Discovery>(),
    any::<AuditRecord>(),
    any::<vault_checks::VaultCheck>(),
];

impl AnyTable {
    /// The keys of the index entries that a record of the table has.
    pub fn index_keys(&self, record: &Entry) -> Result<Vec<Vec<u8>>, DecodeError> {
        let entries = (self.entries_of)(&record.key, &record.value)?;
        Ok(entries.into_iter().map(|entry| entry.key).collect())
    }
}

const fn any<T: Record>() -> AnyTable {
    AnyTable { name: T::TABLE, entries_of: entries_of::<T> }
}

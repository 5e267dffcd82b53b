//! What the service keeps: typed tables over an ordered, transactional key-value store.
//!
//! Requests are written here before they are acknowledged, the conductor records here what it is about to do, and every read of the
//! API is answered from here. Two layers:
//!
//! - [`Backend`] knows bytes: get, range, an instant's worth of reads together, and a batch of writes that happens whole or not at all,
//!   guarded by checks of revisions, on disk before it is acknowledged. [`SledBackend`] is for one host; [`MemoryBackend`] forgets. Whatever passes
//!   [`conformance::run`] can stand in their place.
//! - [`Store`] knows records: each table is a file in [`tables`], and says its key and its indexes. A [`Transaction`] compares and sets
//!   revisions, and writes index entries with the records that they point to: they are derived from the record each time, so they cannot drift
//!   ([`Store::check_indexes`] proves it).
//!
//! ```text
//! api, conductor ──▶ Store ─┬─ Table::get ───▶ cache by key and revision ──▶ Backend::get
//!                           └─ Transaction ──▶ records + index entries ────▶ Backend::commit ──▶ one flush for all who wait
//! ```
//!
//! Recordings of what drivers defined are small rows, and the templates and scripts that they refer to by digest are kept once ([`Whole`]): a driver defines
//! hundreds of kilobytes for each cluster, nearly the same for all. The rows' references are an index, so that a text can be removed in a commit which
//! requires that there are none; counts would have every writer of a cluster write the same few records. [`KeptText`]s without a reference are swept from time
//! to time ([`Table::forget_unreferenced`]).
//!
//! Records are JSON in an envelope that names the version of its shape: older ones are migrated as they are read, newer ones refused by name.
//! Secrets are [sealed](Vault) before they come near a record; the key stays outside the store, and exports hold them sealed.
//!
//! Commits are counted and timed ([`StoreMetrics`]).
//!
//! It must not: know what a status means, talk to the network, or hold a secret in the clear.

mod backend;
mod cache;
mod codec;
pub mod conformance;
mod dump;
mod error;
mod fsck;
mod key;
mod list;
mod made;
mod metrics;
mod pages;
mod record;
mod store;
mod table;
pub mod tables;
mod transaction;
mod vault;
mod view;
mod views;
mod whole;

pub use backend::{
    Backend, BackendError, Batch, Check, CommitFailure, Direction, Entry, MemoryBackend, Place, Range, Read, Revision,
    SledBackend, Touches,
};
pub use codec::DecodeError;
pub use dump::{Dumped, ExportError, ImportError, export, import};
pub use error::{CommitError, OpenError, StoreError};
pub use fsck::IndexReport;
pub use key::{KeyBuf, StoreKey};
pub use list::{ListQuery, Listed, Page};
pub use made::Made;
pub use metrics::StoreMetrics;
pub use record::{IndexEntry, Indexes, Record, Shared, Stored};
pub use store::{Store, StoreConfig};
pub use table::Table;
pub use tables::{CallRecordQuery, ComponentsError, KeptText, Piece, PlannedStep, Recording, Service, Usage, digest_of};
pub use transaction::Transaction;
pub use vault::{Vault, VaultError};
pub use view::{SharedView, ViewPage};
pub use whole::{Texts, Whole};

//! What can go wrong with the store.

use std::{io, path::PathBuf};

use crate::{BackendError, DecodeError};

/// The store cannot be opened. For the operator.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the store {} is in use by another process; stop that one, or give this one another [store] path", path.display())]
    InUse { path: PathBuf },
    #[error("the store's directory {} cannot be made or read; check that it belongs to the service's user", path.display())]
    Directory { path: PathBuf, source: io::Error },
    #[error("the store {} is damaged; restore it from an export", path.display())]
    Damaged { path: PathBuf },
    #[error("the store {} cannot be opened", path.display())]
    Backend { path: PathBuf, source: BackendError },
}

/// The store failed. The host's fault, except for [`StoreError::Marker`].
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the store failed")]
    Backend(#[from] BackendError),
    #[error("the store holds a record that cannot be used")]
    Decode(#[from] DecodeError),
    /// The record after which a page was to begin is not in the list.
    #[error("the marker {marker} is not in the list")]
    Marker { table: &'static str, marker: String },
    /// A record points to another that is not there.
    #[error("{table} {key} refers to {missing}, which is not in the store")]
    Dangling { table: &'static str, key: String, missing: String },
    /// A transaction names a record twice: a mistake of the caller's.
    #[error("{table} {key} occurs twice in one transaction")]
    Repeated { table: &'static str, key: String },
    #[error("{table} {key} cannot be written as JSON")]
    Encode { table: &'static str, key: String, source: serde_json::Error },
}

/// A transaction was not written.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// What the transaction builds on was changed since it was read. Read again and decide anew.
    #[error("{table} {key} changed meanwhile")]
    Conflict { table: &'static str, key: String },
    /// The record to be inserted is there already, or another one has what only one may have.
    #[error("{table} {key} exists already")]
    Exists { table: &'static str, key: String },
    /// The store failed; whether it was written is not known.
    #[error("the store failed")]
    Backend(#[source] StoreError),
}

impl<E: Into<StoreError>> From<E> for CommitError {
    fn from(error: E) -> Self {
        Self::Backend(error.into())
    }
}

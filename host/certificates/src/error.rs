//! What can go wrong.

use jeroboam_cloud::CloudError;
use jeroboam_model::ClusterId;
use jeroboam_store::{CommitError, StoreError, VaultError};
use time::OffsetDateTime;

/// A cluster's certificates cannot be made, read or used. The host's fault, except for [`CertificateError::NotFound`].
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    #[error("cluster {cluster} has no {slot} key pair (yet)")]
    NotFound { cluster: ClusterId, slot: &'static str },
    #[error("the {slot} key pair of cluster {cluster} cannot be used: {what}; restore the store from an export")]
    Broken { cluster: ClusterId, slot: &'static str, what: &'static str },
    #[error("the {slot} authority of cluster {cluster} ended at {ended}; rotate it")]
    Ended { cluster: ClusterId, slot: &'static str, ended: OffsetDateTime },
    #[error("a term of validity of {days} days goes beyond what a certificate can say; lower [x509] term_of_validity")]
    Validity { days: u32 },
    #[error("a key or certificate cannot be made")]
    Make(#[from] rcgen::Error),
    #[error("the system has no randomness to make keys with")]
    Randomness,
    #[error("others kept changing the certificates of cluster {cluster}")]
    Contended { cluster: ClusterId },
    #[error("certificates cannot be read from the store")]
    Read(#[from] StoreError),
    #[error("certificates cannot be written to the store")]
    Write(#[from] CommitError),
    #[error("a private key cannot be sealed or opened")]
    Vault(#[from] VaultError),
    /// Barbican's fault, or its operator's; [`CloudError::retry`] says whether time may help.
    #[error("a private key cannot be kept in Barbican, or had from there")]
    Barbican(#[from] CloudError),
    #[error(
        "Barbican no longer has the {slot} private key of cluster {cluster} (secret {secret}); restore it there, or rotate the cluster's CA"
    )]
    Lost { cluster: ClusterId, slot: &'static str, secret: String },
    #[error("private keys of cluster {cluster} belong in Barbican, and this process has no way there")]
    NoBarbican { cluster: ClusterId },
    #[error("the work on certificates was stopped")]
    Stopped,
}

/// A certificate was not signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The requester's fault: it is no request, or one that proves nothing.
    #[error("Received invalid csr: {reason}")]
    InvalidCsr { reason: String },
    /// The requester's fault: it asks for what no certificate of a cluster may have.
    #[error("Extension '{extension}' not allowed: {reason}")]
    Refused { extension: String, reason: &'static str },
    #[error("the authority cannot sign")]
    Certificates(#[from] CertificateError),
}

impl CertificateError {
    /// Whether there is no such key pair, as opposed to one that cannot be used.
    pub const fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }
}

impl SignError {
    pub(crate) fn invalid(reason: impl Into<String>) -> Self {
        Self::InvalidCsr { reason: reason.into() }
    }

    pub(crate) fn refused(extension: impl Into<String>, reason: &'static str) -> Self {
        Self::Refused { extension: extension.into(), reason }
    }

    /// Whether the cluster has no such authority.
    pub const fn is_not_found(&self) -> bool {
        matches!(self, Self::Certificates(CertificateError::NotFound { .. }))
    }
}

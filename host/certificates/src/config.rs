//! What the operator decides.

use jeroboam_model::KeyKind;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificatesConfig {
    /// How long new certificates are valid: `[x509] term_of_validity`. A certificate also ends with its authority.
    pub validity_days: u32,
    /// Of the keys that are made here. Imported clusters keep the kind they have.
    pub key_kind: KeyKind,
    /// Where the private keys of new pairs go. Those that are there are found where they are, whatever this says.
    pub backend: Backend,
}

/// A place for private keys: `[certificates] cert_manager_type`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// Sealed, in the store.
    #[default]
    Store,
    /// Secrets of this service's project; the store keeps their ids.
    Barbican,
}

impl Default for CertificatesConfig {
    fn default() -> Self {
        Self { validity_days: 1825, key_kind: KeyKind::default(), backend: Backend::default() }
    }
}

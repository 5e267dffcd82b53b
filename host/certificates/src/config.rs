//! What the operator decides.

use jeroboam_model::KeyKind;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificatesConfig {
    /// How long new certificates are valid: `[x509] term_of_validity`. A certificate also ends with its authority.
    pub validity_days: u32,
    /// Of the keys that are made here. Imported clusters keep the kind they have.
    pub key_kind: KeyKind,
}

impl Default for CertificatesConfig {
    fn default() -> Self {
        Self { validity_days: 1825, key_kind: KeyKind::default() }
    }
}

//! Authorities: making one, and signing with one.

use jeroboam_model::{Cluster, ClusterId, Secret, certificate::Slot};
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, KeyPair, KeyUsagePurpose};
use time::OffsetDateTime;
use x509_parser::{extensions::ParsedExtension, pem::parse_x509_pem, prelude::X509Certificate};

use crate::{CertificateError, keys, validity::Validity};

/// The bound of a common name (RFC 5280, `ub-common-name`).
const COMMON_NAME_MAX: usize = 64;

/// A new authority's certificate, in PEM: signs leaves, and nothing that signs.
pub(crate) fn certificate(cluster: &Cluster, pair: &KeyPair, validity: Validity) -> Result<String, CertificateError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name(cluster));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.serial_number = Some(keys::serial()?);
    params.not_before = validity.not_before;
    params.not_after = validity.not_after;
    Ok(keys::without_newline(params.self_signed(pair)?.pem()))
}

/// The cluster's name, if it fits; else what identifies it.
fn common_name(cluster: &Cluster) -> String {
    let fits = (1..=COMMON_NAME_MAX).contains(&cluster.name.len());
    if fits { cluster.name.clone() } else { cluster.uuid.to_string() }
}

/// An authority that can sign.
pub(crate) struct Signer {
    pub pair: KeyPair,
    /// The name in DER, as the certificate has it.
    pub subject: Vec<u8>,
    pub key_identifier: Vec<u8>,
    pub not_after: OffsetDateTime,
    cluster: ClusterId,
    slot: &'static str,
    pem: String,
}

impl Signer {
    /// From the certificate and the key, of whatever kind and origin.
    pub fn load(
        cluster: ClusterId,
        slot: Slot,
        pem: &str,
        private_key: &Secret,
        now: OffsetDateTime,
    ) -> Result<Self, CertificateError> {
        let slot = slot.key();
        let broken = |what| CertificateError::Broken { cluster, slot, what };
        let pair = KeyPair::from_pem(private_key.expose()).map_err(|_| broken("its private key cannot be read"))?;
        let read = |certificate: &X509Certificate<'_>| {
            let identifier = certificate.iter_extensions().find_map(|extension| match extension.parsed_extension() {
                ParsedExtension::SubjectKeyIdentifier(identifier) => Some(identifier.0.to_vec()),
                _ => None,
            });
            (certificate.subject().as_raw().to_vec(), identifier, certificate.validity().not_after.to_datetime())
        };
        let known = with_certificate(pem, read).ok_or_else(|| broken("its certificate cannot be read"))?;
        let (subject, identifier, not_after) = known;
        if not_after < now {
            return Err(CertificateError::Ended { cluster, slot, ended: not_after });
        }
        let key_identifier = identifier.unwrap_or_else(|| CertificateParams::default().key_identifier(&pair));
        Ok(Self { pair, subject, key_identifier, not_after, cluster, slot, pem: pem.to_owned() })
    }

    /// Makes sure that what was signed is this authority's before it is handed out: a key that does not belong to the certificate would otherwise be found out by a
    /// cluster that does not come up.
    pub fn check(&self, leaf: &[u8]) -> Result<(), CertificateError> {
        let is_ours = |authority: &X509Certificate<'_>| {
            x509_parser::parse_x509_certificate(leaf).is_ok_and(|(_, leaf)| {
                let named = leaf.issuer().as_raw() == authority.subject().as_raw();
                named && leaf.verify_signature(Some(authority.public_key())).is_ok()
            })
        };
        if with_certificate(&self.pem, is_ours) == Some(true) {
            return Ok(());
        }
        let what = "what it signs does not verify with its own certificate";
        Err(CertificateError::Broken { cluster: self.cluster, slot: self.slot, what })
    }
}

fn with_certificate<T>(pem: &str, read: impl FnOnce(&X509Certificate<'_>) -> T) -> Option<T> {
    let (_, pem) = parse_x509_pem(pem.as_bytes()).ok()?;
    pem.parse_x509().ok().map(|certificate| read(&certificate))
}

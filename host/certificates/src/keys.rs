//! Key pairs and serial numbers.

use jeroboam_model::{KeyKind, Secret};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, SerialNumber};

use crate::CertificateError;

/// Makes a pair. RSA takes the processor long.
pub(crate) fn generate(kind: KeyKind) -> Result<KeyPair, CertificateError> {
    let algorithm = match kind {
        KeyKind::EcdsaP256 => &PKCS_ECDSA_P256_SHA256,
        // 2048 bits.
        KeyKind::Rsa2048 => &PKCS_RSA_SHA256,
    };
    Ok(KeyPair::generate_for(algorithm)?)
}

/// PKCS#8 PEM.
pub(crate) fn private_pem(pair: &KeyPair) -> Secret {
    Secret::new(without_newline(pair.serialize_pem()))
}

/// 127 random bits, the first of them 1, so that every serial number has the same length and none is negative.
pub(crate) fn serial() -> Result<SerialNumber, CertificateError> {
    let mut bytes = [0_u8; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| CertificateError::Randomness)?;
    if let Some(first) = bytes.first_mut() {
        *first = *first & 0x7f | 0x40;
    }
    Ok(SerialNumber::from_slice(&bytes))
}

/// As Magnum writes PEM, and as its clients expect it.
pub(crate) fn without_newline(mut pem: String) -> String {
    pem.truncate(pem.trim_end().len());
    pem
}

//! Certificate signing requests: parsed under a bound, and signed by the key that they are for.

use aws_lc_rs::signature::{
    ECDSA_P521_SHA256_ASN1, ECDSA_P521_SHA384_ASN1, ECDSA_P521_SHA512_ASN1, EcdsaVerificationAlgorithm, UnparsedPublicKey,
};
use rcgen::SubjectPublicKeyInfo;
use x509_parser::{
    asn1_rs::{Oid, oid},
    cri_attributes::ParsedCriAttribute,
    oid_registry::{
        OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY, OID_NIST_EC_P384, OID_NIST_EC_P521, OID_PKCS1_RSAENCRYPTION,
        OID_SIG_ECDSA_WITH_SHA256, OID_SIG_ECDSA_WITH_SHA384, OID_SIG_ECDSA_WITH_SHA512, OID_SIG_ED25519,
    },
    pem::parse_x509_pem,
    prelude::{FromDer, X509CertificationRequest},
    public_key::PublicKey,
    x509,
};

use crate::{
    SignError, der,
    profile::{self, Profile},
};

/// The longest request that is looked at, in bytes of PEM. One with an RSA key of 8192 bits and a hundred names has a tenth of it.
pub const CSR_MAX: usize = 64 << 10;

const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
const OID_SHA1_WITH_RSA: [Oid<'static>; 2] = [oid!(1.2.840.113549.1.1.5), oid!(1.3.14.3.2.29)];

/// What is to be signed.
pub(crate) struct Request {
    /// The name in DER, as it was written.
    pub subject: Vec<u8>,
    pub public_key: SubjectPublicKeyInfo,
    pub profile: Profile,
}

impl Request {
    pub fn parse(pem: &str) -> Result<Self, SignError> {
        check_length(pem)?;
        let (_, pem) = parse_x509_pem(pem.as_bytes()).map_err(|_| SignError::invalid("it is not PEM"))?;
        if !matches!(pem.label.as_str(), "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST") {
            return Err(SignError::invalid("its PEM is not labelled CERTIFICATE REQUEST"));
        }
        let (rest, csr) =
            X509CertificationRequest::from_der(&pem.contents).map_err(|_| SignError::invalid("it is not PKCS#10"))?;
        if !rest.is_empty() {
            return Err(SignError::invalid("something follows it"));
        }
        let info = &csr.certification_request_info;
        check_key(&info.subject_pki)?;
        check_possession(&csr)?;
        let public_key = SubjectPublicKeyInfo::from_der(info.subject_pki.raw)
            .map_err(|_| SignError::invalid("its public key is of a kind that is not supported"))?;
        let subject = info.subject.as_raw();
        if !der::is_one_value(subject) {
            return Err(SignError::invalid("its subject is not a name"));
        }
        Ok(Self { subject: subject.to_vec(), public_key, profile: profile::decide(requested(&csr)?)? })
    }
}

pub(crate) fn check_length(pem: &str) -> Result<(), SignError> {
    if pem.len() > CSR_MAX { Err(SignError::invalid(format!("it has more than {CSR_MAX} bytes"))) } else { Ok(()) }
}

fn check_key(key: &x509::SubjectPublicKeyInfo<'_>) -> Result<(), SignError> {
    let algorithm = &key.algorithm.algorithm;
    if *algorithm == OID_PKCS1_RSAENCRYPTION {
        return match key.parsed() {
            Ok(PublicKey::RSA(rsa)) if RSA_BITS.contains(&rsa.key_size()) => Ok(()),
            _ => Err(SignError::invalid(format!("its RSA key must have {} to {} bits", RSA_BITS.start(), RSA_BITS.end()))),
        };
    }
    let curve_fits = *algorithm == OID_KEY_TYPE_EC_PUBLIC_KEY
        && curve(key).is_some_and(|curve| [OID_EC_P256, OID_NIST_EC_P384, OID_NIST_EC_P521].contains(&curve));
    if curve_fits || *algorithm == OID_SIG_ED25519 {
        return Ok(());
    }
    Err(SignError::invalid("its key must be RSA, ECDSA on P-256, P-384 or P-521, or Ed25519"))
}

/// Whoever asks has the private key.
fn check_possession(csr: &X509CertificationRequest<'_>) -> Result<(), SignError> {
    let key = &csr.certification_request_info.subject_pki;
    if OID_SHA1_WITH_RSA.contains(&csr.signature_algorithm.algorithm) {
        return Err(SignError::invalid("it is signed with SHA-1; use SHA-256"));
    }
    let proven = if curve(key).is_some_and(|curve| curve == OID_NIST_EC_P521) {
        // Which x509-parser does not verify.
        p521_algorithm(&csr.signature_algorithm.algorithm).is_some_and(|algorithm| {
            let key = UnparsedPublicKey::new(algorithm, &key.subject_public_key.data);
            key.verify(csr.certification_request_info.raw, &csr.signature_value.data).is_ok()
        })
    } else {
        csr.verify_signature().is_ok()
    };
    if proven { Ok(()) } else { Err(SignError::invalid("it is not signed by the key that it is for")) }
}

fn p521_algorithm(signature: &Oid<'_>) -> Option<&'static EcdsaVerificationAlgorithm> {
    let algorithms = [
        (OID_SIG_ECDSA_WITH_SHA256, &ECDSA_P521_SHA256_ASN1),
        (OID_SIG_ECDSA_WITH_SHA384, &ECDSA_P521_SHA384_ASN1),
        (OID_SIG_ECDSA_WITH_SHA512, &ECDSA_P521_SHA512_ASN1),
    ];
    algorithms.into_iter().find(|(oid, _)| oid == signature).map(|(_, algorithm)| algorithm)
}

fn curve<'a>(key: &x509::SubjectPublicKeyInfo<'a>) -> Option<Oid<'a>> {
    key.algorithm.parameters.as_ref()?.clone().oid().ok()
}

/// The extensions asked for; all in one attribute, as PKCS#9 has it.
fn requested<'a>(csr: &'a X509CertificationRequest<'a>) -> Result<&'a [x509_parser::extensions::X509Extension<'a>], SignError> {
    let mut requests =
        csr.certification_request_info.iter_attributes().filter_map(|attribute| match attribute.parsed_attribute() {
            ParsedCriAttribute::ExtensionRequest(request) => Some(request.extensions.as_slice()),
            _ => None,
        });
    match (requests.next(), requests.next()) {
        (found, None) => Ok(found.unwrap_or_default()),
        _ => Err(SignError::invalid("it asks for extensions in more than one place")),
    }
}

//! Signs a request with an authority.

use pem::{EncodeConfig, LineEnding, Pem};
use rcgen::{
    CertificateParams, DistinguishedName, IsCa, Issuer, KeyIdMethod, KeyPair, PublicKeyData, SignatureAlgorithm, SigningKey,
};

use crate::{
    CertificateError, SignError,
    authority::Signer,
    der,
    keys::{self, without_newline},
    request::Request,
    validity::Validity,
};

/// A certificate for the request, in PEM.
pub(crate) fn sign(request: &Request, signer: &Signer, validity: Validity) -> Result<String, SignError> {
    let validity = validity.within(signer.not_after);
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params.key_usages.clone_from(&request.profile.key_usages);
    params.custom_extensions.clone_from(&request.profile.verbatim);
    params.serial_number = Some(keys::serial()?);
    params.not_before = validity.not_before;
    params.not_after = validity.not_after;
    let certificate = complete(&params, request, signer)?;
    signer.check(&certificate)?;
    let lines = EncodeConfig::new().set_line_ending(LineEnding::LF);
    Ok(without_newline(pem::encode_config(&Pem::new("CERTIFICATE", certificate), lines)))
}

/// Lets rcgen write everything but the names, puts these in, and signs the whole.
fn complete(params: &CertificateParams, request: &Request, signer: &Signer) -> Result<Vec<u8>, CertificateError> {
    let mut authority = CertificateParams::default();
    authority.distinguished_name = DistinguishedName::new();
    authority.key_identifier_method = KeyIdMethod::PreSpecified(signer.key_identifier.clone());
    let draft = params.signed_by(&request.public_key, &Issuer::new(authority, Unsigned(&signer.pair)))?;
    let unreadable = || CertificateError::Make(rcgen::Error::CouldNotParseCertificate);
    let parts = der::split(draft.der()).ok_or_else(unreadable)?;
    let to_be_signed = der::with_names(parts.to_be_signed, &signer.subject, &request.subject).ok_or_else(unreadable)?;
    let signature = signer.pair.sign(&to_be_signed)?;
    Ok(der::join(&to_be_signed, parts.algorithm, &signature))
}

/// The authority's key, for a draft: says what algorithm it will sign with, and does not.
struct Unsigned<'a>(&'a KeyPair);

impl PublicKeyData for Unsigned<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.0.der_bytes()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        PublicKeyData::algorithm(self.0)
    }
}

impl SigningKey for Unsigned<'_> {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(Vec::new())
    }
}

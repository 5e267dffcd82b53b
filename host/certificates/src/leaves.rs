//! The pair that this service shows to the cluster's API.

use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};

use crate::{CertificateError, SignError, authority::Signer, issue, request::Request, validity::Validity};

/// `CN=admin, O=system:masters`, for clients only; signed like any other request.
pub(crate) fn client(pair: &KeyPair, signer: &Signer, validity: Validity) -> Result<String, CertificateError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "admin");
    params.distinguished_name.push(DnType::OrganizationName, "system:masters");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let csr = params.serialize_request(pair)?.pem()?;
    let signed = Request::parse(&csr).and_then(|request| issue::sign(&request, signer, validity));
    signed.map_err(|error| match error {
        SignError::Certificates(error) => error,
        SignError::InvalidCsr { .. } | SignError::Refused { .. } => {
            CertificateError::Make(rcgen::Error::CouldNotParseCertificationRequest)
        }
    })
}

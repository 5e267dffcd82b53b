//! Which of the extensions that are asked for a certificate gets. The one place that decides.

use rcgen::{CustomExtension, KeyUsagePurpose};
use x509_parser::{
    asn1_rs::Oid,
    extensions::{GeneralName, KeyUsage, ParsedExtension, X509Extension},
    oid_registry::{
        OID_X509_EXT_BASIC_CONSTRAINTS, OID_X509_EXT_EXTENDED_KEY_USAGE, OID_X509_EXT_KEY_USAGE, OID_X509_EXT_SUBJECT_ALT_NAME,
        OID_X509_EXT_SUBJECT_KEY_IDENTIFIER,
    },
};

use crate::{SignError, der};

/// What a certificate gets beside `CA:FALSE` and the identifiers of its own and its issuer's key, which all get.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    /// Critical in every certificate.
    pub key_usages: Vec<KeyUsagePurpose>,
    /// As they were written.
    pub verbatim: Vec<CustomExtension>,
}

/// What becomes of an extension by its kind.
enum Kind {
    KeyUsage,
    /// Taken over as it is.
    Verbatim(&'static [u64]),
    BasicConstraints,
    /// Every certificate gets its own.
    KeyIdentifier,
    Other,
}

pub(crate) fn decide(requested: &[X509Extension<'_>]) -> Result<Profile, SignError> {
    let mut profile = Profile::default();
    let mut seen: Vec<&Oid<'_>> = Vec::new();
    for extension in requested {
        if seen.contains(&&extension.oid) {
            return Err(SignError::invalid(format!("it asks for {} twice", name(&extension.oid))));
        }
        seen.push(&extension.oid);
        match kind(&extension.oid) {
            Kind::KeyUsage => profile.key_usages = key_usages(extension)?,
            Kind::Verbatim(oid) => profile.verbatim.push(verbatim(extension, oid)?),
            Kind::BasicConstraints => check_basic_constraints(extension)?,
            Kind::KeyIdentifier => {}
            Kind::Other if extension.critical => {
                return Err(SignError::refused(
                    name(&extension.oid),
                    "certificates of clusters do not have it, and it is critical",
                ));
            }
            Kind::Other => {}
        }
    }
    Ok(profile)
}

fn kind(oid: &Oid<'_>) -> Kind {
    let kinds = [
        (OID_X509_EXT_KEY_USAGE, Kind::KeyUsage),
        (OID_X509_EXT_EXTENDED_KEY_USAGE, Kind::Verbatim(&[2, 5, 29, 37])),
        (OID_X509_EXT_SUBJECT_ALT_NAME, Kind::Verbatim(&[2, 5, 29, 17])),
        (OID_X509_EXT_BASIC_CONSTRAINTS, Kind::BasicConstraints),
        (OID_X509_EXT_SUBJECT_KEY_IDENTIFIER, Kind::KeyIdentifier),
    ];
    kinds.into_iter().find(|(known, _)| known == oid).map_or(Kind::Other, |(_, kind)| kind)
}

/// Signatures and the exchange of keys; nothing that signs certificates.
fn key_usages(extension: &X509Extension<'_>) -> Result<Vec<KeyUsagePurpose>, SignError> {
    let ParsedExtension::KeyUsage(asked) = extension.parsed_extension() else { return Err(unreadable(extension)) };
    let allowed = [
        (KeyUsagePurpose::DigitalSignature, KeyUsage::digital_signature(asked)),
        (KeyUsagePurpose::ContentCommitment, KeyUsage::non_repudiation(asked)),
        (KeyUsagePurpose::KeyEncipherment, KeyUsage::key_encipherment(asked)),
    ];
    let kept: Vec<KeyUsagePurpose> = allowed.into_iter().filter(|(_, asked)| *asked).map(|(usage, _)| usage).collect();
    let beyond = asked.flags.count_ones() as usize > kept.len();
    if beyond && extension.critical {
        let reason = "only digitalSignature, keyEncipherment and contentCommitment may be asked for, and it is critical";
        return Err(SignError::refused(name(&extension.oid), reason));
    }
    if kept.is_empty() {
        // Without the extension, the key would be good for everything.
        let reason = "it has none of digitalSignature, keyEncipherment and contentCommitment";
        return Err(SignError::refused(name(&extension.oid), reason));
    }
    Ok(kept)
}

fn verbatim(extension: &X509Extension<'_>, oid: &[u64]) -> Result<CustomExtension, SignError> {
    let readable = match extension.parsed_extension() {
        ParsedExtension::ExtendedKeyUsage(_) => true,
        ParsedExtension::SubjectAlternativeName(names) => {
            let invalid = |name: &GeneralName<'_>| matches!(name, GeneralName::Invalid(..));
            !names.general_names.is_empty() && !names.general_names.iter().any(invalid)
        }
        _ => false,
    };
    if !readable || !der::is_one_value(extension.value) {
        return Err(unreadable(extension));
    }
    let mut copy = CustomExtension::from_oid_content(oid, extension.value.to_vec());
    copy.set_criticality(extension.critical);
    Ok(copy)
}

/// All certificates get `CA:FALSE`; who insists on the contrary gets none.
fn check_basic_constraints(extension: &X509Extension<'_>) -> Result<(), SignError> {
    match extension.parsed_extension() {
        ParsedExtension::BasicConstraints(constraints) if constraints.ca && extension.critical => {
            Err(SignError::refused(name(&extension.oid), "certificates of clusters sign no others, and CA:TRUE is critical"))
        }
        ParsedExtension::BasicConstraints(_) => Ok(()),
        _ => Err(unreadable(extension)),
    }
}

fn unreadable(extension: &X509Extension<'_>) -> SignError {
    SignError::invalid(format!("its extension {} cannot be read", name(&extension.oid)))
}

fn name(oid: &Oid<'_>) -> String {
    match x509_parser::objects::oid2sn(oid, x509_parser::objects::oid_registry()) {
        Ok(name) => name.to_owned(),
        Err(_) => oid.to_id_string(),
    }
}

//! What is signed, and what is not.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use jeroboam_certificates::{CSR_MAX, CertificateError, Certificates, CertificatesConfig, SignError};
use jeroboam_model::{Authority, CertificateRecord, KeyKind, PrivateKey, Secret, certificate::Slot};
use jeroboam_store::Vault;
use proptest::prelude::*;
use rcgen::{BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, KeyPair, KeyUsagePurpose};
use support::{Host, admin, cluster, extensions, host, read, request, requests, with_cluster};
use time::{Duration, OffsetDateTime};
use x509_parser::{
    certificate::X509Certificate, certification_request::X509CertificationRequest, cri_attributes::ParsedCriAttribute,
    extensions::ParsedExtension, oid_registry, pem::parse_x509_pem, prelude::FromDer,
};

async fn sign(host: &Host, cluster: &jeroboam_model::Cluster, csr: &str) -> Result<String, SignError> {
    host.certificates.sign(&cluster.uuid, Authority::Kubernetes, csr).await
}

/// A request of the administrator's, with something more.
fn with(more: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let mut params = admin();
    more(&mut params);
    params
}

/// What every leaf has.
const ALWAYS: [&str; 3] = ["authorityKeyIdentifier", "basicConstraints ca=false pathlen=None critical", "subjectKeyIdentifier"];

#[tokio::test]
async fn requests_that_are_in_order_are_signed() {
    let usage = "keyUsage Digital Signature, Key Encipherment critical";
    let kubelet = [ALWAYS[0], ALWAYS[1], "extendedKeyUsage", usage, "subjectAltName", ALWAYS[2]];
    let expected: [(&str, &[&str]); 8] = [
        ("authority-not-critical", &ALWAYS),
        ("ecdsa-p384", &ALWAYS),
        ("ecdsa-p521", &ALWAYS),
        ("ed25519", &ALWAYS),
        ("kubelet", &kubelet),
        ("own-key-identifier", &ALWAYS),
        ("two-groups", &ALWAYS),
        ("unknown-not-critical", &ALWAYS),
    ];
    let found = requests("signed");
    assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), expected.map(|(name, _)| name));
    for kind in [KeyKind::EcdsaP256, KeyKind::Rsa2048] {
        let (host, cluster) = with_cluster(kind).await;
        let ca = host.certificates.ca(&cluster.uuid, Authority::Kubernetes).await.unwrap();
        for ((name, csr), (_, expected)) in found.iter().zip(expected) {
            let signed = sign(&host, &cluster, csr).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(extensions(&signed), expected, "{name}");
            let (_, pem) = parse_x509_pem(csr.as_bytes()).unwrap();
            let (_, csr) = X509CertificationRequest::from_der(&pem.contents).unwrap();
            let asked = &csr.certification_request_info;
            read(&signed, |leaf| {
                assert_eq!(leaf.subject().as_raw(), asked.subject.as_raw(), "{name}: the subject is copied byte by byte");
                assert_eq!(leaf.public_key().raw, asked.subject_pki.raw, "{name}");
                read(&ca, |ca| {
                    assert_eq!(leaf.issuer().as_raw(), ca.subject().as_raw());
                    leaf.verify_signature(Some(ca.public_key())).unwrap();
                    assert_eq!(key_identifier(leaf, true), key_identifier(ca, false), "{name}");
                });
            });
        }
    }
}

/// Of the issuer or of the subject.
fn key_identifier(certificate: &X509Certificate<'_>, issuer: bool) -> Option<Vec<u8>> {
    certificate.iter_extensions().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(it) if issuer => it.key_identifier.as_ref().map(|it| it.0.to_vec()),
        ParsedExtension::SubjectKeyIdentifier(it) if !issuer => Some(it.0.to_vec()),
        _ => None,
    })
}

#[tokio::test]
async fn requests_that_are_not_are_refused_with_the_reason() {
    let reasons = [
        ("authority", "Extension 'basicConstraints' not allowed"),
        ("certificate", "not labelled CERTIFICATE REQUEST"),
        ("name-constraints", "Extension 'nameConstraints' not allowed"),
        ("rsa-1024", "must have 2048 to 8192 bits"),
        ("secp256k1", "P-256, P-384 or P-521"),
        ("sha1", "signed with SHA-1"),
        ("signs-certificates", "Extension 'keyUsage' not allowed"),
        ("signs-certificates-only", "Extension 'keyUsage' not allowed"),
        ("unknown-critical", "Extension '1.2.3.4' not allowed"),
    ];
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    let found = requests("refused");
    assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), reasons.map(|(name, _)| name));
    for ((name, csr), (_, reason)) in found.iter().zip(reasons) {
        let error = sign(&host, &cluster, csr).await.unwrap_err();
        assert!(error.to_string().contains(reason), "{name}: {error}");
    }
}

#[tokio::test]
async fn alternative_names_and_extended_usages_are_copied_byte_by_byte() {
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    let (_, csr) = requests("signed").into_iter().find(|(name, _)| name == "kubelet").unwrap();
    let signed = sign(&host, &cluster, &csr).await.unwrap();
    let (_, pem) = parse_x509_pem(csr.as_bytes()).unwrap();
    let (_, parsed) = X509CertificationRequest::from_der(&pem.contents).unwrap();
    let asked = parsed.certification_request_info.iter_attributes().find_map(|attribute| match attribute.parsed_attribute() {
        ParsedCriAttribute::ExtensionRequest(request) => Some(&request.extensions),
        _ => None,
    });
    read(&signed, |leaf| {
        for oid in [oid_registry::OID_X509_EXT_SUBJECT_ALT_NAME, oid_registry::OID_X509_EXT_EXTENDED_KEY_USAGE] {
            let asked = asked.unwrap().iter().find(|extension| extension.oid == oid).unwrap();
            assert_eq!(leaf.get_extension_unique(&oid).unwrap().unwrap().value, asked.value);
        }
    });
}

#[tokio::test]
async fn usages_beyond_the_allowed_ones_are_left_out_if_they_are_not_critical() {
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    // digitalSignature, keyEncipherment, keyCertSign.
    let usages = CustomExtension::from_oid_content(&[2, 5, 29, 15], vec![3, 2, 2, 0b1010_0100]);
    let signed = sign(&host, &cluster, &request(&with(|params| params.custom_extensions = vec![usages]))).await.unwrap();
    assert!(extensions(&signed).contains(&"keyUsage Digital Signature, Key Encipherment critical".to_owned()));
    let all = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment, KeyUsagePurpose::KeyEncipherment];
    let signed = sign(&host, &cluster, &request(&with(|params| params.key_usages = all))).await.unwrap();
    let usages = "keyUsage Digital Signature, Non Repudiation, Key Encipherment critical".to_owned();
    assert!(extensions(&signed).contains(&usages));
}

#[tokio::test]
async fn no_way_of_asking_leads_to_an_authority() {
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    let constraints = |critical| {
        let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 19], vec![0x30, 3, 1, 1, 255]);
        extension.set_criticality(critical);
        extension
    };
    let usages = |usages: &[KeyUsagePurpose]| with(|params| params.key_usages = usages.to_vec());
    let attempts = [
        with(|params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)),
        with(|params| params.is_ca = IsCa::Ca(BasicConstraints::Constrained(3))),
        with(|params| params.custom_extensions = vec![constraints(true)]),
        with(|params| params.custom_extensions = vec![constraints(false)]),
        with(|params| params.custom_extensions = vec![constraints(false), constraints(false)]),
        with(|params| (params.is_ca, params.custom_extensions) = (IsCa::ExplicitNoCa, vec![constraints(false)])),
        usages(&[KeyUsagePurpose::KeyCertSign]),
        usages(&[KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::CrlSign]),
        // Constraints that are no constraints, and a usage of no bits.
        with(|params| params.custom_extensions = vec![CustomExtension::from_oid_content(&[2, 5, 29, 19], vec![5, 0])]),
        with(|params| params.custom_extensions = vec![CustomExtension::from_oid_content(&[2, 5, 29, 15], vec![3, 1, 0])]),
    ];
    for (place, params) in attempts.iter().enumerate() {
        if let Ok(signed) = sign(&host, &cluster, &request(params)).await {
            assert_eq!(extensions(&signed), ALWAYS, "{place}");
            read(&signed, |leaf| assert!(!leaf.is_ca(), "{place}"));
        }
    }
    let refused = [0, 1, 2, 4, 5, 6, 7, 8, 9];
    for place in refused {
        assert!(sign(&host, &cluster, &request(&attempts[place])).await.is_err(), "{place}");
    }
}

#[tokio::test]
async fn who_does_not_have_the_key_gets_nothing() {
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    let csr = admin().serialize_request(&KeyPair::generate().unwrap()).unwrap();
    let mut der = csr.der().to_vec();
    *der.last_mut().unwrap() ^= 1;
    let error = sign(&host, &cluster, &pem::encode(&pem::Pem::new("CERTIFICATE REQUEST", der.clone()))).await.unwrap_err();
    assert!(error.to_string().contains("not signed by the key that it is for"), "{error}");
    *der.last_mut().unwrap() ^= 1;
    der.push(0);
    let error = sign(&host, &cluster, &pem::encode(&pem::Pem::new("CERTIFICATE REQUEST", der))).await.unwrap_err();
    assert!(error.to_string().contains("something follows it"), "{error}");
}

#[tokio::test]
async fn what_is_no_request_is_refused_before_it_is_looked_at_for_long() {
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    let long = format!("{}\n{}", request(&admin()), "x".repeat(CSR_MAX));
    for csr in ["", "hello", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n", &long] {
        assert!(matches!(sign(&host, &cluster, csr).await, Err(SignError::InvalidCsr { .. })));
    }
}

#[tokio::test]
async fn what_one_authority_has_signed_is_worth_nothing_to_another() {
    let (host, one) = with_cluster(KeyKind::EcdsaP256).await;
    let other = cluster("prod");
    host.certificates.ensure(&other).await.unwrap();
    let mut authorities = Vec::new();
    for cluster in [&one, &other] {
        for authority in Authority::ALL {
            authorities.push((cluster.uuid, *authority, host.certificates.ca(&cluster.uuid, *authority).await.unwrap()));
        }
    }
    let csr = request(&admin());
    for (signer_cluster, signer, _) in &authorities {
        let signed = host.certificates.sign(signer_cluster, *signer, &csr).await.unwrap();
        for (cluster, authority, ca) in &authorities {
            let accepted = read(&signed, |leaf| read(ca, |ca| leaf.verify_signature(Some(ca.public_key())).is_ok()));
            assert_eq!(accepted, (signer_cluster, signer) == (cluster, authority));
        }
    }
}

/// Puts an authority in the place of the cluster's own, as an import does.
async fn import(
    host: &Host,
    cluster: &jeroboam_model::Cluster,
    params: &CertificateParams,
    pair: &KeyPair,
    key: &KeyPair,
) -> String {
    let slot = Slot::Authority(Authority::Kubernetes);
    let pem = params.self_signed(pair).unwrap().pem();
    let place = format!("certificate/{}/kubernetes", cluster.uuid);
    let private_key = host.vault.seal(&place, &Secret::new(key.serialize_pem())).unwrap();
    let created_at = OffsetDateTime::now_utc();
    let mut tx = host.store.begin();
    tx.put(&CertificateRecord {
        cluster: cluster.uuid,
        slot,
        pem: pem.clone(),
        private_key: PrivateKey::Sealed(private_key),
        key_kind: KeyKind::Rsa2048,
        generation: 0,
        former: None,
        created_at,
    });
    tx.commit().await.unwrap();
    pem
}

fn authority(end: OffsetDateTime) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::OrganizationName, "imported");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_after = end;
    params
}

#[tokio::test]
async fn an_imported_authority_of_another_kind_goes_on_signing_and_is_not_outlived() {
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    let pair = KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
    let end = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap() + Duration::DAY;
    let ca = import(&host, &cluster, &authority(end), &pair, &pair).await;
    let signed = sign(&host, &cluster, &request(&admin())).await.unwrap();
    let (_, ca) = parse_x509_pem(ca.as_bytes()).unwrap();
    let ca = ca.parse_x509().unwrap();
    read(&signed, |leaf| {
        leaf.verify_signature(Some(ca.public_key())).unwrap();
        assert_eq!(leaf.issuer().as_raw(), ca.subject().as_raw());
        assert_eq!(leaf.validity().not_after.to_datetime(), end);
    });
}

#[tokio::test]
async fn an_authority_that_has_ended_or_lost_its_key_signs_nothing() {
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    let [pair, stranger] = [(), ()].map(|()| KeyPair::generate().unwrap());
    let now = OffsetDateTime::now_utc();
    import(&host, &cluster, &authority(now - Duration::HOUR), &pair, &pair).await;
    let ended = sign(&host, &cluster, &request(&admin())).await;
    assert!(matches!(ended, Err(SignError::Certificates(CertificateError::Ended { .. }))), "{ended:?}");
    import(&host, &cluster, &authority(now + Duration::HOUR), &pair, &stranger).await;
    let broken = sign(&host, &cluster, &request(&admin())).await;
    assert!(matches!(broken, Err(SignError::Certificates(CertificateError::Broken { .. }))), "{broken:?}");
}

fn certificates() -> (tokio::runtime::Runtime, Certificates, jeroboam_model::ClusterId) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let host = host(KeyKind::EcdsaP256);
    let cluster = cluster("prod");
    let vault: Vault = host.vault.clone();
    let certificates = Certificates::new(host.store, vault, CertificatesConfig::default());
    runtime.block_on(certificates.ensure(&cluster)).unwrap();
    (runtime, certificates, cluster.uuid)
}

#[test]
fn no_bytes_make_the_signer_panic() {
    let (runtime, certificates, cluster) = certificates();
    let sign = |csr: &str| match runtime.block_on(certificates.sign(&cluster, Authority::Etcd, csr)) {
        // A panic would come back as `Stopped`.
        Ok(_) | Err(SignError::InvalidCsr { .. } | SignError::Refused { .. }) => Ok(()),
        Err(error) => Err(TestCaseError::fail(error.to_string())),
    };
    let originals: Vec<Vec<u8>> = [requests("signed"), requests("refused")]
        .concat()
        .iter()
        .map(|(_, csr)| parse_x509_pem(csr.as_bytes()).unwrap().1.contents)
        .collect();
    let wrap = |der: Vec<u8>| pem::encode(&pem::Pem::new("CERTIFICATE REQUEST", der));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(400));
    runner.run(&any::<String>(), |text| sign(&text)).unwrap();
    runner.run(&prop::collection::vec(any::<u8>(), 0..300), |der| sign(&wrap(der))).unwrap();
    let change =
        (any::<prop::sample::Index>(), prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4), any::<bool>());
    runner
        .run(&change, |(original, changes, cut)| {
            let mut der = original.get(&originals).clone();
            for (at, byte) in changes {
                let at = at.index(der.len());
                der[at] = byte;
                if cut {
                    der.truncate(at + 1);
                }
            }
            sign(&wrap(der))
        })
        .unwrap();
}

//! What a cluster gets.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use jeroboam_certificates::CertificateError;
use jeroboam_model::{Authority, KeyKind, certificate::Slot};
use rcgen::KeyPair;
use support::{cluster, extensions, host, read, with_cluster};
use time::{Duration, OffsetDateTime};
use x509_parser::{num_bigint::BigUint, public_key::PublicKey};

fn common_name(pem: &str) -> String {
    read(pem, |certificate| certificate.subject().to_string())
}

#[tokio::test]
async fn authorities_are_named_after_the_cluster_and_sign_leaves_only() {
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    let now = OffsetDateTime::now_utc();
    for authority in Authority::ALL {
        let pem = host.certificates.ca(&cluster.uuid, *authority).await.unwrap();
        assert_eq!(
            extensions(&pem),
            ["basicConstraints ca=true pathlen=Some(0) critical", "keyUsage Key Cert Sign critical", "subjectKeyIdentifier"]
        );
        read(&pem, |certificate| {
            assert_eq!(certificate.subject().to_string(), "CN=prod");
            assert_eq!(certificate.issuer().as_raw(), certificate.subject().as_raw());
            certificate.verify_signature(None).unwrap();
            let validity = certificate.validity();
            let near = |a: OffsetDateTime, b: OffsetDateTime| (a - b).abs() < Duration::minutes(5);
            assert!(near(validity.not_before.to_datetime(), now - Duration::DAY));
            assert!(near(validity.not_after.to_datetime(), now + Duration::days(1825)));
        });
    }
}

#[tokio::test]
async fn serial_numbers_are_long_positive_and_never_the_same() {
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    let mut serials = Vec::new();
    for authority in Authority::ALL {
        let pem = host.certificates.ca(&cluster.uuid, *authority).await.unwrap();
        serials.push(read(&pem, |certificate| certificate.serial.clone()));
    }
    serials.push(read(&host.certificates.client(&cluster.uuid).await.unwrap().certificate_pem, |certificate| {
        certificate.serial.clone()
    }));
    assert!(serials.iter().all(|serial| *serial >= BigUint::from(1_u8) << 126_u8 && *serial < BigUint::from(1_u8) << 127_u8));
    serials.sort();
    serials.dedup();
    assert_eq!(serials.len(), 4);
}

#[tokio::test]
async fn a_name_that_does_not_fit_gives_way_to_the_uuid() {
    let host = host(KeyKind::EcdsaP256);
    let (fits, too_long, none) = (cluster(&"n".repeat(64)), cluster(&"n".repeat(65)), cluster(""));
    for cluster in [&fits, &too_long, &none] {
        host.certificates.ensure(cluster).await.unwrap();
    }
    let ca = async |cluster: &jeroboam_model::Cluster| {
        common_name(&host.certificates.ca(&cluster.uuid, Authority::Etcd).await.unwrap())
    };
    assert_eq!(ca(&fits).await, format!("CN={}", fits.name));
    assert_eq!(ca(&too_long).await, format!("CN={}", too_long.uuid));
    assert_eq!(ca(&none).await, format!("CN={}", none.uuid));
}

#[tokio::test]
async fn the_client_is_an_administrator_and_nothing_else() {
    for kind in [KeyKind::EcdsaP256, KeyKind::Rsa2048] {
        let (host, cluster) = with_cluster(kind).await;
        let client = host.certificates.client(&cluster.uuid).await.unwrap();
        assert_eq!(
            extensions(&client.certificate_pem),
            [
                "authorityKeyIdentifier",
                "basicConstraints ca=false pathlen=None critical",
                "extendedKeyUsage",
                "keyUsage Digital Signature, Key Encipherment critical",
                "subjectKeyIdentifier"
            ]
        );
        read(&client.certificate_pem, |certificate| {
            assert_eq!(certificate.subject().to_string(), "CN=admin, O=system:masters");
            let usage = certificate.extended_key_usage().unwrap().unwrap().value;
            assert!(usage.client_auth && !usage.server_auth && !usage.any && usage.other.is_empty());
            read(&client.ca_pem, |authority| certificate.verify_signature(Some(authority.public_key())).unwrap());
            let pair = KeyPair::from_pem(client.private_key.expose()).unwrap();
            assert_eq!(pair.public_key_raw(), certificate.public_key().subject_public_key.data.as_ref());
        });
        assert_eq!(client.ca_pem, host.certificates.ca(&cluster.uuid, Authority::Kubernetes).await.unwrap());
    }
}

#[tokio::test]
async fn rsa_keys_are_made_on_request() {
    let (host, cluster) = with_cluster(KeyKind::Rsa2048).await;
    let pem = host.certificates.ca(&cluster.uuid, Authority::Kubernetes).await.unwrap();
    read(&pem, |certificate| match certificate.public_key().parsed().unwrap() {
        PublicKey::RSA(key) => assert_eq!(key.key_size(), 2048),
        other => panic!("{other:?}"),
    });
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    let pem = host.certificates.ca(&cluster.uuid, Authority::Kubernetes).await.unwrap();
    read(&pem, |certificate| {
        assert!(matches!(certificate.public_key().parsed().unwrap(), PublicKey::EC(point) if point.key_size() == 256))
    });
}

#[tokio::test]
async fn the_service_account_keys_belong_together() {
    for kind in [KeyKind::EcdsaP256, KeyKind::Rsa2048] {
        let (host, cluster) = with_cluster(kind).await;
        let (public, private) = host.certificates.service_account(&cluster.uuid).await.unwrap();
        let pair = KeyPair::from_pem(private.expose()).unwrap();
        assert_eq!(pair.public_key_pem().trim_end(), public);
        assert!(public.starts_with("-----BEGIN PUBLIC KEY-----") && public.ends_with("-----"));
        assert!(private.expose().starts_with("-----BEGIN PRIVATE KEY-----") && private.expose().ends_with("-----"));
    }
}

#[tokio::test]
async fn an_authoritys_key_is_that_of_its_certificate() {
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    for authority in Authority::ALL {
        let key = host.certificates.ca_private_key(&cluster.uuid, *authority).await.unwrap();
        let pem = host.certificates.ca(&cluster.uuid, *authority).await.unwrap();
        let pair = KeyPair::from_pem(key.expose()).unwrap();
        read(&pem, |certificate| assert_eq!(pair.public_key_raw(), certificate.public_key().subject_public_key.data.as_ref()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn however_often_and_by_however_many_they_are_made_they_stay_the_same() {
    let (host, cluster) = (host(KeyKind::EcdsaP256), cluster("prod"));
    let (a, b, c) =
        tokio::join!(host.certificates.ensure(&cluster), host.certificates.ensure(&cluster), host.certificates.ensure(&cluster));
    for outcome in [a, b, c] {
        outcome.unwrap();
    }
    let before = host.store.certificates().of_cluster(cluster.uuid).await.unwrap();
    assert_eq!(before.len(), 5);
    host.certificates.ensure(&cluster).await.unwrap();
    assert_eq!(host.store.certificates().of_cluster(cluster.uuid).await.unwrap(), before);
    let client = host.certificates.client(&cluster.uuid).await.unwrap();
    read(&client.certificate_pem, |certificate| {
        read(&client.ca_pem, |authority| certificate.verify_signature(Some(authority.public_key())).unwrap());
    });
}

#[tokio::test]
async fn what_is_missing_is_made_to_fit_what_is_there() {
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    let before = host.certificates.client(&cluster.uuid).await.unwrap();
    let stored = host.store.certificates().of_slot(cluster.uuid, Slot::Client).await.unwrap().unwrap();
    let mut tx = host.store.begin();
    tx.remove(&stored);
    tx.commit().await.unwrap();
    host.certificates.ensure(&cluster).await.unwrap();
    let after = host.certificates.client(&cluster.uuid).await.unwrap();
    assert_eq!(after.ca_pem, before.ca_pem);
    assert_ne!(after.certificate_pem, before.certificate_pem);
    read(&after.certificate_pem, |certificate| {
        read(&after.ca_pem, |authority| certificate.verify_signature(Some(authority.public_key())).unwrap());
    });
}

#[tokio::test]
async fn what_was_removed_is_gone_and_can_be_removed_again() {
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    let neighbour = support::cluster("neighbour");
    host.certificates.ensure(&neighbour).await.unwrap();
    host.certificates.remove(&cluster.uuid).await.unwrap();
    host.certificates.remove(&cluster.uuid).await.unwrap();
    let error = host.certificates.ca(&cluster.uuid, Authority::Kubernetes).await.unwrap_err();
    assert!(error.is_not_found());
    assert!(
        host.certificates
            .sign(&cluster.uuid, Authority::Etcd, &support::request(&support::admin()))
            .await
            .unwrap_err()
            .is_not_found()
    );
    assert!(host.certificates.client(&cluster.uuid).await.unwrap_err().is_not_found());
    assert!(host.certificates.service_account(&cluster.uuid).await.unwrap_err().is_not_found());
    host.certificates.client(&neighbour.uuid).await.unwrap();
}

#[tokio::test]
async fn a_key_under_another_vault_is_an_error_of_the_hosts() {
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    let stranger =
        jeroboam_certificates::Certificates::new(host.store.clone(), support::host(KeyKind::EcdsaP256).vault, Default::default());
    assert!(matches!(stranger.client(&cluster.uuid).await, Err(CertificateError::Vault(_))));
}

#[tokio::test]
async fn keys_are_stored_sealed_and_never_printed() {
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    let client = host.certificates.client(&cluster.uuid).await.unwrap();
    let records = host.store.certificates().of_cluster(cluster.uuid).await.unwrap();
    let mut dump = Vec::new();
    jeroboam_store::export(&host.store, &mut dump).await.unwrap();
    let body = client.private_key.expose().lines().nth(1).unwrap();
    for text in
        [format!("{client:?}"), format!("{records:?}"), format!("{:?}", host.certificates), String::from_utf8(dump).unwrap()]
    {
        assert!(!text.contains(body) && !text.contains("PRIVATE KEY"));
    }
}

#[tokio::test]
async fn a_term_beyond_the_calendar_is_refused() {
    let host = host(KeyKind::EcdsaP256);
    for days in [u32::MAX, 3_000_000] {
        let config = jeroboam_certificates::CertificatesConfig { validity_days: days, ..Default::default() };
        let certificates = jeroboam_certificates::Certificates::new(host.store.clone(), host.vault.clone(), config);
        assert!(matches!(certificates.ensure(&cluster("prod")).await, Err(CertificateError::Validity { .. })));
    }
}

#[tokio::test]
async fn a_rotation_replaces_everything_once_and_keeps_what_was_until_it_is_over() {
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    let id = cluster.uuid;
    let before = host.certificates.ca(&id, Authority::Kubernetes).await.unwrap();
    let (public, _) = host.certificates.service_account(&id).await.unwrap();

    host.certificates.rotate(&cluster, 1).await.unwrap();
    let after = host.certificates.ca(&id, Authority::Kubernetes).await.unwrap();
    assert_ne!(before, after);
    assert_ne!(host.certificates.service_account(&id).await.unwrap().0, public);
    host.certificates.rotate(&cluster, 1).await.unwrap();
    assert_eq!(host.certificates.ca(&id, Authority::Kubernetes).await.unwrap(), after, "once for each generation");

    let client = host.certificates.client(&id).await.unwrap();
    assert_eq!(client.ca_pem, after);
    read(&client.certificate_pem, |certificate| {
        read(&after, |issuer| certificate.verify_signature(Some(issuer.public_key())).unwrap());
    });

    // One that came to nothing, and another.
    host.certificates.rotate(&cluster, 2).await.unwrap();
    let records = host.store.certificates().of_cluster(id).await.unwrap();
    assert!(records.iter().all(|record| record.generation == 2 && record.former.as_ref().unwrap().generation == 0));
    host.certificates.retire(&id).await.unwrap();
    host.certificates.retire(&id).await.unwrap();
    let records = host.store.certificates().of_cluster(id).await.unwrap();
    assert!(records.iter().all(|record| record.former.is_none()));
}

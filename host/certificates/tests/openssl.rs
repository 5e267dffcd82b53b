//! The same, seen by OpenSSL.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use jeroboam_model::{Authority, KeyKind};
use support::{OpenSsl, requests, with_cluster};

#[tokio::test]
async fn openssl_verifies_what_was_signed_with_its_own_authority_only() {
    let Some(openssl) = OpenSsl::find("openssl_verifies_what_was_signed_with_its_own_authority_only") else { return };
    for kind in [KeyKind::EcdsaP256, KeyKind::Rsa2048] {
        let (host, cluster) = with_cluster(kind).await;
        for authority in Authority::ALL {
            openssl.file(authority.as_str(), &host.certificates.ca(&cluster.uuid, *authority).await.unwrap());
        }
        let client = host.certificates.client(&cluster.uuid).await.unwrap();
        openssl.file("client", &client.certificate_pem);
        let (content, text) = openssl.run("verify -x509_strict -purpose sslclient -CAfile kubernetes client");
        assert!(content, "{text}");
        assert!(!openssl.run("verify -x509_strict -purpose sslserver -CAfile kubernetes client").0, "it is for clients only");
        assert!(!openssl.run("verify -CAfile etcd client").0);
        assert!(!openssl.run("verify -CAfile front-proxy client").0);
        for (name, csr) in requests("signed") {
            openssl.file("leaf", &host.certificates.sign(&cluster.uuid, Authority::Etcd, &csr).await.unwrap());
            let (content, text) = openssl.run("verify -x509_strict -CAfile etcd leaf");
            assert!(content, "{name}: {text}");
            assert!(!openssl.run("verify -CAfile kubernetes leaf").0, "{name}");
        }
    }
}

#[tokio::test]
async fn openssl_reads_the_keys() {
    let Some(openssl) = OpenSsl::find("openssl_reads_the_keys") else { return };
    for kind in [KeyKind::EcdsaP256, KeyKind::Rsa2048] {
        let (host, cluster) = with_cluster(kind).await;
        let (public, private) = host.certificates.service_account(&cluster.uuid).await.unwrap();
        openssl.file("private", private.expose());
        let (content, text) = openssl.run("pkey -in private -pubout");
        assert!(content, "{text}");
        assert_eq!(text.trim_end(), public);
        let client = host.certificates.client(&cluster.uuid).await.unwrap();
        openssl.file("client", &client.certificate_pem);
        openssl.file("client-key", client.private_key.expose());
        assert_eq!(openssl.run("x509 -in client -noout -pubkey").1, openssl.run("pkey -in client-key -pubout").1);
    }
}

#[tokio::test]
async fn a_second_authority_below_ours_is_not_believed() {
    let Some(openssl) = OpenSsl::find("a_second_authority_below_ours_is_not_believed") else { return };
    let (host, cluster) = with_cluster(KeyKind::EcdsaP256).await;
    openssl.file("ca", &host.certificates.ca(&cluster.uuid, Authority::Kubernetes).await.unwrap());
    openssl.file("config", "[req]\ndistinguished_name=dn\n[dn]\n");
    let (made, text) = openssl.run(
        "req -new -newkey rsa:2048 -nodes -config config -keyout key -out csr -subj /CN=evil -addext basicConstraints=CA:TRUE",
    );
    assert!(made, "{text}");
    let csr = openssl.read("csr");
    openssl.file("evil", &host.certificates.sign(&cluster.uuid, Authority::Kubernetes, &csr).await.unwrap());
    let (made, text) =
        openssl.run("req -new -newkey rsa:2048 -nodes -config config -keyout key2 -out csr2 -subj /O=system:masters/CN=victim");
    assert!(made, "{text}");
    let (made, text) = openssl.run("x509 -req -in csr2 -CA evil -CAkey key -CAcreateserial -out victim");
    assert!(made, "{text}");
    let (believed, text) = openssl.run("verify -CAfile ca -untrusted evil victim");
    assert!(!believed, "{text}");
}

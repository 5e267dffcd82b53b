//! A cloud behind HTTPS with a private authority.

use std::path::PathBuf;
use std::sync::Arc;

use jeroboam_cloud::{Cloud, CloudConfig, CloudError, Kind, Retries, TlsConfig};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::{NamedTempFile, TempPath};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use url::Url;

use crate::scripted::{ScriptedCloud, service_user};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Speaks TLS, as a server of this name, and hands on what it hears to a scripted cloud.
async fn front(cloud: &ScriptedCloud, authority: &Authority, name: &str) -> Url {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, authority).unwrap();
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let (acceptor, listener) = (TlsAcceptor::from(Arc::new(config)), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let url = Url::parse(&format!("https://localhost:{}", listener.local_addr().unwrap().port())).unwrap();
    let behind = cloud.url.socket_addrs(|| None).unwrap()[0];
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // Who does not trust the certificate goes away here.
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut behind = TcpStream::connect(behind).await.unwrap();
                let _ = copy_bidirectional(&mut stream, &mut behind).await;
            });
        }
    });
    url
}

/// The authority's certificate in a file, which goes with the test.
fn file(authority: &Authority) -> (TempPath, PathBuf) {
    let file = NamedTempFile::new().unwrap().into_temp_path();
    std::fs::write(&file, authority.pem()).unwrap();
    let path = file.to_path_buf();
    (file, path)
}

async fn token(front: &Url, tls: TlsConfig) -> Result<(), CloudError> {
    let mut config = CloudConfig::new(front.join("/identity").unwrap());
    config.retries = Retries { max: 0, ..Retries::default() };
    config.tls = tls;
    Cloud::new(config).unwrap().session(service_user()).token().await.map(drop)
}

#[tokio::test]
async fn a_private_authority_is_trusted_where_the_operator_names_it_and_only_there() {
    let (cloud, ours, other) = (ScriptedCloud::start().await, authority(), authority());
    let front = front(&cloud, &ours, "localhost").await;
    let ((_ours, ours), (_other, other)) = (file(&ours), file(&other));

    token(&front, TlsConfig { ca_file: Some(ours), ..TlsConfig::default() }).await.unwrap();
    assert_eq!(cloud.count("POST /identity/v3/auth/tokens"), 1);

    for stranger in [TlsConfig::default(), TlsConfig { ca_file: Some(other), ..TlsConfig::default() }] {
        let error = token(&front, stranger).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unreachable, "{error:?}");
    }
    assert_eq!(cloud.count("POST /identity/v3/auth/tokens"), 1, "a password went to a stranger");

    token(&front, TlsConfig { insecure: true, ..TlsConfig::default() }).await.unwrap();
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_trusted() {
    let (cloud, ours) = (ScriptedCloud::start().await, authority());
    let front = front(&cloud, &ours, "elsewhere.example").await;
    let (_file, ca_file) = file(&ours);
    let tls = TlsConfig { ca_file: Some(ca_file), ..TlsConfig::default() };
    assert_eq!(token(&front, tls).await.unwrap_err().kind(), Kind::Unreachable);
    assert!(cloud.was_left_alone());
}

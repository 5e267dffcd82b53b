//! Clusters' own APIs, as small as can be: Kubernetes' and Docker's, over TLS with the cluster's authority. Who has no certificate of the cluster's is not heard.

pub mod docker;
pub mod kubernetes;

use std::sync::Arc;

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use jeroboam_model::{Authority, ClusterId};
use rcgen::{CertificateParams, KeyPair};
use serde_json::json;
use tokio::net::TcpListener;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        server::WebPkiClientVerifier,
    },
};

use super::{Api, User, cluster, template, with};

impl Api {
    /// A cluster of the user's that is complete, and whose API is this one.
    pub async fn cluster_with(&self, of: &User<'_>, name: &str, fields: serde_json::Value, own: Router) -> ClusterId {
        of.post("/v1/clustertemplates", with(with(template(name), json!({"name": name})), fields)).await.expect(201);
        let accepted = of.post("/v1/clusters", cluster(name, name)).await.expect(202);
        let id: ClusterId = accepted["uuid"].as_str().unwrap().parse().unwrap();
        let stored = self.store.clusters().get(id).await.unwrap().unwrap();
        self.certificates.ensure(&stored).await.unwrap();
        let port = self.serve(id, own).await;
        let address = match stored.driver.as_str() {
            "kubernetes" => format!("https://127.0.0.1:{port}"),
            _ => format!("tcp://127.0.0.1:{port}"),
        };
        self.complete(id, |cluster| cluster.api_address = Some(address)).await;
        id
    }

    /// Serves the API itself on a socket, for clients that need one. Answers the port.
    pub async fn listen(&self) -> u16 {
        let (router, listener) = (self.router.clone(), TcpListener::bind("127.0.0.1:0").await.unwrap());
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let router = TowerToHyperService::new(router.clone());
                tokio::spawn(async move {
                    let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), router).await;
                });
            }
        });
        port
    }

    /// Serves it with a certificate of the cluster's authority, to who has one, too. Answers the port.
    async fn serve(&self, id: ClusterId, own: Router) -> u16 {
        let key = KeyPair::generate().unwrap();
        let request = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().serialize_request(&key).unwrap().pem().unwrap();
        let certificate = self.certificates.sign(&id, Authority::Kubernetes, &request).await.unwrap();
        let ca = self.certificates.ca(&id, Authority::Kubernetes).await.unwrap();

        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(
                vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .unwrap();
        let (acceptor, listener) = (TlsAcceptor::from(Arc::new(config)), TcpListener::bind("127.0.0.1:0").await.unwrap());
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, own) = (acceptor.clone(), own.clone());
                tokio::spawn(async move {
                    // Who shows no certificate goes away here.
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let served = Builder::new(TokioExecutor::new());
                    let _ = served.serve_connection(TokioIo::new(stream), TowerToHyperService::new(own)).await;
                });
            }
        });
        port
    }
}

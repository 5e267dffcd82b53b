//! A handshake in which each side checks the other.

use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio_rustls::{
    TlsAcceptor, TlsConnector,
    rustls::{
        ClientConfig, RootCertStore, ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
        server::WebPkiClientVerifier,
    },
};

const GREETING: &[u8; 5] = b"hello";

/// What one side shows and believes: PEM, as files have it.
#[derive(Clone, PartialEq, Eq)]
pub struct Side {
    pub authority: Vec<u8>,
    /// Empty for one that shows none.
    pub certificate: Vec<u8>,
    pub key: Vec<u8>,
}

/// Which side would not talk to the other.
#[derive(Debug, thiserror::Error)]
#[error("the {by} refuses: {reason}")]
pub struct Refusal {
    pub by: &'static str,
    pub reason: String,
}

impl Side {
    /// Itself, and believing in what another believes in.
    pub fn trusting(&self, other: &Self) -> Self {
        Self { authority: other.authority.clone(), ..self.clone() }
    }

    pub fn without_certificate(&self) -> Self {
        Self { certificate: Vec::new(), key: Vec::new(), ..self.clone() }
    }

    /// The first of its certificates, as it is sent.
    pub fn own_certificate(&self) -> Result<Vec<u8>> {
        Ok(self.chain()?.first().context("a certificate")?.to_vec())
    }

    fn chain(&self) -> Result<Vec<CertificateDer<'static>>> {
        Ok(CertificateDer::pem_slice_iter(&self.certificate).collect::<Result<_, _>>()?)
    }

    fn key(&self) -> Result<PrivateKeyDer<'static>> {
        Ok(PrivateKeyDer::from_pem_slice(&self.key)?)
    }

    fn roots(&self) -> Result<Arc<RootCertStore>> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(&self.authority) {
            roots.add(certificate?)?;
        }
        Ok(Arc::new(roots))
    }

    fn acceptor(&self) -> Result<TlsAcceptor> {
        let clients = WebPkiClientVerifier::builder(self.roots()?).build()?;
        let config = ServerConfig::builder().with_client_cert_verifier(clients).with_single_cert(self.chain()?, self.key()?)?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    fn connector(&self) -> Result<TlsConnector> {
        let config = ClientConfig::builder().with_root_certificates(self.roots()?);
        let config = match self.certificate.is_empty() {
            true => config.with_no_client_auth(),
            false => config.with_client_auth_cert(self.chain()?, self.key()?)?,
        };
        Ok(TlsConnector::from(Arc::new(config)))
    }
}

/// A client that means to speak to `host` greets a server. Answers the certificate that the server saw, once its greeting has come back.
pub async fn meet(server: &Side, host: &str, client: &Side) -> Result<Result<Vec<u8>, Refusal>> {
    let (acceptor, connector) = (server.acceptor()?, client.connector()?);
    let (near, far) = duplex(64 * 1024);
    let serve = async {
        let mut stream = acceptor.accept(far).await?;
        let mut greeting = [0; GREETING.len()];
        stream.read_exact(&mut greeting).await?;
        stream.write_all(&greeting).await?;
        stream.shutdown().await?;
        let seen = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
        Ok::<_, std::io::Error>(seen.map(|certificate| certificate.to_vec()).unwrap_or_default())
    };
    let name = ServerName::try_from(host.to_owned())?;
    let speak = async {
        let mut stream = connector.connect(name, near).await?;
        stream.write_all(GREETING).await?;
        let mut greeting = [0; GREETING.len()];
        stream.read_exact(&mut greeting).await?;
        Ok::<_, std::io::Error>(greeting)
    };
    Ok(match tokio::join!(serve, speak) {
        (Ok(seen), Ok(greeting)) if greeting == *GREETING => Ok(seen),
        (served, spoken) => Err(refusal(served.err(), spoken.err())),
    })
}

/// Who refuses says why in its own words; the other only gets an alert, or finds the line cut.
fn refusal(server: Option<std::io::Error>, client: Option<std::io::Error>) -> Refusal {
    let words = |error: Option<std::io::Error>| error.map_or_else(String::new, |error| format!("{error:?}"));
    let (server, client) = (words(server), words(client));
    let told = |words: &str| words.contains("InvalidCertificate") || words.contains("NoCertificatesPresented");
    match told(&client) {
        true => Refusal { by: "client", reason: client },
        false => Refusal { by: "server", reason: server },
    }
}

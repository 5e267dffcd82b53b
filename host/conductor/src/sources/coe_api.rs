//! `coe-api`: HTTPS to the cluster's own API.
//!
//! The address comes from the driver, and so is not to be trusted. What makes it safe to call is TLS: only who has a certificate of the cluster's
//! own authority is spoken to, and nothing is sent before that is known.

use std::time::Duration;

use async_trait::async_trait;
use jeroboam_certificates::Certificates;
use jeroboam_model::{Cluster, ClusterId};
use jeroboam_plugins::interfaces::coe_api::{BODY_MAX, Method, Request, Response};
use jeroboam_plugins::{CoeApi, SourceError};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Identity, Url};
use zeroize::Zeroizing;

use super::issued::{Issued, Pair};
use crate::cause;

const CONNECT: Duration = Duration::from_secs(5);
/// When to come back to an API that does not answer.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Source {
    cluster: ClusterId,
    address: Option<String>,
    certificates: Certificates,
    issued: Issued,
}

impl Source {
    pub fn new(cluster: &Cluster, certificates: Certificates, issued: Issued) -> Self {
        Self { cluster: cluster.uuid, address: cluster.api_address.clone(), certificates, issued }
    }

    fn url(&self, path: &str) -> Result<Url, SourceError> {
        let address =
            self.address.as_deref().ok_or_else(|| SourceError::NotFound("the cluster has no api_address yet".to_owned()))?;
        within(address, path).ok_or_else(|| SourceError::Unsupported("the cluster's api_address is not one of https".to_owned()))
    }

    async fn client(&self, identity: Option<&str>) -> Result<Client, SourceError> {
        let own = self.certificates.client(&self.cluster).await.map_err(|error| SourceError::Internal(cause::chain(&error)))?;
        let pair = match identity {
            None => Pair { certificate: own.certificate_pem, private_key: own.private_key },
            Some(name) => {
                self.issued.get(name).ok_or_else(|| SourceError::NotFound(format!("no certificate was issued as {name}")))?
            }
        };
        let pem = Zeroizing::new(format!("{}\n{}\n", pair.certificate.trim_end(), pair.private_key.expose()));
        // What reqwest has to say of a key is not for a driver.
        let unusable = |_: reqwest::Error| SourceError::Internal("the cluster's certificates cannot be used".to_owned());
        Client::builder()
            .tls_certs_only([Certificate::from_pem(own.ca_pem.as_bytes()).map_err(unusable)?])
            .identity(Identity::from_pem(pem.as_bytes()).map_err(unusable)?)
            .https_only(true)
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .build()
            .map_err(unusable)
    }
}

/// The address with the path put in. Nothing in the path changes the host.
fn within(address: &str, path: &str) -> Option<Url> {
    let base = Url::parse(address).ok()?;
    let url = base.join(path).ok()?;
    let same = url.scheme() == "https" && url.host() == base.host() && url.port() == base.port();
    (same && base.username().is_empty() && base.password().is_none()).then_some(url)
}

#[async_trait]
impl CoeApi for Source {
    async fn send(&self, request: Request) -> Result<Response, SourceError> {
        let url = self.url(&request.path)?;
        let client = self.client(request.identity.as_deref()).await?;
        let mut sent = client.request(method(request.method), url).timeout(request.timeout).body(request.body);
        for (name, value) in &request.headers {
            sent = sent.header(name, value);
        }
        let mut answer = sent.send().await.map_err(unreachable)?;
        let headers =
            answer.headers().iter().filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
        let (status, headers) = (answer.status().as_u16(), headers.collect());
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > BODY_MAX {
                return Err(SourceError::Unsupported(format!("the answer has more than {BODY_MAX} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, headers, body })
    }
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Head => reqwest::Method::HEAD,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

fn unreachable(error: reqwest::Error) -> SourceError {
    SourceError::Unavailable {
        message: format!("the cluster's API does not answer: {}", cause::chain(&error.without_url())),
        after: PATIENCE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_with_the_clusters_address() {
        let url = |path| within("https://203.0.113.7:6443", path).map(|url| url.to_string());
        assert_eq!(url("/healthz?verbose").as_deref(), Some("https://203.0.113.7:6443/healthz?verbose"));
        assert_eq!(url("//evil.example/healthz"), None);
        assert_eq!(url("https://evil.example/"), None);
    }

    #[test]
    fn addresses_without_tls_or_with_credentials_are_not_called() {
        for address in ["http://203.0.113.7:8080", "https://a:b@203.0.113.7", "203.0.113.7", "file:///etc"] {
            assert_eq!(within(address, "/healthz"), None, "{address}");
        }
    }
}

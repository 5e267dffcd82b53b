//! `coe-api`: HTTP to the cluster's own API, with its certificates unless the cluster does without TLS.

use std::time::Duration;

use async_trait::async_trait;
use jeroboam_certificates::Certificates;
use jeroboam_model::{ClusterId, ClusterView};
use jeroboam_plugins::interfaces::coe_api::{BODY_MAX, Method, Request, Response};
use jeroboam_plugins::{CoeApi, SourceError};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, Identity};
use zeroize::Zeroizing;

use super::api_address::{self, ApiAddress};
use super::issued::{Issued, Pair};
use crate::cause;

const CONNECT: Duration = Duration::from_secs(5);
/// When to come back to an API that does not answer.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Source {
    cluster: ClusterId,
    address: Option<String>,
    /// Whether the API has no TLS.
    plain: bool,
    certificates: Certificates,
    issued: Issued,
}

impl Source {
    pub fn new(view: &ClusterView, certificates: Certificates, issued: Issued) -> Self {
        let plain = api_address::is_plain(&view.template);
        Self { cluster: view.cluster.uuid, address: view.cluster.api_address.clone(), plain, certificates, issued }
    }

    fn address(&self, path: &str) -> Result<ApiAddress, SourceError> {
        let address =
            self.address.as_deref().ok_or_else(|| SourceError::NotFound("the cluster has no api_address yet".to_owned()))?;
        ApiAddress::within(address, path, self.plain)
            .ok_or_else(|| SourceError::Unsupported("the cluster's api_address is not one that is called".to_owned()))
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
        builder()
            .tls_certs_only([Certificate::from_pem(own.ca_pem.as_bytes()).map_err(unusable)?])
            .identity(Identity::from_pem(pem.as_bytes()).map_err(unusable)?)
            .https_only(true)
            .build()
            .map_err(unusable)
    }
}

/// What holds for both protocols.
fn builder() -> ClientBuilder {
    Client::builder().redirect(Policy::none()).no_proxy().connect_timeout(CONNECT)
}

#[async_trait]
impl CoeApi for Source {
    async fn send(&self, request: Request) -> Result<Response, SourceError> {
        let (url, client) = match self.address(&request.path)? {
            ApiAddress::Tls(url) => (url, self.client(request.identity.as_deref()).await?),
            ApiAddress::Plain(url) => {
                let broken = |error: reqwest::Error| SourceError::Internal(cause::chain(&error));
                (url, builder().build().map_err(broken)?)
            }
        };
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

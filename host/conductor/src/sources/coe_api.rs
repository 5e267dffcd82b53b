//! `coe-api`: HTTP to the cluster's own API, with the cluster's own certificates wherever there is TLS; see [`super::coe_address`].

use std::time::Duration;

use async_trait::async_trait;
use jeroboam_certificates::Certificates;
use jeroboam_model::{ClusterId, ClusterView};
use jeroboam_plugins::interfaces::coe_api::{BODY_MAX, Method, Request, Response};
use jeroboam_plugins::{CoeApi, SourceError};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Identity};
use zeroize::Zeroizing;

use super::certificates;
use super::coe_address::{Address, Refused};
use super::issued::{Issued, Pair};
use crate::cause;

const CONNECT: Duration = Duration::from_secs(5);
/// When to come back to an API that does not answer.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Source {
    cluster: ClusterId,
    /// Nothing while it is not known.
    address: Option<Result<Address, Refused>>,
    certificates: Certificates,
    issued: Issued,
}

impl Source {
    pub fn new(view: &ClusterView, certificates: Certificates, issued: Issued) -> Self {
        let address = view.cluster.api_address.as_deref().map(|address| Address::decide(address, &view.template));
        Self { cluster: view.cluster.uuid, address, certificates, issued }
    }

    fn address(&self) -> Result<&Address, SourceError> {
        match &self.address {
            Some(Ok(address)) => Ok(address),
            Some(Err(refused)) => Err(SourceError::Unsupported(refused.to_string())),
            None => Err(SourceError::NotFound("the cluster has no api_address yet".to_owned())),
        }
    }

    fn plain_client() -> Result<Client, SourceError> {
        let unusable = |_: reqwest::Error| SourceError::Internal("no client can be made".to_owned());
        Client::builder().redirect(Policy::none()).no_proxy().connect_timeout(CONNECT).build().map_err(unusable)
    }

    async fn tls_client(&self, identity: Option<&str>) -> Result<Client, SourceError> {
        let own = self.certificates.client(&self.cluster).await.map_err(certificates::told)?;
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

#[async_trait]
impl CoeApi for Source {
    async fn send(&self, request: Request) -> Result<Response, SourceError> {
        let address = self.address()?;
        let url = address
            .at(&request.path)
            .ok_or_else(|| SourceError::Unsupported("the path leads away from the cluster's api_address".to_owned()))?;
        let client = if address.tls { self.tls_client(request.identity.as_deref()).await? } else { Self::plain_client()? };
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

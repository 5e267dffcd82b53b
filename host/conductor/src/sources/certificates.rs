//! `certificates`: the cluster's authorities.

use async_trait::async_trait;
use jeroboam_certificates::{CertificateError, Certificates as Authorities, SignError};
use jeroboam_model::{Authority, ClusterId};
use jeroboam_plugins::{Certificates, SourceError};

use super::issued::{self, Issued};
use super::refusal;
use crate::cause;

pub(super) struct Source {
    cluster: ClusterId,
    authorities: Authorities,
    issued: Issued,
}

impl Source {
    pub fn new(cluster: ClusterId, authorities: Authorities, issued: Issued) -> Self {
        Self { cluster, authorities, issued }
    }
}

#[async_trait]
impl Certificates for Source {
    async fn get_ca(&self, authority: Authority) -> Result<String, SourceError> {
        self.authorities.ca(&self.cluster, authority).await.map_err(told)
    }

    async fn sign(&self, authority: Authority, request: &str) -> Result<String, SourceError> {
        self.authorities.sign(&self.cluster, authority, request).await.map_err(refused)
    }

    async fn issue(&self, authority: Authority, common_name: &str, organizations: &[String]) -> Result<String, SourceError> {
        let (request, private_key) = issued::request(common_name, organizations)?;
        let certificate = self.sign(authority, &request).await?;
        Ok(self.issued.keep(certificate, private_key))
    }
}

fn refused(error: SignError) -> SourceError {
    match error {
        SignError::Certificates(error) => told(error),
        error => SourceError::Unsupported(cause::chain(&error)),
    }
}

/// What a driver is told when certificates are not to be had.
pub(super) fn told(error: CertificateError) -> SourceError {
    match error {
        CertificateError::Barbican(error) => refusal::told(error),
        error => SourceError::NotFound(cause::chain(&error)),
    }
}

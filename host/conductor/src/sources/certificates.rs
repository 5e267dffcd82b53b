//! `certificates`: the cluster's authorities.

use async_trait::async_trait;
use jeroboam_certificates::{Certificates as Authorities, SignError};
use jeroboam_model::{Authority, ClusterId};
use jeroboam_plugins::{Certificates, SourceError};

use super::issued::{self, Issued};
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
        self.authorities.ca(&self.cluster, authority).await.map_err(|error| SourceError::NotFound(cause::chain(&error)))
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
    SourceError::Unsupported(cause::chain(&error))
}

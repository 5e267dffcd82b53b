//! `certificates`: this cluster's certificate authorities.

use async_trait::async_trait;
use jeroboam_model::Authority;

use crate::{
    Interface, Phase,
    bindings::jeroboam::coe::certificates as wit,
    phase::Rule,
    source::{HostError, Nothing, SourceError},
    state::CallState,
};

/// Where [`certificates`](self) come from. A source is made for one cluster.
#[async_trait]
pub trait Certificates: Send + Sync {
    /// PEM of the authority's certificate.
    async fn get_ca(&self, authority: Authority) -> Result<String, SourceError>;

    /// Signs a PEM certificate request under the host's fixed profile.
    async fn sign(&self, authority: Authority, request: &str) -> Result<String, SourceError>;

    /// Makes a pair that stays with the host, and answers the name that `coe-api` can use it by.
    async fn issue(&self, authority: Authority, common_name: &str, organizations: &[String]) -> Result<String, SourceError>;
}

pub(crate) const fn rule(phase: Phase) -> Rule {
    if matches!(phase, Phase::BeforeDelete | Phase::CheckHealth) { Rule::Allow } else { Rule::Trap }
}

impl wit::Host for CallState {
    async fn get_ca(&mut self, authority: wit::Authority) -> Result<String, HostError> {
        self.enter(Interface::Certificates, true, 0)?;
        let pem = self.sources.certificates.clone().get_ca(authority.into()).await?;
        self.received(&pem)?;
        Ok(pem)
    }

    async fn sign(&mut self, authority: wit::Authority, request: String) -> Result<String, HostError> {
        self.enter(Interface::Certificates, true, request.len())?;
        let pem = self.sources.certificates.clone().sign(authority.into(), &request).await?;
        self.received(&pem)?;
        Ok(pem)
    }

    async fn issue(
        &mut self,
        authority: wit::Authority,
        common_name: String,
        organizations: Vec<String>,
    ) -> Result<String, HostError> {
        let sent = common_name.len() + organizations.iter().map(String::len).sum::<usize>();
        self.enter(Interface::Certificates, true, sent)?;
        let name = self.sources.certificates.clone().issue(authority.into(), &common_name, &organizations).await?;
        self.received(&name)?;
        Ok(name)
    }
}

impl From<wit::Authority> for Authority {
    fn from(authority: wit::Authority) -> Self {
        match authority {
            wit::Authority::Kubernetes => Self::Kubernetes,
            wit::Authority::Etcd => Self::Etcd,
            wit::Authority::FrontProxy => Self::FrontProxy,
        }
    }
}

#[async_trait]
impl Certificates for Nothing {
    async fn get_ca(&self, _: Authority) -> Result<String, SourceError> {
        Self::denied()
    }
    async fn sign(&self, _: Authority, _: &str) -> Result<String, SourceError> {
        Self::denied()
    }
    async fn issue(&self, _: Authority, _: &str, _: &[String]) -> Result<String, SourceError> {
        Self::denied()
    }
}

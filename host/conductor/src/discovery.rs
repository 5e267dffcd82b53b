//! Where the members of a cluster's etcd find each other, for drivers that ask for it: what the owner named, else what the operator's endpoint gives, else what this
//! service keeps itself.

use std::str::FromStr;
use std::time::Duration;

use jeroboam_model::discovery::{Discovery, DiscoveryOwner};
use jeroboam_model::{Cluster, Fault, NodeGroup, Role};
use url::Url;

use crate::cause;
use crate::policy::Failure;
use crate::shared::Shared;

/// Where the operator wants discoveries to be made: `[cluster] etcd_discovery_service_endpoint_format`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiscoveryEndpoint(String);

/// The text is no such endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an http or https address with %(size)d where the number of members belongs")]
pub struct NoEndpoint;

const SIZE: &str = "%(size)d";
/// For the whole of a request.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest answer: an address, and a newline.
const MAX_ANSWER: usize = 1024;

/// Whether the cluster still lacks what its driver asks for.
async fn is_missing(shared: &Shared, cluster: &Cluster) -> bool {
    let named = cluster.discovery_url.as_deref().is_some_and(|url| !url.is_empty());
    !named && shared.driver_of(cluster).await.is_ok_and(|driver| driver.description().features.etcd_discovery)
}

/// One of our own for a cluster that is about to be stored, to be stored with it.
pub(crate) async fn own(shared: &Shared, cluster: &Cluster, groups: &[NodeGroup]) -> Option<Discovery> {
    let ours = shared.config.discovery.is_none() && is_missing(shared, cluster).await;
    ours.then(|| Discovery::new(DiscoveryOwner::Cluster(cluster.uuid), masters(groups.iter())))
}

/// The address of a new one at the operator's endpoint; nothing for clusters that need none, or have one.
pub(crate) async fn elsewhere<'a>(
    shared: &Shared,
    cluster: &Cluster,
    groups: impl Iterator<Item = &'a NodeGroup>,
) -> Result<Option<String>, Failure> {
    match &shared.config.discovery {
        Some(endpoint) if is_missing(shared, cluster).await => endpoint.fetch(masters(groups)).await.map(Some),
        _ => Ok(None),
    }
}

/// The members of etcd: it runs on the masters that a cluster begins with.
fn masters<'a>(groups: impl Iterator<Item = &'a NodeGroup>) -> u32 {
    groups.filter(|group| group.is_default && group.role == Role::Master).map(|group| group.node_count).sum()
}

impl DiscoveryEndpoint {
    fn url(&self, size: u32) -> Option<Url> {
        http(&self.0.replace(SIZE, &size.to_string()))
    }

    async fn fetch(&self, size: u32) -> Result<String, Failure> {
        let url = self.url(size).ok_or_else(|| Failure::lasting(Fault::Host, NoEndpoint.to_string()))?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let mend = |failure: Failure| {
            failure.advise(
                "Check [cluster] etcd_discovery_service_endpoint_format; without it, this service is the endpoint itself.",
            )
        };
        let down = |error: reqwest::Error| {
            let text = cause::chain(&error.without_url());
            mend(Failure::passing(Fault::Cloud, format!("The etcd discovery endpoint at {host} does not answer: {text}")))
        };
        let client = reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).build();
        let mut answer = client.map_err(down)?.get(url).send().await.map_err(down)?;
        let status = answer.status();
        if status.is_server_error() || status.as_u16() == 429 {
            return Err(mend(Failure::passing(Fault::Cloud, format!("The etcd discovery endpoint at {host} answers {status}"))));
        }
        if !status.is_success() {
            return Err(mend(Failure::lasting(Fault::Host, format!("The etcd discovery endpoint at {host} answers {status}"))));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(down)? {
            if body.len() + chunk.len() > MAX_ANSWER {
                break;
            }
            body.extend_from_slice(&chunk);
        }
        let found = std::str::from_utf8(&body).ok().map(str::trim).and_then(http);
        let nonsense = || Failure::lasting(Fault::Host, format!("The etcd discovery endpoint at {host} answers with no address"));
        found.map(String::from).ok_or_else(|| mend(nonsense()))
    }
}

impl FromStr for DiscoveryEndpoint {
    type Err = NoEndpoint;

    fn from_str(text: &str) -> Result<Self, NoEndpoint> {
        let endpoint = Self(text.to_owned());
        if text.contains(SIZE) && endpoint.url(1).is_some() { Ok(endpoint) } else { Err(NoEndpoint) }
    }
}

fn http(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_an_address_with_a_place_for_the_size() {
        let endpoint: DiscoveryEndpoint = "https://discovery.etcd.io/new?size=%(size)d".parse().unwrap();
        assert_eq!(endpoint.url(3).unwrap().as_str(), "https://discovery.etcd.io/new?size=3");
        for text in ["", "https://discovery.etcd.io/new", "file:///%(size)d", "discovery/%(size)d"] {
            assert_eq!(text.parse::<DiscoveryEndpoint>(), Err(NoEndpoint), "{text}");
        }
    }
}

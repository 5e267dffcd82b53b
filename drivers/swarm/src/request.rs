//! What this driver reads of a template or a cluster besides what all drivers do.

use jeroboam_driver_common::{Request, given};
use jeroboam_driver_sdk::{Error, Ipv4Cidr, invalid};

use crate::labels;

/// Swarm's port by convention, with TLS and without.
const PORT: u16 = 2376;
/// Those that masters use otherwise: SSH and etcd.
const TAKEN: &[u16] = &[2379, 2380];

/// How containers of different nodes reach each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkDriver {
    /// Overlay networks that users make.
    Docker,
    /// One network for all containers.
    Flannel(Flannel),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flannel {
    pub network: Ipv4Cidr,
    /// Prefix length of one node's share.
    pub prefix: i64,
}

impl NetworkDriver {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Flannel(_) => "flannel",
        }
    }
}

pub trait SwarmRequest {
    /// The port of Swarm's API on masters and on their load balancer.
    fn api_port(&self) -> u16;

    /// Whether that port can be had.
    fn check_api_port(&self) -> Result<(), Error>;

    /// Whether the API asks for certificates.
    fn has_tls(&self) -> bool;

    /// The network driver; Docker's own if nobody chose one. `nodes`: their addresses.
    fn network_driver(&self, nodes: Ipv4Cidr) -> Result<NetworkDriver, Error>;
}

impl SwarmRequest for Request<'_> {
    fn api_port(&self) -> u16 {
        self.template.apiserver_port.unwrap_or(PORT)
    }

    fn check_api_port(&self) -> Result<(), Error> {
        let port = self.api_port();
        if TAKEN.contains(&port) {
            return Err(invalid("apiserver_port", format!("port {port} is etcd's on the masters: use another")));
        }
        Ok(())
    }

    fn has_tls(&self) -> bool {
        !self.template.tls_disabled
    }

    fn network_driver(&self, nodes: Ipv4Cidr) -> Result<NetworkDriver, Error> {
        match given(self.template.network_driver.as_deref()) {
            None | Some("docker") => Ok(NetworkDriver::Docker),
            Some("flannel") => flannel(self, nodes).map(NetworkDriver::Flannel),
            Some(other) => Err(invalid("network_driver", format!("network driver {other} is not one of: docker, flannel"))),
        }
    }
}

fn flannel(request: &Request<'_>, nodes: Ipv4Cidr) -> Result<Flannel, Error> {
    let network = labels::FLANNEL_NETWORK_CIDR.get(request.labels)?;
    let prefix = labels::FLANNEL_NETWORK_SUBNETLEN.get(request.labels)?;
    if network.overlaps(nodes) {
        return Err(labels::FLANNEL_NETWORK_CIDR.invalid(&format!("is {network}, which overlaps the nodes' network {nodes}")));
    }
    // flannel leaves out the first and the last subnet.
    if prefix < i64::from(network.prefix()) + 2 {
        let rule = format!("is {prefix}, and {network} has no room for several nodes' shares of that size");
        return Err(labels::FLANNEL_NETWORK_SUBNETLEN.invalid(&rule));
    }
    Ok(Flannel { network, prefix })
}

//! The three networks of a cluster, which must not overlap, and the addresses that follow from them.

use std::net::Ipv4Addr;

use jeroboam_driver_common::{Request, network::NodeNetwork};
use jeroboam_driver_sdk::{Error, Ipv4Cidr, internal};

use crate::{
    addons, labels,
    request::{KubernetesRequest, NetworkDriver},
};

#[derive(Clone, Copy, Debug)]
pub struct Addresses {
    pub pods: Ipv4Cidr,
    pub services: Ipv4Cidr,
    pub nodes: Ipv4Cidr,
    /// The API's, as pods see it.
    pub api_service: Ipv4Addr,
    pub dns_service: Ipv4Addr,
    /// Prefix length of one node's share of `pods`.
    pub node_prefix: i64,
}

impl Addresses {
    /// Those of a cluster whose network is there, or is to be made.
    pub fn of_nodes(request: &Request<'_>) -> Result<Self, Error> {
        Self::resolve(request, NodeNetwork::resolve(request)?.cidr)
    }

    /// `nodes`: the addresses of the subnet that they are in.
    pub fn resolve(request: &Request<'_>, nodes: Ipv4Cidr) -> Result<Self, Error> {
        let labels = request.labels;
        let (pods, pods_label) = match request.network_driver()? {
            NetworkDriver::Flannel => (labels::FLANNEL_NETWORK_CIDR.get(labels)?, &labels::FLANNEL_NETWORK_CIDR),
            NetworkDriver::Calico => (labels::CALICO_IPV4POOL.get(labels)?, &labels::CALICO_IPV4POOL),
            NetworkDriver::Cilium => (addons::labels::CILIUM_IPV4POOL.get(labels)?, &addons::labels::CILIUM_IPV4POOL),
        };
        let services = labels::SERVICE_CLUSTER_IP_RANGE.get(labels)?;
        let node_prefix = labels::FLANNEL_NETWORK_SUBNETLEN.get(labels)?;

        if services.prefix() < 12 || services.prefix() > 28 {
            return Err(labels::SERVICE_CLUSTER_IP_RANGE.invalid("has to have a prefix from /12 to /28"));
        }
        if i64::from(pods.prefix()) >= node_prefix || node_prefix - i64::from(pods.prefix()) > 16 {
            let rule = format!("has to be longer than the prefix of the pods' network {pods}, by at most 16");
            return Err(labels::FLANNEL_NETWORK_SUBNETLEN.invalid(&rule));
        }
        if pods.overlaps(services) {
            return Err(
                labels::SERVICE_CLUSTER_IP_RANGE.invalid(&format!("is {services}, which overlaps the pods' network {pods}"))
            );
        }
        if pods.overlaps(nodes) {
            return Err(pods_label.invalid(&format!("is {pods}, which overlaps the nodes' network {nodes}")));
        }
        if services.overlaps(nodes) {
            return Err(
                labels::SERVICE_CLUSTER_IP_RANGE.invalid(&format!("is {services}, which overlaps the nodes' network {nodes}"))
            );
        }
        let nth = |number| services.nth(number).ok_or_else(|| internal(format!("{services} has no address {number}")));
        Ok(Self { pods, services, nodes, api_service: nth(1)?, dns_service: nth(10)?, node_prefix })
    }
}

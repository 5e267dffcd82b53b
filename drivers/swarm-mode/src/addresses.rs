//! The two networks of a cluster, which must not overlap.

use jeroboam_driver_sdk::{Error, Ipv4Cidr, Pair};

use crate::labels;

#[derive(Clone, Copy, Debug)]
pub struct Overlay {
    /// What the swarm takes its networks from.
    pub pool: Ipv4Cidr,
    /// Prefix length of each.
    pub prefix: i64,
}

impl Overlay {
    /// `nodes`: their addresses.
    pub fn resolve(labels: &[Pair], nodes: Ipv4Cidr) -> Result<Self, Error> {
        let pool = labels::SWARM_NETWORK_CIDR.get(labels)?;
        let prefix = labels::SWARM_NETWORK_SUBNETLEN.get(labels)?;
        if pool.overlaps(nodes) {
            return Err(labels::SWARM_NETWORK_CIDR.invalid(&format!("is {pool}, which overlaps the nodes' network {nodes}")));
        }
        if prefix < i64::from(pool.prefix()) {
            return Err(labels::SWARM_NETWORK_SUBNETLEN.invalid(&format!("is {prefix}, larger than all of the pool {pool}")));
        }
        Ok(Self { pool, prefix })
    }
}

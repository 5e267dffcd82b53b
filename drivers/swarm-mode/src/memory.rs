//! What the cluster's stack says once, and the stacks of further groups have to know: the host keeps it among the cluster's extras.

use jeroboam_driver_common::{Outputs, request::value_of};
use jeroboam_driver_sdk::{Cluster, Error, Pair, errors::unavailable};

/// Ids and addresses within the cluster's stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    pub fixed_network: String,
    pub fixed_subnet: String,
    pub worker_security_groups: Vec<String>,
    pub primary_server: String,
    pub primary_address: String,
    pub secondary_addresses: Vec<String>,
}

const FIXED_NETWORK: &str = "fixed-network";
const FIXED_SUBNET: &str = "fixed-subnet";
const SECURITY_GROUPS: &str = "worker-security-groups";
const PRIMARY_SERVER: &str = "primary-server";
const PRIMARY_ADDRESS: &str = "primary-address";
const SECONDARY_ADDRESSES: &str = "secondary-addresses";

impl Memory {
    /// Nothing while some outputs are missing.
    pub fn of_outputs(outputs: &Outputs) -> Option<Self> {
        Some(Self {
            fixed_network: outputs.text("fixed_network")?,
            fixed_subnet: outputs.text("fixed_subnet")?,
            worker_security_groups: Some(outputs.texts("worker_security_groups")).filter(|ids| !ids.is_empty())?,
            primary_server: outputs.text("primary_server")?,
            primary_address: outputs.texts("swarm_primary_master_private").into_iter().next()?,
            secondary_addresses: outputs.texts("swarm_secondary_masters_private"),
        })
    }

    pub fn into_extras(self) -> Vec<Pair> {
        let pair = |name: &str, value: String| (name.to_owned(), value);
        vec![
            pair(FIXED_NETWORK, self.fixed_network),
            pair(FIXED_SUBNET, self.fixed_subnet),
            pair(SECURITY_GROUPS, self.worker_security_groups.join(",")),
            pair(PRIMARY_SERVER, self.primary_server),
            pair(PRIMARY_ADDRESS, self.primary_address),
            pair(SECONDARY_ADDRESSES, self.secondary_addresses.join(",")),
        ]
    }

    pub fn of(cluster: &Cluster) -> Result<Self, Error> {
        let recall = |name: &str| {
            let missing =
                || unavailable(format!("the cluster's stack has not been read yet: nothing is known of its {name}"), 10_000);
            value_of(&cluster.extras, name).map(str::to_owned).ok_or_else(missing)
        };
        let list = |text: String| text.split(',').filter(|item| !item.is_empty()).map(str::to_owned).collect();
        Ok(Self {
            fixed_network: recall(FIXED_NETWORK)?,
            fixed_subnet: recall(FIXED_SUBNET)?,
            worker_security_groups: recall(SECURITY_GROUPS).map(list)?,
            primary_server: recall(PRIMARY_SERVER)?,
            primary_address: recall(PRIMARY_ADDRESS)?,
            secondary_addresses: recall(SECONDARY_ADDRESSES).map(list)?,
        })
    }
}

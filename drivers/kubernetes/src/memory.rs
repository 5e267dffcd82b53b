//! What the stacks of further groups, and later changes, have to know of the cluster's own stack. It is read from that stack's outputs, kept by the host with the
//! cluster, and comes back in `Cluster::extras`.

use jeroboam_driver_common::{Outputs, request::value_of};
use jeroboam_driver_sdk::{Cluster, Error, Pair, errors::unavailable};
use serde_json::Value;

/// One thing: its name among the extras, and the output that tells it.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    extra: &'static str,
    output: &'static str,
}

pub const FIXED_NETWORK: Memory = Memory { extra: "fixed-network", output: "fixed_network" };
pub const FIXED_SUBNET: Memory = Memory { extra: "fixed-subnet", output: "fixed_subnet" };
/// Separated by commas.
pub const SECURITY_GROUPS: Memory = Memory { extra: "worker-security-groups", output: "worker_security_groups" };
pub const API_PRIVATE_ADDRESS: Memory = Memory { extra: "api-private-address", output: "api_private_address" };
/// The server that drains nodes.
pub const FIRST_MASTER: Memory = Memory { extra: "first-master", output: "first_master" };
/// How many masters there are.
pub const MASTERS: Memory = Memory { extra: "masters", output: "number_of_masters" };

const ALL: [Memory; 6] = [FIXED_NETWORK, FIXED_SUBNET, SECURITY_GROUPS, API_PRIVATE_ADDRESS, FIRST_MASTER, MASTERS];

impl Memory {
    /// Nothing before the cluster's stack was read for the first time.
    pub fn find(self, cluster: &Cluster) -> Option<&str> {
        value_of(&cluster.extras, self.extra)
    }

    /// What a stack cannot be defined without.
    pub fn get(self, cluster: &Cluster) -> Result<&str, Error> {
        let missing = || unavailable(format!("the cluster's own stack has not told its {} yet", self.output), 10_000);
        self.find(cluster).ok_or_else(missing)
    }
}

/// What there is to remember: all that the outputs tell.
pub fn read(outputs: &Outputs) -> Vec<Pair> {
    let text = |value: &Value| match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            texts.filter(|texts| !texts.is_empty()).map(|texts| texts.join(","))
        }
        _ => None,
    };
    let one = |memory: &Memory| Some((memory.extra.to_owned(), text(outputs.value(memory.output)?)?));
    ALL.iter().filter_map(one).collect()
}

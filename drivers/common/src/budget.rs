//! How many resources a stack may hold: Heat refuses more than so many, and it is better to say so before anything is made.

use jeroboam_driver_sdk::{Error, invalid, settings};

/// Heat's own default of `max_resources_per_stack`, which counts nested stacks and their resources too.
pub const HEAT_LIMIT: u64 = 1000;

/// What `network.yaml` holds besides itself, unless the network exists: network, subnet, router and its interface.
pub const OWN_NETWORK: u64 = 4;
/// What `load-balancer.yaml` holds, itself included: load balancer, listener and pool.
pub const LOAD_BALANCER: u64 = 4;
/// A volume and its attachment.
pub const VOLUME: u64 = 2;

/// The limit that holds: the option `max_resources_per_stack` of the driver's section, else Heat's default.
pub fn limit() -> u64 {
    settings::get("max_resources_per_stack").and_then(|text| text.trim().parse().ok()).unwrap_or(HEAT_LIMIT)
}

/// Refuses a stack that Heat would refuse. `stack` names it: "the cluster's stack".
pub fn check(stack: &str, resources: u64) -> Result<(), Error> {
    let limit = limit();
    if resources > limit {
        let message = format!(
            "{stack} would hold {resources} resources, and Heat allows {limit} (max_resources_per_stack): ask for fewer nodes"
        );
        return Err(invalid("node_count", message));
    }
    Ok(())
}

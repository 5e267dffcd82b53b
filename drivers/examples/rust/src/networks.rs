//! Names of networks, turned into ids.

use jeroboam_driver_sdk::{Cluster, Error, errors::blame, invalid, lookup};

/// Ids; empty for those that there are none of.
pub struct Networks {
    pub external: String,
    pub fixed: String,
    pub subnet: String,
}

impl Networks {
    pub fn of(cluster: &Cluster) -> Result<Self, Error> {
        let external = match &cluster.template.external_network {
            Some(name) => lookup::get_external_network(name).map_err(blame("external_network_id"))?.id,
            None => String::new(),
        };
        let Some(name) = &cluster.fixed_network else {
            return Ok(Self { external, fixed: String::new(), subnet: String::new() });
        };
        let fixed = lookup::get_network(name).map_err(blame("fixed_network"))?;
        let subnet = match &cluster.fixed_subnet {
            Some(name) => lookup::get_subnet(name).map_err(blame("fixed_subnet"))?.id,
            None => {
                fixed.subnets.first().cloned().ok_or_else(|| invalid("fixed_network", format!("network {name} has no subnet")))?
            }
        };
        Ok(Self { external, fixed: fixed.id, subnet })
    }
}

//! The network that nodes are attached to: looked up where one is named, else made by the stack.

use jeroboam_driver_sdk::{Error, Ipv4Cidr, errors::blame, invalid, labels, lookup};

use crate::{
    Parameters, load_balancer,
    request::{Request, given},
};

labels! {
    FIXED_SUBNET_CIDR = "fixed_subnet_cidr": cidr, default "10.0.0.0/24", since "0.1.0", "Addresses of nodes, where the driver makes the network.";
}

/// Where nodes are, as far as it is known before the stack is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeNetwork {
    /// Nothing: the stack makes one.
    pub existing: Option<Existing>,
    /// Id of the network of floating IPs and of the router, if any.
    pub external: Option<String>,
    /// Addresses of nodes.
    pub cidr: Ipv4Cidr,
}

/// Ids of a network and one of its subnets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existing {
    pub network: String,
    pub subnet: String,
    pub cidr: Ipv4Cidr,
}

impl NodeNetwork {
    pub fn resolve(request: &Request<'_>) -> Result<Self, Error> {
        let existing = existing(request)?;
        let cidr = match &existing {
            Some(existing) => existing.cidr,
            None => FIXED_SUBNET_CIDR.get(request.labels)?,
        };
        Ok(Self { external: external(request)?, existing, cidr })
    }

    /// The parameters `external_network`, `fixed_network`, `fixed_subnet`, `fixed_network_name`, `fixed_subnet_cidr` and
    /// `dns_nameserver`, which a driver's template hands to `network.yaml`.
    pub fn add_to(&self, parameters: &mut Parameters, request: &Request<'_>, name: &str) {
        parameters.add("external_network", self.external.as_deref().unwrap_or_default());
        parameters.add("fixed_network", self.existing.as_ref().map_or("", |existing| &existing.network));
        parameters.add("fixed_subnet", self.existing.as_ref().map_or("", |existing| &existing.subnet));
        parameters.add("fixed_network_name", name);
        parameters.add("fixed_subnet_cidr", self.cidr.to_string());
        parameters.add_list("dns_nameserver", &request.template.dns_nameservers);
    }
}

/// The network to use; nothing: the stack makes one.
pub fn existing(request: &Request<'_>) -> Result<Option<Existing>, Error> {
    let subnet = match (request.fixed_network, request.fixed_subnet) {
        (None, None) => return Ok(None),
        (network, Some(name)) => {
            let subnet = lookup::get_subnet(name).map_err(blame("fixed_subnet"))?;
            if let Some(name) = network {
                let network = lookup::get_network(name).map_err(blame("fixed_network"))?;
                if network.id != subnet.network_id {
                    return Err(invalid("fixed_subnet", format!("subnet {} is not of network {}", subnet.name, network.name)));
                }
            }
            subnet
        }
        (Some(name), None) => {
            let network = lookup::get_network(name).map_err(blame("fixed_network"))?;
            first_ipv4(&network)?
        }
    };
    if subnet.ip_version != 4 {
        return Err(invalid("fixed_subnet", format!("subnet {} is IPv{}: nodes need IPv4", subnet.name, subnet.ip_version)));
    }
    let cidr = subnet
        .cidr
        .parse()
        .map_err(|_| invalid("fixed_subnet", format!("subnet {} has the odd CIDR {}", subnet.name, subnet.cidr)))?;
    Ok(Some(Existing { network: subnet.network_id, subnet: subnet.id, cidr }))
}

fn first_ipv4(network: &lookup::Network) -> Result<lookup::Subnet, Error> {
    for id in &network.subnets {
        let subnet = lookup::get_subnet(id).map_err(blame("fixed_network"))?;
        if subnet.ip_version == 4 {
            return Ok(subnet);
        }
    }
    Err(invalid("fixed_network", format!("network {} has no IPv4 subnet", network.name)))
}

/// The id of the external network; nothing if the cluster has none and needs none.
pub fn external(request: &Request<'_>) -> Result<Option<String>, Error> {
    if let Some(name) = given(request.template.external_network.as_deref()) {
        return Ok(Some(lookup::get_external_network(name).map_err(blame("external_network_id"))?.id));
    }
    let purpose = if request.makes_network() {
        "the router of the network that is made for the cluster"
    } else if request.floating_ip_enabled || load_balancer::is_public(request)? {
        "floating IPs"
    } else {
        return Ok(None);
    };
    Err(invalid("external_network_id", format!("name an external network: it is needed for {purpose}")))
}

//! The load balancer before the masters.

use jeroboam_driver_sdk::{Error, Ipv4Cidr, labels, settings::Platform};

use crate::{Findings, Parameters, Request, budget};

labels! {
    MASTER_LB_FLOATING_IP_ENABLED = "master_lb_floating_ip_enabled": boolean, since "0.1.0", "Whether the load balancer of the API gets a floating IP. Without this label it does if floating IPs are enabled.";
    MASTER_LB_ALLOWED_CIDRS = "master_lb_allowed_cidrs": choices(), default "", since "0.1.0", "Networks in CIDR notation that may reach the load balancer of the API; the nodes' own is added. Empty: everybody.";
    OCTAVIA_PROVIDER = "octavia_provider": text, default "amphora", since "0.1.0", "Octavia's provider driver, for the API's load balancer and for those that the cluster makes.";
    OCTAVIA_LB_ALGORITHM = "octavia_lb_algorithm": choice("ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP", "SOURCE_IP_PORT"), default "ROUND_ROBIN", since "0.1.0", "How load balancers spread requests; the provider ovn knows only SOURCE_IP_PORT.";
    OCTAVIA_LB_HEALTHCHECK = "octavia_lb_healthcheck": boolean, default "true", since "0.1.0", "Whether load balancers leave out members that do not answer.";
}

/// Whether there is one with a public address.
pub fn is_public(request: &Request<'_>) -> Result<bool, Error> {
    let asked = MASTER_LB_FLOATING_IP_ENABLED.find(request.labels)?;
    Ok(request.master_lb_enabled && asked.unwrap_or(request.floating_ip_enabled))
}

/// The parameters `master_lb_enabled`, `master_lb_floating_ip_enabled`, `master_lb_restricted`, `master_lb_allowed_cidrs`, `octavia_provider`,
/// `octavia_lb_algorithm` and `octavia_lb_healthcheck`, which a driver's template hands to `load-balancer.yaml`. `nodes`: their addresses.
pub fn add_to(parameters: &mut Parameters, request: &Request<'_>, nodes: Ipv4Cidr) -> Result<(), Error> {
    let labels = request.labels;
    let mut allowed: Vec<String> = MASTER_LB_ALLOWED_CIDRS.get(labels)?.into_iter().map(str::to_owned).collect();
    let restricted = !allowed.is_empty();
    if restricted {
        // Workers come to the API through the load balancer as well.
        allowed.push(nodes.to_string());
    }
    parameters.add("master_lb_enabled", request.master_lb_enabled);
    parameters.add("master_lb_floating_ip_enabled", is_public(request)?);
    parameters.add("master_lb_restricted", restricted);
    parameters.add_list("master_lb_allowed_cidrs", &allowed);
    parameters.add("octavia_provider", OCTAVIA_PROVIDER.get(labels)?);
    parameters.add("octavia_lb_algorithm", OCTAVIA_LB_ALGORITHM.get(labels)?);
    parameters.add("octavia_lb_healthcheck", OCTAVIA_LB_HEALTHCHECK.get(labels)?);
    Ok(())
}

/// The resources that it takes; each master's membership in the pool is 1 besides.
pub fn resources(request: &Request<'_>) -> Result<u64, Error> {
    if !request.master_lb_enabled {
        return Ok(0);
    }
    let monitor = u64::from(OCTAVIA_LB_HEALTHCHECK.get(request.labels)?);
    Ok(budget::LOAD_BALANCER + monitor + u64::from(is_public(request)?))
}

/// What can be known to be wrong with it.
pub fn check(request: &Request<'_>, platform: &Platform, findings: &mut Findings) -> Result<(), Error> {
    let labels = request.labels;
    if request.master_lb_enabled && !platform.load_balancers {
        findings.refuse("master_lb_enabled", "the cloud has no load balancers (Octavia): use one master and no load balancer");
    }
    for cidr in findings.note(MASTER_LB_ALLOWED_CIDRS.get(labels))?.unwrap_or_default() {
        if let Err(error) = cidr.parse::<Ipv4Cidr>() {
            findings.note(Err::<(), _>(MASTER_LB_ALLOWED_CIDRS.invalid(&format!("names {cidr}, which {error}"))))?;
        }
    }
    findings.note(MASTER_LB_FLOATING_IP_ENABLED.find(labels))?;
    findings.note(OCTAVIA_LB_HEALTHCHECK.get(labels))?;
    let algorithm = findings.note(OCTAVIA_LB_ALGORITHM.get(labels))?;
    if OCTAVIA_PROVIDER.get(labels)? == "ovn" && algorithm != Some("SOURCE_IP_PORT") {
        findings.note(Err::<(), _>(OCTAVIA_LB_ALGORITHM.invalid("has to be SOURCE_IP_PORT with the provider ovn")))?;
    }
    Ok(())
}

//! What can be known to be wrong before anything is made.

use jeroboam_driver_common::{
    DefaultGroups, Findings, OperatingSystem, Request, docker::StorageDriver, images, load_balancer, machine,
    network::NodeNetwork, request::container_volume, rexray, volumes,
};
use jeroboam_driver_sdk::{Cluster, ClusterTemplate, Error, NodeGroup, Warning, settings, unsupported};

use crate::{labels, registry, request::SwarmRequest, size};

pub fn template(template: &ClusterTemplate) -> Result<Vec<Warning>, Error> {
    let mut findings = Findings::default();
    let driver = common(&template.into(), &mut findings)?;
    // A cluster may bring a size of its own, so none is no fault yet.
    if let (Some(driver), Some(size)) = (driver, template.docker_volume_size) {
        findings.note(driver.check_volume(size))?;
    }
    findings.finish()
}

pub fn cluster(cluster: &Cluster) -> Result<Vec<Warning>, Error> {
    let platform = settings::get_platform();
    let groups = DefaultGroups::of(cluster)?;
    if let Some(further) = cluster.groups.iter().find(|group| !group.is_default) {
        return Err(unsupported(format!("node group {}: this driver makes the two default groups only", further.name)));
    }
    let mut findings = Findings::default();
    let driver = common(&cluster.into(), &mut findings)?;
    masters(cluster, groups.masters, &mut findings);
    for group in [groups.masters, groups.workers] {
        findings.note(machine::check(group, cluster, &platform))?;
        if let Some(driver) = driver {
            findings.note(driver.check_volume(container_volume(cluster, group)))?;
        }
    }
    machine::check_keypair(cluster, &mut findings)?;
    findings.note(size::check(cluster))?;
    findings.finish()
}

/// Answers the storage driver if that is as it should be.
fn common(request: &Request<'_>, findings: &mut Findings) -> Result<Option<StorageDriver>, Error> {
    let labels = request.labels;
    let platform = settings::get_platform();
    findings.note(request.check_api_port())?;
    if !request.has_tls() {
        let port = request.api_port();
        findings.warn("tls_disabled", format!("whoever reaches port {port} of a master is root on all nodes: leave TLS enabled"));
    }
    registry::check(request, &platform, findings);
    if let Some(network) = findings.note(NodeNetwork::resolve(request))? {
        findings.note(request.network_driver(network.cidr))?;
    }
    findings.note(labels::SWARM_STRATEGY.get(labels))?;
    findings.note(labels::FLANNEL_NETWORK_CIDR.get(labels))?;
    findings.note(labels::FLANNEL_NETWORK_SUBNETLEN.get(labels))?;
    findings.note(labels::FLANNEL_BACKEND.get(labels))?;
    findings.note(machine::SELINUX_MODE.get(labels))?;
    findings.note(volumes::boot(labels, &platform))?;
    load_balancer::check(request, &platform, findings)?;
    images::check(labels, findings)?;
    rexray::check(request, &platform, findings)?;
    findings.note(StorageDriver::of(request, OperatingSystem::FedoraAtomic))
}

fn masters(cluster: &Cluster, group: &NodeGroup, findings: &mut Findings) {
    let count = group.node_count;
    if count.is_multiple_of(2) {
        findings.refuse("master_count", format!("{count} masters cannot agree: use an odd number"));
    }
    if count > 1 && !cluster.master_lb_enabled {
        findings.warn("master_lb_enabled", "without a load balancer api_address is the first master's, also while that is away");
    }
}

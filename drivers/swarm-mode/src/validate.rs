//! What can be known to be wrong before anything is made.

use jeroboam_driver_common::{
    DefaultGroups, Findings, OperatingSystem, Request,
    docker::StorageDriver,
    images, load_balancer, machine,
    network::{self, NodeNetwork},
    request::container_volume,
    rexray, volumes,
};
use jeroboam_driver_sdk::{Cluster, ClusterTemplate, Error, NodeGroup, Warning, settings};

use crate::{addresses::Overlay, request::SwarmRequest, size};

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
    let mut findings = Findings::default();
    let driver = common(&cluster.into(), &mut findings)?;
    masters(cluster, groups.masters, &mut findings);
    for group in &cluster.groups {
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
    let template = request.template;
    let labels = request.labels;
    let platform = settings::get_platform();
    let system = OperatingSystem::of(&template.cluster_type)?;
    findings.note(request.check_api_port())?;
    if !request.has_tls() {
        let port = request.api_port();
        findings.warn("tls_disabled", format!("whoever reaches port {port} of a master is root on all nodes: leave TLS enabled"));
    }
    if template.registry_enabled {
        findings.warn("registry_enabled", "this driver makes no registry");
    }
    if findings.note(request.ignores_network_driver())? == Some(true) {
        findings.warn("network_driver", "swarm mode has overlay networks of its own, and flannel is not used");
    }
    findings.note(network::external(request))?;
    if let Some(network) = findings.note(NodeNetwork::resolve(request))? {
        findings.note(Overlay::resolve(labels, network.cidr))?;
    }
    load_balancer::check(request, &platform, findings)?;
    images::check(labels, findings)?;
    rexray::check(request, &platform, findings)?;
    findings.note(volumes::boot(labels, &platform))?;
    findings.note(machine::SELINUX_MODE.get(labels))?;
    findings.note(StorageDriver::of(request, system))
}

fn masters(cluster: &Cluster, group: &NodeGroup, findings: &mut Findings) {
    let count = group.node_count;
    if count.is_multiple_of(2) {
        findings.refuse(
            "master_count",
            format!("{count} masters stand no more losses than {}: use an odd number", count.saturating_sub(1)),
        );
    }
    if count > 1 && !cluster.master_lb_enabled {
        findings.refuse("master_count", "several masters need a load balancer: set master_lb_enabled, or use one master");
    }
}

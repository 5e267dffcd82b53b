//! What can be known to be wrong before anything is made.

use jeroboam_driver_common::{
    DefaultGroups, Findings, OperatingSystem, Request, docker::StorageDriver, given, load_balancer, machine,
    network::NodeNetwork, rexray, volumes,
};
use jeroboam_driver_sdk::{Cluster, ClusterTemplate, Error, NodeGroup, Warning, settings, unsupported};

use crate::{size, slave_labels::Slave};

pub fn template(template: &ClusterTemplate) -> Result<Vec<Warning>, Error> {
    let mut findings = Findings::default();
    common(&template.into(), &mut findings)?;
    findings.finish()
}

pub fn cluster(cluster: &Cluster) -> Result<Vec<Warning>, Error> {
    let platform = settings::get_platform();
    let groups = DefaultGroups::of(cluster)?;
    if let Some(further) = cluster.groups.iter().find(|group| !group.is_default) {
        return Err(unsupported(format!("node group {}: this driver makes the two default groups only", further.name)));
    }
    let mut findings = Findings::default();
    common(&cluster.into(), &mut findings)?;
    masters(cluster, groups.masters, &mut findings);
    for group in [groups.masters, groups.workers] {
        findings.note(machine::check(group, cluster, &platform))?;
    }
    machine::check_keypair(cluster, &mut findings)?;
    findings.note(size::check(cluster))?;
    findings.finish()
}

fn common(request: &Request<'_>, findings: &mut Findings) -> Result<(), Error> {
    let template = request.template;
    let platform = settings::get_platform();
    if !template.tls_disabled {
        findings.warn(
            "tls_disabled",
            "Mesos and Marathon have neither TLS nor a login: whoever reaches ports 5050 and 8080 of the masters rules the cluster",
        );
    }
    if let Some(other) = given(template.network_driver.as_deref()).filter(|name| *name != "docker") {
        findings.refuse("network_driver", format!("network driver {other} is not docker, the only one for Mesos"));
    }
    findings.note(StorageDriver::of(request, OperatingSystem::Ubuntu))?;
    if template.registry_enabled {
        findings.warn("registry_enabled", "this driver makes no registry");
    }
    findings.note(NodeNetwork::resolve(request))?;
    findings.note(machine::AVAILABILITY_ZONE.get(request.labels))?;
    findings.note(volumes::boot(request.labels, &platform))?;
    load_balancer::check(request, &platform, findings)?;
    rexray::check(request, &platform, findings)?;
    findings.note(Slave::of(request.labels))?;
    Ok(())
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

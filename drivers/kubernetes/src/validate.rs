//! What can be known to be wrong before anything is made.

use jeroboam_driver_common::{
    DefaultGroups, Findings, Request, images, load_balancer, machine,
    network::{self, NodeNetwork},
    volumes,
};
use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, Error, NodeGroup, Warning,
    settings::{self, Platform},
    unsupported,
};

use crate::{addresses::Addresses, etcd, labels, request::KubernetesRequest, size, version};

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
        let found = findings.note(machine::check(group, cluster, &platform))?;
        if found.is_some() && !group.labels.is_empty() {
            findings.note(version::tag_of(group, &cluster.labels).and_then(version::Version::of_label))?;
        }
    }
    machine::check_keypair(cluster, &mut findings)?;
    findings.note(size::check(cluster))?;
    findings.finish()
}

fn common(request: &Request<'_>, findings: &mut Findings) -> Result<(), Error> {
    let template = request.template;
    let platform = settings::get_platform();
    if template.tls_disabled {
        findings.refuse("tls_disabled", "Kubernetes has no API without TLS any more: leave TLS enabled");
    }
    if template.docker_storage_driver.as_deref() == Some("devicemapper") {
        findings.refuse("docker_storage_driver", "Fedora CoreOS has no devicemapper storage: use overlay2");
    }
    if template.registry_enabled {
        findings.warn("registry_enabled", "this driver makes no registry");
    }
    findings.note(request.network_driver())?;
    findings.note(network::external(request))?;
    if let Some(network) = findings.note(NodeNetwork::resolve(request))? {
        findings.note(Addresses::resolve(request, network.cidr))?;
    }
    label_values(request, findings)?;
    load_balancer::check(request, &platform, findings)?;
    images::check(request.labels, findings)?;
    cloud_provider(request, &platform, findings)?;
    findings.note(volumes::boot(request.labels, &platform))?;
    findings.note(etcd::volume(request.labels, &platform))?;
    Ok(())
}

fn label_values(request: &Request<'_>, findings: &mut Findings) -> Result<(), Error> {
    let labels = request.labels;
    let tag = findings.note(labels::KUBE_TAG.get(labels).and_then(version::Version::of_label))?;
    if tag.is_some_and(|tag| tag.minor > version::NEWEST_TRIED_MINOR) {
        findings.warn("labels/kube_tag", format!("this driver was made for Kubernetes up to v1.{}", version::NEWEST_TRIED_MINOR));
    }
    // Read for their checks: there is nothing to choose.
    findings.note(labels::CONTAINER_RUNTIME.get(labels))?;
    findings.note(labels::CGROUP_DRIVER.get(labels))?;
    Ok(())
}

fn cloud_provider(request: &Request<'_>, platform: &Platform, findings: &mut Findings) -> Result<(), Error> {
    let asked = findings.note(labels::CLOUD_PROVIDER_ENABLED.find(request.labels))?.flatten();
    let cinder = findings.note(request.wants_cinder())?.unwrap_or(false);
    match asked {
        Some(true) if !platform.cluster_user_trust => {
            findings.note(Err::<(), _>(
                labels::CLOUD_PROVIDER_ENABLED
                    .invalid("cannot be true: the operator does not let clusters act for their owners (cluster_user_trust)"),
            ))?;
        }
        Some(false) if cinder => {
            findings.refuse("volume_driver", "volume driver cinder needs the label cloud_provider_enabled to be true")
        }
        None if cinder && !platform.cluster_user_trust => {
            findings.warn(
                "volume_driver",
                "pods will have no Cinder volumes: the operator does not let clusters act for their owners (cluster_user_trust)",
            );
        }
        Some(_) | None => {}
    }
    Ok(())
}

fn masters(cluster: &Cluster, group: &NodeGroup, findings: &mut Findings) {
    let count = group.node_count;
    if count.is_multiple_of(2) {
        findings.refuse("master_count", format!("{count} masters cannot agree: use an odd number"));
    }
    if count > 1 && !cluster.master_lb_enabled {
        findings.refuse("master_count", "several masters need a load balancer: set master_lb_enabled, or use one master");
    }
}

//! What can be known to be wrong before anything is made.

use jeroboam_driver_common::{
    DefaultGroups, Findings, OperatingSystem, Request, images, load_balancer, machine,
    network::{self, NodeNetwork},
    volumes,
};
use jeroboam_driver_sdk::{Cluster, ClusterTemplate, Error, NodeGroup, Role, Warning, settings::Platform, unsupported};

use crate::{
    addons,
    addresses::Addresses,
    bare_metal,
    era::LAST_INSECURE_MINOR,
    etcd, labels, memory, node_labels,
    request::KubernetesRequest,
    size,
    version::{self, Version},
};

pub fn template(template: &ClusterTemplate) -> Result<Vec<Warning>, Error> {
    let mut findings = Findings::default();
    common(&template.into(), template.docker_volume_size, &mut findings)?;
    findings.finish()
}

pub fn cluster(cluster: &Cluster) -> Result<Vec<Warning>, Error> {
    let groups = DefaultGroups::of(cluster)?;
    let request = Request::from(cluster);
    let mut findings = Findings::default();
    common(&request, cluster.docker_volume_size, &mut findings)?;
    masters(cluster, groups.masters, &mut findings);
    addons::check_workers(cluster, groups.workers, &mut findings)?;
    for group in &cluster.groups {
        nodes(cluster, group, &mut findings)?;
    }
    machine::check_keypair(cluster, &mut findings)?;
    findings.note(size::check(cluster))?;
    findings.finish()
}

/// What can be wrong with one group.
fn nodes(cluster: &Cluster, group: &NodeGroup, findings: &mut Findings) -> Result<(), Error> {
    let platform = bare_metal::platform(&cluster.template);
    let system = OperatingSystem::of(&cluster.template.cluster_type)?;
    if !group.is_default && group.role == Role::Master {
        let name = &group.name;
        return Err(unsupported(format!("node group {name}: a cluster has one group of masters, which can be resized")));
    }
    if let Some(machine) = findings.note(machine::check(group, cluster, &platform))? {
        let other = machine.image.os_distro.filter(|distro| distro != system.distro());
        if let Some(other) = other {
            let message =
                format!("image {} is of {other}, and the cluster's nodes are on {}", machine.image.name, system.distro());
            findings.refuse("image_id", message);
        }
    }
    if labels::KUBE_TAG.is_given(&group.labels) {
        findings.note(version::tag_of(group, &cluster.labels).and_then(|tag| Version::for_nodes(tag, system)))?;
    }
    findings.note(node_labels::labels(group, &cluster.labels))?;
    findings.note(node_labels::taints(group, &cluster.labels))?;
    if bare_metal::is(&cluster.template) && group.docker_volume_size.is_some_and(|size| size > 0) {
        findings
            .refuse("docker_volume_size", "bare metal servers attach no volumes: leave it out, containers are kept on the disk");
    }
    Ok(())
}

/// `volume_size`: of the volumes for containers.
fn common(request: &Request<'_>, volume_size: Option<u32>, findings: &mut Findings) -> Result<(), Error> {
    let template = request.template;
    let platform = bare_metal::platform(template);
    if template.docker_storage_driver.as_deref() == Some("devicemapper") {
        findings.refuse("docker_storage_driver", "containerd keeps containers on overlayfs, not on devicemapper: use overlay2");
    }
    if template.registry_enabled && !platform.cluster_user_trust {
        let message = "a registry keeps images in the owner's object store, and the operator does not let clusters act for their owners (cluster_user_trust): use insecure_registry or container_infra_prefix";
        findings.refuse("registry_enabled", message);
    }
    bare_metal::check(request, volume_size, findings);
    findings.note(request.network_driver())?;
    findings.note(network::external(request))?;
    if let Some(network) = findings.note(NodeNetwork::resolve(request))? {
        findings.note(Addresses::resolve(request, network.cidr))?;
    }
    label_values(request, findings)?;
    load_balancer::check(request, &platform, findings)?;
    images::check(request.labels, findings)?;
    addons::check(request, &platform, findings)?;
    cloud_provider(request, &platform, findings)?;
    findings.note(volumes::boot(request.labels, &platform))?;
    findings.note(etcd::volume(request.labels, &platform))?;
    Ok(())
}

fn label_values(request: &Request<'_>, findings: &mut Findings) -> Result<(), Error> {
    let labels = request.labels;
    let system = OperatingSystem::of(&request.template.cluster_type)?;
    let tag = labels::KUBE_TAG.get(labels)?;
    let version = findings.note(Version::for_nodes(tag, system))?;
    if version.is_some_and(|version| version.minor > version::NEWEST_TRIED_MINOR) {
        findings.warn("labels/kube_tag", format!("this driver was made for Kubernetes up to v1.{}", version::NEWEST_TRIED_MINOR));
    }
    if request.template.tls_disabled && version.is_some_and(|version| version.minor > LAST_INSECURE_MINOR) {
        let message = format!(
            "Kubernetes {tag} has no API without TLS: leave TLS enabled, or use v1.{LAST_INSECURE_MINOR}, the last that has one, on fedora-atomic or coreos"
        );
        findings.refuse("tls_disabled", message);
    }
    findings.note(labels::NODE_DRAIN_TIMEOUT.get(labels))?;
    // Wrong values are refused also where the cluster would not use them.
    findings.note(labels::FLANNEL_BACKEND.get(labels))?;
    findings.note(labels::CALICO_IPV4POOL_IPIP.get(labels))?;
    findings.note(labels::CINDER_CSI_ENABLED.get(labels))?;
    findings.note(labels::SYSTEM_PODS_INITIAL_DELAY.get(labels))?;
    findings.note(labels::SYSTEM_PODS_TIMEOUT.get(labels))?;
    findings.note(machine::SELINUX_MODE.get(labels))?;
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
    // Heat would delete servers before etcd has been told that they leave.
    let before = memory::MASTERS.find(cluster).and_then(|before| before.parse::<u32>().ok());
    if let Some(before) = before.filter(|before| count < *before) {
        findings.refuse(
            "master_count",
            format!("there are {before} masters, and masters can only become more: etcd would lose its majority"),
        );
    }
}

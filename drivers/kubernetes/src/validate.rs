//! What can be known to be wrong before anything is made.

use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, Error, Ipv4Cidr, NodeGroup, Role, Warning,
    errors::blame,
    lookup,
    settings::{self, Platform},
    unsupported,
};

use crate::{
    addresses::Addresses,
    findings::Findings,
    labels, network,
    request::{DefaultGroups, Request, given},
    size, version, volumes,
};

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
        let found = findings.note(machine(group, cluster, &platform))?;
        if found.is_some() && !group.labels.is_empty() {
            findings.note(version::tag_of(group, &cluster.labels).and_then(version::Version::of_label))?;
        }
    }
    match given(cluster.keypair.as_deref()) {
        Some(name) if cluster.stack_id.is_none() => {
            findings.note(lookup::get_keypair(name).map_err(blame("keypair")))?;
        }
        Some(_) => {}
        None => findings.warn("keypair", "without a keypair nobody can log in to the nodes"),
    }
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
    if let Some(existing) = findings.note(network::existing(request))? {
        findings.note(Addresses::resolve(request, existing.map(|existing| existing.cidr)))?;
    }
    label_values(request, findings)?;
    load_balancer(request, &platform, findings)?;
    cloud_provider(request, &platform, findings)?;
    findings.note(volumes::boot(request.labels, &platform))?;
    findings.note(volumes::etcd(request.labels, &platform))?;
    Ok(())
}

fn label_values(request: &Request<'_>, findings: &mut Findings) -> Result<(), Error> {
    let labels = request.labels;
    let tag = findings.note(labels::KUBE_TAG.get(labels).and_then(version::Version::of_label))?;
    if tag.is_some_and(|tag| tag.minor > version::NEWEST_TRIED_MINOR) {
        findings.warn("labels/kube_tag", format!("this driver was made for Kubernetes up to v1.{}", version::NEWEST_TRIED_MINOR));
    }
    // A space or a quote in a tag would only show when a node cannot pull an image.
    for (name, value) in labels.iter().filter(|(name, _)| name.ends_with("_tag")) {
        if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+".contains(&byte)) {
            findings.refuse(&format!("labels/{name}"), format!("label {name} is no image tag"));
        }
    }
    let prefix = labels::CONTAINER_INFRA_PREFIX.get(labels)?;
    if !prefix.is_empty() && !prefix.ends_with('/') {
        findings.note(Err::<(), _>(labels::CONTAINER_INFRA_PREFIX.invalid("has to end with /")))?;
    }
    // Read for their checks: there is nothing to choose.
    findings.note(labels::CONTAINER_RUNTIME.get(labels))?;
    findings.note(labels::CGROUP_DRIVER.get(labels))?;
    Ok(())
}

fn load_balancer(request: &Request<'_>, platform: &Platform, findings: &mut Findings) -> Result<(), Error> {
    let labels = request.labels;
    if request.master_lb_enabled && !platform.load_balancers {
        findings.refuse("master_lb_enabled", "the cloud has no load balancers (Octavia): use one master and no load balancer");
    }
    for cidr in findings.note(labels::MASTER_LB_ALLOWED_CIDRS.get(labels))?.unwrap_or_default() {
        if let Err(error) = cidr.parse::<Ipv4Cidr>() {
            findings.note(Err::<(), _>(labels::MASTER_LB_ALLOWED_CIDRS.invalid(&format!("names {cidr}, which {error}"))))?;
        }
    }
    if labels::OCTAVIA_PROVIDER.get(labels)? == "ovn"
        && findings.note(labels::OCTAVIA_LB_ALGORITHM.get(labels))? != Some("SOURCE_IP_PORT")
    {
        findings.note(Err::<(), _>(labels::OCTAVIA_LB_ALGORITHM.invalid("has to be SOURCE_IP_PORT with the provider ovn")))?;
    }
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

/// Whether the group's servers can start from its image.
fn machine(group: &NodeGroup, cluster: &Cluster, platform: &Platform) -> Result<(), Error> {
    let field = match group.role {
        Role::Master => "master_flavor_id",
        Role::Worker => "flavor_id",
    };
    let image = lookup::get_image(&group.image).map_err(blame("image_id"))?;
    let flavor = lookup::get_flavor(&group.flavor).map_err(blame(field))?;
    let boot = volumes::boot_size(&cluster.labels, platform)?;
    if boot == 0 && flavor.disk == 0 {
        let message = format!("flavor {} has no root disk: use another, or the label boot_volume_size", flavor.name);
        return Err(jeroboam_driver_sdk::invalid(field, message));
    }
    if boot == 0 && flavor.disk < image.min_disk {
        let message =
            format!("flavor {} has {} GB of disk, and image {} needs {}", flavor.name, flavor.disk, image.name, image.min_disk);
        return Err(jeroboam_driver_sdk::invalid(field, message));
    }
    if boot > 0 && boot < i64::from(image.min_disk) {
        return Err(labels::BOOT_VOLUME_SIZE.invalid(&format!("has to be at least {}, for image {}", image.min_disk, image.name)));
    }
    Ok(())
}

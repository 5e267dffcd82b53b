//! Add-ons that cannot be had, or not as asked for.

use jeroboam_driver_common::{Findings, OperatingSystem, Request, budget, load_balancer::OCTAVIA_PROVIDER};
use jeroboam_driver_sdk::{Cluster, Error, LabelSpec, NodeGroup, settings::Platform};

use super::{
    Addon,
    choice::{cloud_provider, wanted},
    labels as own,
};
use crate::{
    labels,
    request::{KubernetesRequest, NetworkDriver},
    size,
    version::Version,
};

/// Of a template, or a cluster.
pub fn check(request: &Request<'_>, platform: &Platform, findings: &mut Findings) -> Result<(), Error> {
    values(request, findings)?;
    versions(request, platform, findings)?;
    needs(request, platform, findings)?;
    network(request, findings)?;
    if own::INGRESS_CONTROLLER.find(request.labels).ok().flatten() == Some("nginx") {
        findings.warn("labels/ingress_controller", "ingress-nginx has no maintainers any more: nobody mends what is found in it");
    }
    Ok(())
}

/// Of a cluster's default group of workers, which the autoscaler resizes.
pub fn check_workers(cluster: &Cluster, workers: &NodeGroup, findings: &mut Findings) -> Result<(), Error> {
    if !findings.note(own::AUTO_SCALING_ENABLED.get(&cluster.labels))?.unwrap_or(false) {
        return Ok(());
    }
    let Some(max) = workers.max_node_count else {
        return refuse(findings, own::MAX_NODE_COUNT.invalid("has to be given with auto_scaling_enabled"));
    };
    if workers.min_node_count > max {
        refuse(findings, own::MIN_NODE_COUNT.invalid(&format!("has to be at most max_node_count, which is {max}")))?;
    }
    let mut grown = cluster.clone();
    for group in grown.groups.iter_mut().filter(|group| group.uuid == workers.uuid) {
        group.node_count = max;
    }
    let Some(resources) = findings.note(size::resources(&grown))? else { return Ok(()) };
    let limit = budget::limit();
    if resources > limit {
        let rule = format!(
            "is {max}: with so many workers the cluster's stack would hold {resources} resources, and Heat allows {limit} (max_resources_per_stack)"
        );
        refuse(findings, own::MAX_NODE_COUNT.invalid(&rule))?;
    }
    Ok(())
}

/// Labels whose values have rules of their own.
fn values(request: &Request<'_>, findings: &mut Findings) -> Result<(), Error> {
    let given = request.labels;
    if findings.note(own::MONITORING_ENABLED.get(given))? == Some(true) {
        let rule = "cannot be true: this driver brings no Prometheus; install the Helm chart kube-prometheus-stack instead";
        refuse(findings, own::MONITORING_ENABLED.invalid(rule))?;
    }
    let version = own::KUBE_DASHBOARD_VERSION.get(given)?;
    let plain = version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if !plain || !version.starts_with("v2.") {
        let rule = "has to be a v2 release: later ones come as a Helm chart only";
        refuse(findings, own::KUBE_DASHBOARD_VERSION.invalid(rule))?;
    }
    for role in own::AUTO_SCALING_ROLES.get(given)? {
        name(role, findings, |rule| own::AUTO_SCALING_ROLES.invalid(rule))?;
    }
    name(own::INGRESS_CONTROLLER_ROLE.get(given)?, findings, |rule| own::INGRESS_CONTROLLER_ROLE.invalid(rule))?;
    findings.note(own::AUTO_HEALING_CONTROLLER.get(given))?;
    findings.note(own::CERT_MANAGER_API.get(given))?;
    findings.note(own::MIN_NODE_COUNT.find(given))?;
    findings.note(own::MAX_NODE_COUNT.find(given))?;
    Ok(())
}

/// A value of a Kubernetes label.
fn name(text: &str, findings: &mut Findings, error: impl Fn(&str) -> Error) -> Result<(), Error> {
    let fits = (1..=63).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if fits { Ok(()) } else { refuse(findings, error("has to be of letters, digits, dots, dashes and underscores, 63 at most")) }
}

/// One that was asked for is refused with a Kubernetes that is too old for it; others are left out.
fn versions(request: &Request<'_>, platform: &Platform, findings: &mut Findings) -> Result<(), Error> {
    let tag = labels::KUBE_TAG.get(request.labels)?;
    let Some(version) = Version::parse(tag) else { return Ok(()) };
    for addon in Addon::ALL {
        let oldest = addon.oldest_minor();
        if !findings.note(wanted(addon, request, platform))?.unwrap_or(false) || version.minor >= oldest {
            continue;
        }
        let message = format!("{} needs Kubernetes v1.{oldest} or later, and kube_tag is {tag}", addon.name());
        match switch(addon) {
            Some(label) if request.labels.iter().any(|(name, _)| *name == label.name) => {
                findings.refuse(&format!("labels/{}", label.name), message)
            }
            _ if addon == Addon::Cilium => findings.refuse("network_driver", message),
            _ => findings.warn("labels/kube_tag", format!("{message}: the cluster will be without it")),
        }
    }
    Ok(())
}

/// The label that asks for it.
fn switch(addon: Addon) -> Option<LabelSpec> {
    match addon {
        Addon::CloudProvider => Some(labels::CLOUD_PROVIDER_ENABLED.spec()),
        Addon::CinderCsi => Some(labels::CINDER_CSI_ENABLED.spec()),
        Addon::MetricsServer => Some(own::METRICS_SERVER_ENABLED.spec()),
        Addon::Dashboard => Some(own::KUBE_DASHBOARD_ENABLED.spec()),
        Addon::Autoscaler => Some(own::AUTO_SCALING_ENABLED.spec()),
        Addon::AutoHealer => Some(own::AUTO_HEALING_ENABLED.spec()),
        Addon::NodeProblemDetector => Some(own::NPD_ENABLED.spec()),
        Addon::KeystoneAuth => Some(own::KEYSTONE_AUTH_ENABLED.spec()),
        Addon::IngressNginx | Addon::IngressOctavia => Some(own::INGRESS_CONTROLLER.spec()),
        Addon::KubeProxy | Addon::Flannel | Addon::Calico | Addon::Cilium => None,
        Addon::CoreDns | Addon::CoreDnsBudget => None,
    }
}

/// What asks OpenStack for something does so for the cluster's owner.
fn needs(request: &Request<'_>, platform: &Platform, findings: &mut Findings) -> Result<(), Error> {
    let given = request.labels;
    let octavia = findings.note(own::INGRESS_CONTROLLER.find(given))?.flatten() == Some("octavia");
    let with_cloud = [
        (findings.note(own::AUTO_SCALING_ENABLED.get(given))? == Some(true), own::AUTO_SCALING_ENABLED.0.name),
        (findings.note(own::AUTO_HEALING_ENABLED.get(given))? == Some(true), own::AUTO_HEALING_ENABLED.0.name),
        (octavia, own::INGRESS_CONTROLLER.name),
    ];
    if !findings.note(cloud_provider(request, platform))?.unwrap_or(true) {
        let why = if platform.cluster_user_trust {
            "set cloud_provider_enabled to true"
        } else {
            "the operator does not let clusters act for their owners (cluster_user_trust)"
        };
        for (_, label) in with_cloud.into_iter().filter(|(asked, _)| *asked) {
            findings.refuse(&format!("labels/{label}"), format!("label {label} needs the cloud provider: {why}"));
        }
    }
    if octavia && !platform.load_balancers {
        refuse(findings, own::INGRESS_CONTROLLER.invalid("cannot be octavia: the cloud has no load balancers (Octavia)"))?;
    } else if octavia && OCTAVIA_PROVIDER.get(given)? == "ovn" {
        refuse(findings, own::INGRESS_CONTROLLER.invalid("cannot be octavia with the provider ovn, which reads no HTTP"))?;
    }
    Ok(())
}

/// Cilium's programs need a kernel of 2020 or later.
fn network(request: &Request<'_>, findings: &mut Findings) -> Result<(), Error> {
    if findings.note(request.network_driver())? != Some(NetworkDriver::Cilium) {
        return Ok(());
    }
    let system = OperatingSystem::of(&request.template.cluster_type)?;
    if matches!(system, OperatingSystem::FedoraAtomic | OperatingSystem::Coreos) {
        let message = format!("cilium needs Linux 5.10, which {} does not have: use flannel or calico", system.name());
        findings.refuse("network_driver", message);
    }
    Ok(())
}

fn refuse(findings: &mut Findings, error: Error) -> Result<(), Error> {
    findings.note(Err::<(), _>(error)).map(|_| ())
}

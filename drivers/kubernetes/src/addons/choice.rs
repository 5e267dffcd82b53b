//! Which add-ons a cluster has.

use jeroboam_driver_common::Request;
use jeroboam_driver_sdk::{Error, settings::Platform};

use super::{Addon, labels as own};
use crate::{
    labels,
    request::{KubernetesRequest, NetworkDriver},
    version::Version,
};

/// In the order in which they are applied. One that needs a later Kubernetes than `version` is left out; `check` has said so.
pub fn chosen(request: &Request<'_>, platform: &Platform, version: Version) -> Result<Vec<Addon>, Error> {
    let mut chosen = Vec::new();
    for addon in Addon::ALL {
        if wanted(addon, request, platform)? && version.minor >= addon.oldest_minor() {
            chosen.push(addon);
        }
    }
    Ok(chosen)
}

/// Whether the cloud controller manager runs: it acts for the cluster's owner.
pub fn cloud_provider(request: &Request<'_>, platform: &Platform) -> Result<bool, Error> {
    Ok(platform.cluster_user_trust && labels::CLOUD_PROVIDER_ENABLED.find(request.labels)?.unwrap_or(true))
}

/// Whether the request wants it and the cloud has what it needs.
pub fn wanted(addon: Addon, request: &Request<'_>, platform: &Platform) -> Result<bool, Error> {
    let given = request.labels;
    let network = |driver| Ok(request.network_driver()? == driver);
    let with_cloud = |wanted: bool| Ok(wanted && cloud_provider(request, platform)?);
    let ingress = |name| Ok::<_, Error>(own::INGRESS_CONTROLLER.find(given)? == Some(name));
    match addon {
        Addon::KubeProxy | Addon::CoreDns | Addon::CoreDnsBudget => Ok(true),
        Addon::Flannel => network(NetworkDriver::Flannel),
        Addon::Calico => network(NetworkDriver::Calico),
        Addon::Cilium => network(NetworkDriver::Cilium),
        Addon::CloudProvider => cloud_provider(request, platform),
        Addon::CinderCsi => with_cloud(request.wants_cinder()? && labels::CINDER_CSI_ENABLED.get(given)?),
        Addon::MetricsServer => own::METRICS_SERVER_ENABLED.get(given),
        Addon::Dashboard => own::KUBE_DASHBOARD_ENABLED.get(given),
        Addon::Autoscaler => with_cloud(own::AUTO_SCALING_ENABLED.get(given)?),
        Addon::AutoHealer => with_cloud(own::AUTO_HEALING_ENABLED.get(given)?),
        Addon::NodeProblemDetector => own::NPD_ENABLED.get(given),
        Addon::KeystoneAuth => own::KEYSTONE_AUTH_ENABLED.get(given),
        Addon::IngressNginx => ingress("nginx"),
        Addon::IngressOctavia => with_cloud(ingress("octavia")? && platform.load_balancers),
    }
}

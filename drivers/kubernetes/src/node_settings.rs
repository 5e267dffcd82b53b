//! What the scripts in `node/` read from `/etc/sysconfig/heat-params`, as far as it is known before the stack is made. The templates add what Heat knows
//! (addresses, ids of volumes) and the secrets.

use jeroboam_driver_common::{
    OperatingSystem, Request, load_balancer, network::NodeNetwork, node_settings::NodeSettings, proxies::Proxies,
};
use jeroboam_driver_sdk::{
    Cluster, Error,
    labels::{DefaultedLabel, Text},
    settings,
};

use crate::{addresses::Addresses, labels, request::KubernetesRequest};

/// Labels that nodes read as they are: the variable's name is the label's in capitals.
const HANDED_ON: &[&DefaultedLabel<Text>] = &[
    &labels::ETCD_TAG,
    &labels::PAUSE_TAG,
    &labels::COREDNS_TAG,
    &labels::FLANNEL_TAG,
    &labels::FLANNEL_CNI_TAG,
    &labels::CALICO_TAG,
    &labels::CLOUD_PROVIDER_TAG,
    &labels::CINDER_CSI_PLUGIN_TAG,
    &labels::CSI_ATTACHER_TAG,
    &labels::CSI_PROVISIONER_TAG,
    &labels::CSI_RESIZER_TAG,
    &labels::CSI_NODE_DRIVER_REGISTRAR_TAG,
    &labels::CSI_LIVENESS_PROBE_TAG,
    &labels::CNI_PLUGINS_TAG,
    &labels::CNI_PLUGINS_URL,
    &labels::KUBE_BINARIES_URL,
    &labels::DNS_CLUSTER_DOMAIN,
    &labels::ADMISSION_CONTROL_LIST,
    &labels::KUBELET_OPTIONS,
    &labels::KUBEAPI_OPTIONS,
    &labels::KUBECONTROLLER_OPTIONS,
    &labels::KUBESCHEDULER_OPTIONS,
    &labels::KUBEPROXY_OPTIONS,
    &load_balancer::OCTAVIA_PROVIDER,
];

/// The parameter `node_settings`.
pub fn node_settings(cluster: &Cluster, addresses: &Addresses, external_network: Option<&str>) -> Result<NodeSettings, Error> {
    let request = Request::from(cluster);
    let platform = settings::get_platform();
    let system = OperatingSystem::of(&cluster.template.cluster_type)?;
    let labels = &cluster.labels;
    let cloud_provider = platform.cluster_user_trust && labels::CLOUD_PROVIDER_ENABLED.find(labels)?.unwrap_or(true);
    let cinder = cloud_provider && request.wants_cinder()? && labels::CINDER_CSI_ENABLED.get(labels)?;

    let guarded = [addresses.pods.to_string()];
    let mut settings = NodeSettings::of(cluster, system, &proxies(cluster)?, &guarded)?;
    settings.hand_on(HANDED_ON, labels)?;
    let mut set = |name: &str, value: String| settings.set(name, value);
    set("NETWORK_DRIVER", request.network_driver()?.name().to_owned());
    set("KUBE_API_PORT", request.api_port().to_string());
    set("KUBE_SERVICE_IP", addresses.api_service.to_string());
    set("DNS_SERVICE_IP", addresses.dns_service.to_string());
    set("PODS_NETWORK_CIDR", addresses.pods.to_string());
    set("PORTAL_NETWORK_CIDR", addresses.services.to_string());
    set("FLANNEL_NETWORK_SUBNETLEN", addresses.node_prefix.to_string());
    set("FLANNEL_BACKEND", labels::FLANNEL_BACKEND.get(labels)?.to_owned());
    set("CALICO_IPV4POOL_IPIP", labels::CALICO_IPV4POOL_IPIP.get(labels)?.to_owned());
    set("SYSTEM_PODS_INITIAL_DELAY", labels::SYSTEM_PODS_INITIAL_DELAY.get(labels)?.to_string());
    set("SYSTEM_PODS_TIMEOUT", labels::SYSTEM_PODS_TIMEOUT.get(labels)?.to_string());
    set("CLOUD_PROVIDER_ENABLED", cloud_provider.to_string());
    set("CINDER_CSI_ENABLED", cinder.to_string());
    set("OCTAVIA_ENABLED", platform.load_balancers.to_string());
    set("OCTAVIA_LB_ALGORITHM", load_balancer::OCTAVIA_LB_ALGORITHM.get(labels)?.to_owned());
    set("OCTAVIA_LB_HEALTHCHECK", load_balancer::OCTAVIA_LB_HEALTHCHECK.get(labels)?.to_string());
    set("EXTERNAL_NETWORK", external_network.unwrap_or_default().to_owned());
    set("POST_INSTALL_MANIFEST_URL", settings::get("post_install_manifest_url").unwrap_or_default());
    Ok(settings)
}

/// The cluster itself is never reached through a proxy.
pub fn proxies(cluster: &Cluster) -> Result<Proxies, Error> {
    let request = Request::from(cluster);
    let addresses = Addresses::resolve(&request, NodeNetwork::resolve(&request)?.cidr)?;
    let mut own = vec![".svc".to_owned(), format!(".{}", labels::DNS_CLUSTER_DOMAIN.get(&cluster.labels)?)];
    own.extend([addresses.nodes, addresses.pods, addresses.services].map(|network| network.to_string()));
    Ok(Proxies::of(&cluster.template, &own))
}

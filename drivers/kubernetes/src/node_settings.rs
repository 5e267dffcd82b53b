//! What the scripts in `node/` read from `/etc/sysconfig/heat-params`, as far as it is known before the stack is made. The templates add what Heat knows
//! (addresses, ids of volumes) and the secrets.

use jeroboam_driver_common::{
    OperatingSystem, Request, load_balancer, node_settings::NodeSettings, proxies::Proxies, request::value_of,
};
use jeroboam_driver_sdk::{
    Cluster, Error, NodeGroup,
    labels::{DefaultedLabel, Text},
    settings,
};

use serde_json::{Value, json};

use crate::{addons, addresses::Addresses, labels, node_labels, request::KubernetesRequest};

/// Labels that nodes read as they are: the variable's name is the label's in capitals.
const HANDED_ON: &[&DefaultedLabel<Text>] = &[
    &labels::ETCD_TAG,
    &labels::PAUSE_TAG,
    &labels::CNI_PLUGINS_TAG,
    &labels::CNI_PLUGINS_URL,
    &labels::KUBE_BINARIES_URL,
    &labels::DNS_CLUSTER_DOMAIN,
    &labels::ADMISSION_CONTROL_LIST,
    &labels::CONTAINERD_VERSION,
    &labels::CONTAINERD_URL,
    &labels::CONTAINERD_TARBALL_URL,
    &labels::CONTAINERD_TARBALL_SHA256,
    &labels::RUNC_TAG,
    &labels::RUNC_URL,
    &labels::REGISTRY_TAG,
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

    let guarded = [addresses.pods.to_string()];
    let mut settings = NodeSettings::of(cluster, system, &proxies(cluster)?, &guarded)?;
    settings.hand_on(HANDED_ON, labels)?;
    let mut set = |name: &str, value: String| settings.set(name, value);
    set("KUBE_API_PORT", request.secure_port().to_string());
    set("KUBE_INSECURE_PORT", if request.template.tls_disabled { request.api_port().to_string() } else { String::new() });
    set("CA_GENERATION", value_of(&cluster.extras, "ca-generation").unwrap_or("0").to_owned());
    set("NODE_DRAIN_TIMEOUT", labels::NODE_DRAIN_TIMEOUT.get(labels)?.to_string());
    set("REGISTRY_ENABLED", request.template.registry_enabled.to_string());
    set("REGISTRY_CONTAINER", settings::get("swift_registry_container").unwrap_or_else(|| "docker_registry".to_owned()));
    set("REGISTRY_INSECURE", (!platform.verify_ca).to_string());
    set("KUBE_SERVICE_IP", addresses.api_service.to_string());
    set("DNS_SERVICE_IP", addresses.dns_service.to_string());
    set("PODS_NETWORK_CIDR", addresses.pods.to_string());
    set("PORTAL_NETWORK_CIDR", addresses.services.to_string());
    set("FLANNEL_NETWORK_SUBNETLEN", addresses.node_prefix.to_string());
    set("FLANNEL_BACKEND", labels::FLANNEL_BACKEND.get(labels)?.to_owned());
    set("CALICO_IPV4POOL_IPIP", labels::CALICO_IPV4POOL_IPIP.get(labels)?.to_owned());
    set("SYSTEM_PODS_INITIAL_DELAY", labels::SYSTEM_PODS_INITIAL_DELAY.get(labels)?.to_string());
    set("SYSTEM_PODS_TIMEOUT", labels::SYSTEM_PODS_TIMEOUT.get(labels)?.to_string());
    set("CLOUD_PROVIDER_ENABLED", addons::cloud_provider(&request, &platform)?.to_string());
    set("OCTAVIA_ENABLED", platform.load_balancers.to_string());
    set("OCTAVIA_LB_ALGORITHM", load_balancer::OCTAVIA_LB_ALGORITHM.get(labels)?.to_owned());
    set("OCTAVIA_LB_HEALTHCHECK", load_balancer::OCTAVIA_LB_HEALTHCHECK.get(labels)?.to_string());
    set("EXTERNAL_NETWORK", external_network.unwrap_or_default().to_owned());
    set("POST_INSTALL_MANIFEST_URL", settings::get("post_install_manifest_url").unwrap_or_default());
    Ok(settings)
}

/// What the scripts read besides, for one group: the parameters `master_settings` and `minion_settings`.
pub fn group_settings(cluster: &Cluster, group: &NodeGroup) -> Result<Value, Error> {
    Ok(json!({
        "NODEGROUP_NAME": group.name,
        "NODEGROUP_ROLE": group.role_name,
        "NODE_LABELS": node_labels::joined(&node_labels::labels(group, &cluster.labels)?),
        "NODE_TAINTS": node_labels::joined(&node_labels::taints(group, &cluster.labels)?),
    }))
}

/// The cluster itself is never reached through a proxy.
pub fn proxies(cluster: &Cluster) -> Result<Proxies, Error> {
    let request = Request::from(cluster);
    let addresses = Addresses::of_nodes(&request)?;
    let mut own = vec![".svc".to_owned(), format!(".{}", labels::DNS_CLUSTER_DOMAIN.get(&cluster.labels)?)];
    own.extend([addresses.nodes, addresses.pods, addresses.services].map(|network| network.to_string()));
    Ok(Proxies::of(&cluster.template, &own))
}

//! What the scripts in `node/` read from `/etc/sysconfig/heat-params`, as far as it is known before the stack is made. The templates add what Heat knows
//! (addresses, ids of volumes) and the secrets.

use jeroboam_driver_sdk::{
    Cluster, Error,
    labels::{DefaultedLabel, Text},
    settings,
};
use serde_json::{Map, Value};

use crate::{
    addresses::Addresses,
    labels,
    request::{Request, given},
};

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
    &labels::OCTAVIA_PROVIDER,
];

/// The parameter `node_settings`.
pub fn node_settings(cluster: &Cluster, addresses: &Addresses, external_network: Option<&str>) -> Result<Value, Error> {
    let request = Request::from(cluster);
    let platform = settings::get_platform();
    let template = &cluster.template;
    let labels = &cluster.labels;
    let cloud_provider = platform.cluster_user_trust && labels::CLOUD_PROVIDER_ENABLED.find(labels)?.unwrap_or(true);
    let cinder = cloud_provider && request.wants_cinder()? && labels::CINDER_CSI_ENABLED.get(labels)?;
    let (http_proxy, https_proxy) = (given(template.http_proxy.as_deref()), given(template.https_proxy.as_deref()));

    let mut variables = Map::new();
    let mut set = |name: &str, value: String| variables.insert(name.to_owned(), Value::String(value));
    for label in HANDED_ON {
        set(&label.0.name.to_ascii_uppercase(), label.get(labels)?.to_owned());
    }
    set("CONTAINER_INFRA_PREFIX", labels::CONTAINER_INFRA_PREFIX.get(labels)?.to_owned());
    set("CLUSTER_UUID", cluster.uuid.clone());
    set("AUTH_URL", platform.identity_url.trim_end_matches('/').to_owned());
    set("MAGNUM_URL", platform.container_infra_url.trim_end_matches('/').to_owned());
    set("REGION_NAME", platform.region.clone());
    set("VERIFY_CA", platform.verify_ca.to_string());
    set("NETWORK_DRIVER", request.network_driver()?.name().to_owned());
    set("KUBE_API_PORT", request.api_port().to_string());
    set("KUBE_SERVICE_IP", addresses.api_service.to_string());
    set("DNS_SERVICE_IP", addresses.dns_service.to_string());
    set("PODS_NETWORK_CIDR", addresses.pods.to_string());
    set("PORTAL_NETWORK_CIDR", addresses.services.to_string());
    set("FLANNEL_NETWORK_SUBNETLEN", addresses.node_prefix.to_string());
    set("FLANNEL_BACKEND", labels::FLANNEL_BACKEND.get(labels)?.to_owned());
    set("CALICO_IPV4POOL_IPIP", labels::CALICO_IPV4POOL_IPIP.get(labels)?.to_owned());
    set("SELINUX_MODE", labels::SELINUX_MODE.get(labels)?.to_owned());
    set("SYSTEM_PODS_INITIAL_DELAY", labels::SYSTEM_PODS_INITIAL_DELAY.get(labels)?.to_string());
    set("SYSTEM_PODS_TIMEOUT", labels::SYSTEM_PODS_TIMEOUT.get(labels)?.to_string());
    set("CLOUD_PROVIDER_ENABLED", cloud_provider.to_string());
    set("CINDER_CSI_ENABLED", cinder.to_string());
    set("OCTAVIA_ENABLED", platform.load_balancers.to_string());
    set("OCTAVIA_LB_ALGORITHM", labels::OCTAVIA_LB_ALGORITHM.get(labels)?.to_owned());
    set("OCTAVIA_LB_HEALTHCHECK", labels::OCTAVIA_LB_HEALTHCHECK.get(labels)?.to_string());
    set("EXTERNAL_NETWORK", external_network.unwrap_or_default().to_owned());
    set("HTTP_PROXY", http_proxy.unwrap_or_default().to_owned());
    set("HTTPS_PROXY", https_proxy.unwrap_or_default().to_owned());
    let proxied = http_proxy.is_some() || https_proxy.is_some();
    set("NO_PROXY", if proxied { no_proxy(cluster, addresses)? } else { String::new() });
    set("INSECURE_REGISTRY_URL", template.insecure_registry.clone().unwrap_or_default());
    set("POST_INSTALL_MANIFEST_URL", settings::get("post_install_manifest_url").unwrap_or_default());
    Ok(Value::Object(variables))
}

/// What never goes through a proxy: the user's exceptions and the cluster itself.
fn no_proxy(cluster: &Cluster, addresses: &Addresses) -> Result<String, Error> {
    let domain = labels::DNS_CLUSTER_DOMAIN.get(&cluster.labels)?;
    let mut exceptions: Vec<String> = given(cluster.template.no_proxy.as_deref()).map(str::to_owned).into_iter().collect();
    exceptions.extend(["localhost", "127.0.0.1", "169.254.169.254", ".svc"].map(str::to_owned));
    exceptions.push(format!(".{domain}"));
    exceptions.extend([addresses.nodes, addresses.pods, addresses.services].map(|network| network.to_string()));
    Ok(exceptions.join(","))
}

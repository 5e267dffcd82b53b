//! The labels that this driver reads besides those of `jeroboam_driver_common`. A label is read through its line here or there, so none is missing from the schema.

use jeroboam_driver_common::{images, load_balancer, machine, network, volumes};
use jeroboam_driver_sdk::{LabelSpec, labels};

use crate::addons;

labels! {
    // Versions
    KUBE_TAG = "kube_tag": text, default "v1.34.1", since "0.1.0", "The version of Kubernetes, as in the tags of its images. On fedora-atomic and coreos it is v1.23.17 unless set, from v1.19 to v1.23, and other tags default to those of its time.", per_group;
    ETCD_TAG = "etcd_tag": text, default "3.6.4-0", since "0.1.0", "The tag of the image etcd.";
    PAUSE_TAG = "pause_tag": text, default "3.10.1", since "0.1.0", "The tag of the image pause.";
    COREDNS_TAG = "coredns_tag": text, default "v1.12.1", since "0.1.0", "The tag of the image coredns.";
    FLANNEL_TAG = "flannel_tag": text, default "v0.27.4", since "0.1.0", "The tag of the image flannel.";
    FLANNEL_CNI_TAG = "flannel_cni_tag": text, default "v1.8.0-flannel1", since "0.1.0", "The tag of the image flannel-cni-plugin.";
    CALICO_TAG = "calico_tag": text, default "v3.31.7", since "0.1.0", "The tag of Calico's images node, cni and kube-controllers.";
    CLOUD_PROVIDER_TAG = "cloud_provider_tag": text, default "v1.34.1", since "0.1.0", "The tag of the image openstack-cloud-controller-manager.";
    CINDER_CSI_PLUGIN_TAG = "cinder_csi_plugin_tag": text, default "v1.34.1", since "0.1.0", "The tag of the image cinder-csi-plugin.";
    CSI_ATTACHER_TAG = "csi_attacher_tag": text, default "v4.10.0", since "0.1.0", "The tag of the image csi-attacher.";
    CSI_PROVISIONER_TAG = "csi_provisioner_tag": text, default "v5.3.0", since "0.1.0", "The tag of the image csi-provisioner.";
    CSI_RESIZER_TAG = "csi_resizer_tag": text, default "v1.14.0", since "0.1.0", "The tag of the image csi-resizer.";
    CSI_NODE_DRIVER_REGISTRAR_TAG = "csi_node_driver_registrar_tag": text, default "v2.15.0", since "0.1.0", "The tag of the image csi-node-driver-registrar.";
    CSI_LIVENESS_PROBE_TAG = "csi_liveness_probe_tag": text, default "v2.17.0", since "0.1.0", "The tag of the image livenessprobe.";
    CNI_PLUGINS_TAG = "cni_plugins_tag": text, default "v1.8.0", since "0.1.0", "The version of the CNI plugins.";

    // Where things come from
    KUBE_BINARIES_URL = "kube_binaries_url": text, default "https://dl.k8s.io/release", since "0.1.0", "Where nodes fetch <kube_tag>/bin/linux/<arch>/{kubelet,kubectl} and their .sha256 files.";
    CNI_PLUGINS_URL = "cni_plugins_url": text, default "https://github.com/containernetworking/plugins/releases/download", since "0.1.0", "Where nodes fetch <cni_plugins_tag>/cni-plugins-linux-<arch>-<cni_plugins_tag>.tgz and its .sha256 file.";

    CONTAINERD_VERSION = "containerd_version": text, default "2.1.6", since "0.1.0", "The version of containerd for images that do not bring it. On fedora-atomic and coreos it is a 1.7, which older kubelets can speak to.";
    CONTAINERD_URL = "containerd_url": text, default "https://github.com/containerd/containerd/releases/download", since "0.1.0", "Where nodes fetch v<containerd_version>/containerd-static-<containerd_version>-linux-<arch>.tar.gz and its .sha256sum file.";
    CONTAINERD_TARBALL_URL = "containerd_tarball_url": text, default "", since "0.1.0", "The whole URL of an archive with bin/containerd and its shims. With it nodes take that one even if their image brings containerd.";
    CONTAINERD_TARBALL_SHA256 = "containerd_tarball_sha256": text, default "", since "0.1.0", "The checksum of containerd's archive; empty: what the .sha256sum file beside it says.";
    RUNC_TAG = "runc_tag": text, default "v1.3.4", since "0.1.0", "The version of runc that comes with containerd.";
    RUNC_URL = "runc_url": text, default "https://github.com/opencontainers/runc/releases/download", since "0.1.0", "Where nodes fetch <runc_tag>/runc.<arch> and runc.sha256sum.";
    REGISTRY_TAG = "registry_tag": text, default "2.8.3", since "0.1.0", "The tag of the image registry, for clusters with a registry of their own (registry_enabled); a 2.x, which keeps images in Swift.";

    // Addresses and network
    SERVICE_CLUSTER_IP_RANGE = "service_cluster_ip_range": cidr, default "10.254.0.0/16", since "0.1.0", "Addresses of services. The first is the API's, the tenth the cluster's DNS.";
    DNS_CLUSTER_DOMAIN = "dns_cluster_domain": text, default "cluster.local", since "0.1.0", "The DNS domain of services.";
    FLANNEL_NETWORK_CIDR = "flannel_network_cidr": cidr, default "10.100.0.0/16", since "0.1.0", "Addresses of pods with the network driver flannel.";
    FLANNEL_NETWORK_SUBNETLEN = "flannel_network_subnetlen": integer(16, 28), default "24", since "0.1.0", "Prefix length of the pods' addresses on one node.";
    FLANNEL_BACKEND = "flannel_backend": choice("vxlan", "host-gw"), default "vxlan", since "0.1.0", "How flannel carries packets between nodes.";
    CALICO_IPV4POOL = "calico_ipv4pool": cidr, default "10.100.0.0/16", since "0.1.0", "Addresses of pods with the network driver calico.";
    CALICO_IPV4POOL_IPIP = "calico_ipv4pool_ipip": choice("Always", "CrossSubnet", "Never", "Off"), default "Off", since "0.1.0", "When Calico wraps packets between nodes in IP-in-IP.";

    // The API
    ADMISSION_CONTROL_LIST = "admission_control_list": text, default "", since "0.1.0", "Admission plugins to enable besides Kubernetes' defaults and NodeRestriction, comma-separated.";

    // Options handed on as they are
    KUBELET_OPTIONS = "kubelet_options": text, default "", since "0.1.0", "Further flags of kubelet, separated by spaces.";
    KUBEAPI_OPTIONS = "kubeapi_options": text, default "", since "0.1.0", "Further flags of kube-apiserver, separated by spaces.";
    KUBECONTROLLER_OPTIONS = "kubecontroller_options": text, default "", since "0.1.0", "Further flags of kube-controller-manager, separated by spaces.";
    KUBESCHEDULER_OPTIONS = "kubescheduler_options": text, default "", since "0.1.0", "Further flags of kube-scheduler, separated by spaces.";
    KUBEPROXY_OPTIONS = "kubeproxy_options": text, default "", since "0.1.0", "Further flags of kube-proxy, separated by spaces.";

    // Nodes
    NODE_LABELS = "node_labels": text, default "", since "0.1.0", "Labels that nodes register with: key=value, separated by commas or spaces. It concerns nodes that are made from then on.", per_group;
    NODE_TAINTS = "node_taints": text, default "", since "0.1.0", "Taints that nodes register with: key=value:effect or key:effect, separated by commas or spaces. It concerns nodes that are made from then on.", per_group;
    NODE_DRAIN_TIMEOUT = "node_drain_timeout": integer(0, 3600), default "300", since "0.1.0", "Seconds that pods of a node have to go elsewhere before it is removed or replaced; 0 does not move them.";
    ETCD_VOLUME_SIZE = "etcd_volume_size": integer(0, 65536), default "0", since "0.1.0", "GB of a volume for etcd on each master; 0 keeps etcd on the root disk.";
    ETCD_VOLUME_TYPE = "etcd_volume_type": text, since "0.1.0", "Its volume type. Without this label the operator's choice holds, else the cloud's default.";
    CONTAINER_RUNTIME = "container_runtime": choice("containerd"), default "containerd", since "0.1.0", "The container runtime; Kubernetes dropped the others.";
    CGROUP_DRIVER = "cgroup_driver": choice("systemd"), default "systemd", since "0.1.0", "Who manages control groups.";

    // The cloud inside the cluster
    CLOUD_PROVIDER_ENABLED = "cloud_provider_enabled": boolean, since "0.1.0", "Whether OpenStack's cloud controller manager runs: load balancers for services, addresses and zones of nodes. Without this label it does if the operator lets clusters act for their owners.";
    CINDER_CSI_ENABLED = "cinder_csi_enabled": boolean, default "true", since "0.1.0", "Whether pods can use Cinder volumes, if the volume driver is cinder and the cloud provider is enabled.";
    SYSTEM_PODS_INITIAL_DELAY = "system_pods_initial_delay": integer(0, 3600), default "30", since "0.1.0", "Seconds before the first liveness probe of system pods.";
    SYSTEM_PODS_TIMEOUT = "system_pods_timeout": integer(1, 600), default "5", since "0.1.0", "Seconds that such a probe may take.";
}

/// The whole schema.
pub fn all() -> Vec<LabelSpec> {
    let mut all = label_specs();
    all.extend(addons::labels::label_specs());
    for shared in
        [network::label_specs, load_balancer::label_specs, machine::label_specs, volumes::label_specs, images::label_specs]
    {
        all.extend(shared());
    }
    all
}

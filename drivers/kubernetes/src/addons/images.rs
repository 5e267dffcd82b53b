//! The images of the add-ons.

use jeroboam_driver_common::images::CONTAINER_INFRA_PREFIX;
use jeroboam_driver_sdk::{
    Error, Pair,
    labels::{DefaultedLabel, Text},
};

use super::{Addon, labels as own};
use crate::labels;

/// An image that a manifest names by a variable.
pub struct Image {
    pub variable: &'static str,
    /// Registry and path, without the image's last name.
    registry: &'static str,
    name: &'static str,
    tag: &'static DefaultedLabel<Text>,
}

macro_rules! images {
    ($(($variable:literal, $registry:expr, $name:literal, $tag:path $(,)?)),+ $(,)?) => {
        const { &[$(Image { variable: $variable, registry: $registry, name: $name, tag: &$tag }),+] }
    };
}

const PROVIDER: &str = "registry.k8s.io/provider-os";
const STORAGE: &str = "registry.k8s.io/sig-storage";

impl Image {
    /// Its full name. Every registry gives way to the operator's prefix, which holds images by their last name.
    pub fn reference(&self, labels: &[Pair]) -> Result<String, Error> {
        let (prefix, tag) = (CONTAINER_INFRA_PREFIX.get(labels)?, self.tag.get(labels)?);
        Ok(match prefix {
            "" => format!("{}/{}:{tag}", self.registry, self.name),
            prefix => format!("{prefix}{}:{tag}", self.name),
        })
    }
}

/// Those of an add-on.
pub const fn of(addon: Addon) -> &'static [Image] {
    match addon {
        Addon::KubeProxy => images![("KUBE_PROXY_IMAGE", "registry.k8s.io", "kube-proxy", labels::KUBE_TAG)],
        Addon::Flannel => images![
            ("FLANNEL_IMAGE", "ghcr.io/flannel-io", "flannel", labels::FLANNEL_TAG),
            ("FLANNEL_CNI_IMAGE", "ghcr.io/flannel-io", "flannel-cni-plugin", labels::FLANNEL_CNI_TAG),
        ],
        Addon::Calico => images![
            ("CALICO_NODE_IMAGE", "quay.io/calico", "node", labels::CALICO_TAG),
            ("CALICO_CNI_IMAGE", "quay.io/calico", "cni", labels::CALICO_TAG),
            ("CALICO_CONTROLLERS_IMAGE", "quay.io/calico", "kube-controllers", labels::CALICO_TAG),
        ],
        Addon::Cilium => images![
            ("CILIUM_IMAGE", "quay.io/cilium", "cilium", own::CILIUM_TAG),
            ("CILIUM_OPERATOR_IMAGE", "quay.io/cilium", "operator-generic", own::CILIUM_TAG),
        ],
        Addon::CoreDns => images![("COREDNS_IMAGE", "registry.k8s.io/coredns", "coredns", labels::COREDNS_TAG)],
        Addon::CoreDnsBudget => &[],
        Addon::CloudProvider => {
            images![("OCCM_IMAGE", PROVIDER, "openstack-cloud-controller-manager", labels::CLOUD_PROVIDER_TAG)]
        }
        Addon::CinderCsi => images![
            ("CINDER_CSI_IMAGE", PROVIDER, "cinder-csi-plugin", labels::CINDER_CSI_PLUGIN_TAG),
            ("CSI_ATTACHER_IMAGE", STORAGE, "csi-attacher", labels::CSI_ATTACHER_TAG),
            ("CSI_PROVISIONER_IMAGE", STORAGE, "csi-provisioner", labels::CSI_PROVISIONER_TAG),
            ("CSI_SNAPSHOTTER_IMAGE", STORAGE, "csi-snapshotter", own::CSI_SNAPSHOTTER_TAG),
            ("SNAPSHOT_CONTROLLER_IMAGE", STORAGE, "snapshot-controller", own::CSI_SNAPSHOTTER_TAG),
            ("CSI_RESIZER_IMAGE", STORAGE, "csi-resizer", labels::CSI_RESIZER_TAG),
            ("CSI_REGISTRAR_IMAGE", STORAGE, "csi-node-driver-registrar", labels::CSI_NODE_DRIVER_REGISTRAR_TAG),
            ("CSI_LIVENESS_IMAGE", STORAGE, "livenessprobe", labels::CSI_LIVENESS_PROBE_TAG),
        ],
        Addon::MetricsServer => {
            images![("METRICS_SERVER_IMAGE", "registry.k8s.io/metrics-server", "metrics-server", own::METRICS_SERVER_TAG)]
        }
        Addon::Dashboard => images![
            ("DASHBOARD_IMAGE", "docker.io/kubernetesui", "dashboard", own::KUBE_DASHBOARD_VERSION),
            ("METRICS_SCRAPER_IMAGE", "docker.io/kubernetesui", "metrics-scraper", own::METRICS_SCRAPER_TAG),
        ],
        Addon::Autoscaler => {
            images![("AUTOSCALER_IMAGE", "registry.k8s.io/autoscaling", "cluster-autoscaler", own::AUTOSCALER_TAG)]
        }
        Addon::AutoHealer => images![("AUTO_HEALER_IMAGE", PROVIDER, "magnum-auto-healer", own::MAGNUM_AUTO_HEALER_TAG)],
        Addon::NodeProblemDetector => images![(
            "NODE_PROBLEM_DETECTOR_IMAGE",
            "registry.k8s.io/node-problem-detector",
            "node-problem-detector",
            own::NODE_PROBLEM_DETECTOR_TAG,
        )],
        Addon::KeystoneAuth => images![("KEYSTONE_AUTH_IMAGE", PROVIDER, "k8s-keystone-auth", own::K8S_KEYSTONE_AUTH_TAG)],
        Addon::IngressNginx => {
            images![("NGINX_INGRESS_IMAGE", "registry.k8s.io/ingress-nginx", "controller", own::NGINX_INGRESS_CONTROLLER_TAG)]
        }
        Addon::IngressOctavia => {
            images![("OCTAVIA_INGRESS_IMAGE", PROVIDER, "octavia-ingress-controller", own::OCTAVIA_INGRESS_CONTROLLER_TAG)]
        }
    }
}

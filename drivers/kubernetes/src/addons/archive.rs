//! The manifests of the add-ons that a cluster has, packed for its masters. Each was compressed when the driver was built, in such a way that any of them
//! one after the other are an archive: nothing is left to do for a cluster but to put them together.

use base64::{Engine, prelude::BASE64_STANDARD};

use super::Addon;

/// One manifest, as a part of an archive.
type Part = &'static [u8];

macro_rules! parts {
    ($($name:literal),+ $(,)?) => { &[$(include_bytes!(concat!(env!("OUT_DIR"), "/addons/", $name)) as Part),+] };
}

const END: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/addons/end"));

/// In the order in which they are applied.
const fn of(addon: Addon) -> &'static [Part] {
    match addon {
        Addon::KubeProxy => parts!["kube-proxy.yaml"],
        Addon::Flannel => parts!["flannel.yaml"],
        Addon::Calico => parts!["calico-crd.each", "calico-crd.yaml", "calico.yaml"],
        Addon::Cilium => parts!["cilium-rbac.yaml", "cilium.yaml"],
        Addon::CoreDns => parts!["coredns.yaml"],
        Addon::CoreDnsBudget => parts!["coredns-budget.yaml"],
        Addon::CloudProvider => parts!["cloud-config.yaml", "cloud-controller-manager.yaml"],
        Addon::CinderCsi => {
            parts!["cinder-csi-rbac.yaml", "cinder-csi.yaml", "volume-snapshot-kinds.yaml", "volume-snapshots.yaml"]
        }
        Addon::MetricsServer => parts!["metrics-server.yaml"],
        Addon::Dashboard => parts!["dashboard.yaml", "dashboard-secrets.once.yaml"],
        Addon::Autoscaler => parts!["cluster-autoscaler.yaml"],
        Addon::AutoHealer => parts!["magnum-auto-healer.yaml"],
        Addon::NodeProblemDetector => parts!["node-problem-detector.yaml"],
        Addon::KeystoneAuth => parts!["keystone-auth-policy.once.yaml", "keystone-auth.yaml"],
        Addon::IngressNginx => parts!["ingress-nginx.yaml"],
        Addon::IngressOctavia => parts!["ingress-octavia.yaml"],
    }
}

/// The parameter `addons`: base64 of a compressed tar archive.
pub fn archive(addons: &[Addon]) -> String {
    let mut bytes: Vec<u8> = addons.iter().flat_map(|addon| of(*addon)).flat_map(|part| part.iter().copied()).collect();
    bytes.extend_from_slice(END);
    BASE64_STANDARD.encode(bytes)
}

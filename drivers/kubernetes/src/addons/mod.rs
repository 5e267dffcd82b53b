//! What runs inside a cluster from its start: network, DNS, and what its labels ask for.
//!
//! Each add-on is some manifests in `node/manifests/addons`, readable on their own. `choice` decides which of them a cluster has; `check` tells a user what
//! cannot be had. Manifests travel only to masters and only if they are chosen: [`archive`] packs them for the parameter `addons`, [`settings`] are the variables
//! that they read besides those of every node: images under the operator's prefix, and options. Secrets are not among them: the manifests name the variables
//! that the node has for its own login.
//!
//! They come with the node's parameters, not with its user data, for three reasons: user data is small, a server's user data stays what it was when the server
//! was made, and so a later version of this driver can improve the add-ons of clusters that exist.

mod archive;
mod check;
mod choice;
mod images;
pub mod labels;
mod settings;

pub use archive::archive;
pub use check::{check, check_workers};
pub use choice::{chosen, cloud_provider};
pub use settings::settings;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addon {
    KubeProxy,
    Flannel,
    Calico,
    Cilium,
    CoreDns,
    /// What keeps CoreDNS up while nodes are drained.
    CoreDnsBudget,
    /// OpenStack's cloud controller manager.
    CloudProvider,
    /// Cinder volumes and their snapshots.
    CinderCsi,
    MetricsServer,
    Dashboard,
    /// Grows and shrinks node groups.
    Autoscaler,
    /// Restarts and replaces nodes.
    AutoHealer,
    NodeProblemDetector,
    /// Keystone as the API's judge of tokens.
    KeystoneAuth,
    IngressNginx,
    IngressOctavia,
}

impl Addon {
    /// All, in the order in which they are applied: what pods need before anything can run comes first.
    pub const ALL: [Self; 16] = [
        Self::KubeProxy,
        Self::Flannel,
        Self::Calico,
        Self::Cilium,
        Self::CoreDns,
        Self::CoreDnsBudget,
        Self::CloudProvider,
        Self::CinderCsi,
        Self::KeystoneAuth,
        Self::MetricsServer,
        Self::NodeProblemDetector,
        Self::Autoscaler,
        Self::AutoHealer,
        Self::Dashboard,
        Self::IngressNginx,
        Self::IngressOctavia,
    ];

    /// For messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KubeProxy => "kube-proxy",
            Self::Flannel => "flannel",
            Self::Calico => "Calico",
            Self::Cilium => "Cilium",
            Self::CoreDns => "CoreDNS",
            Self::CoreDnsBudget => "CoreDNS' disruption budget",
            Self::CloudProvider => "the cloud controller manager",
            Self::CinderCsi => "the Cinder driver",
            Self::MetricsServer => "the metrics server",
            Self::Dashboard => "the dashboard",
            Self::Autoscaler => "the cluster autoscaler",
            Self::AutoHealer => "magnum-auto-healer",
            Self::NodeProblemDetector => "the node problem detector",
            Self::KeystoneAuth => "the Keystone webhook",
            Self::IngressNginx => "ingress-nginx",
            Self::IngressOctavia => "the Octavia ingress controller",
        }
    }

    /// The minor version of Kubernetes 1 whose API the manifests need.
    pub const fn oldest_minor(self) -> u32 {
        match self {
            Self::KubeProxy | Self::Flannel | Self::Calico | Self::CoreDns | Self::NodeProblemDetector => 0,
            // networking.k8s.io/v1, leases of leader elections.
            Self::CloudProvider | Self::KeystoneAuth | Self::IngressNginx | Self::IngressOctavia => 19,
            Self::MetricsServer | Self::Dashboard | Self::Autoscaler | Self::AutoHealer => 19,
            // snapshot.storage.k8s.io/v1.
            Self::CinderCsi => 20,
            // policy/v1, and what Cilium asks for.
            Self::CoreDnsBudget | Self::Cilium => 21,
        }
    }
}

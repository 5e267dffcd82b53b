//! Which versions of Kubernetes an operating system's nodes can run, and what goes with them.
//!
//! Fedora Atomic and CoreOS Container Linux ended in 2019 and 2020: kernels 4.19 to 5.6, cgroup v1, glibc 2.27 to 2.30. They get versions of their time, with a
//! container runtime that speaks to these.

use jeroboam_driver_common::OperatingSystem;
use jeroboam_driver_sdk::{Cluster, ClusterTemplate, Error, Pair};

/// What a node's operating system is up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Era {
    /// Fedora CoreOS, Ubuntu and Fedora of today.
    Current,
    /// Fedora Atomic and CoreOS Container Linux.
    Classic,
}

impl Era {
    pub const fn of(system: OperatingSystem) -> Self {
        match system {
            OperatingSystem::FedoraCoreos | OperatingSystem::Ubuntu | OperatingSystem::Fedora => Self::Current,
            OperatingSystem::FedoraAtomic | OperatingSystem::Coreos => Self::Classic,
        }
    }

    /// Minor versions whose flags the node configuration uses.
    pub const fn oldest_minor(self) -> u32 {
        match self {
            Self::Current => 29,
            Self::Classic => 19,
        }
    }

    /// The last that the operating system can run; nothing: later ones may work.
    pub const fn newest_minor(self) -> Option<u32> {
        match self {
            Self::Current => None,
            Self::Classic => Some(23),
        }
    }

    /// What labels default to where that is not what their schema says: the newest of each that works with the version of Kubernetes.
    const fn defaults(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Current => &[],
            Self::Classic => &[
                ("kube_tag", "v1.23.17"),
                ("etcd_tag", "3.5.6-0"),
                ("pause_tag", "3.6"),
                ("coredns_tag", "v1.8.6"),
                ("calico_tag", "v3.25.2"),
                // The oldest that the project's registry has.
                ("cloud_provider_tag", "v1.24.6"),
                ("cinder_csi_plugin_tag", "v1.28.3"),
                ("csi_attacher_tag", "v3.5.1"),
                ("csi_provisioner_tag", "v3.2.2"),
                ("csi_snapshotter_tag", "v6.0.1"),
                ("csi_resizer_tag", "v1.5.1"),
                ("csi_node_driver_registrar_tag", "v2.5.1"),
                ("csi_liveness_probe_tag", "v2.7.0"),
                ("cni_plugins_tag", "v1.3.0"),
                ("metrics_server_tag", "v0.6.3"),
                ("node_problem_detector_tag", "v0.8.18"),
                ("autoscaler_tag", "v1.23.1"),
                ("magnum_auto_healer_tag", "v1.24.6"),
                ("k8s_keystone_auth_tag", "v1.24.6"),
                ("octavia_ingress_controller_tag", "v1.24.6"),
                ("nginx_ingress_controller_tag", "v1.6.4"),
                // The last line whose CRI is the one that Kubernetes before v1.26 speaks.
                ("containerd_version", "1.7.29"),
            ],
        }
    }
}

impl Era {
    /// Labels, with the era's defaults for those that are absent. Done once, where a call comes in: nothing else has to know.
    pub fn complete(self, labels: &[Pair]) -> Vec<Pair> {
        let absent = self.defaults().iter().filter(|(name, _)| !labels.iter().any(|(given, _)| given == name));
        labels.iter().cloned().chain(absent.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).collect()
    }
}

/// A template with its era's defaults.
pub fn complete_template(template: &ClusterTemplate) -> Result<ClusterTemplate, Error> {
    let era = Era::of(OperatingSystem::of(&template.cluster_type)?);
    Ok(ClusterTemplate { labels: era.complete(&template.labels), ..template.clone() })
}

/// A cluster with its era's defaults.
pub fn complete_cluster(cluster: &Cluster) -> Result<Cluster, Error> {
    let era = Era::of(OperatingSystem::of(&cluster.template.cluster_type)?);
    Ok(Cluster { labels: era.complete(&cluster.labels), ..cluster.clone() })
}

/// The last minor version whose API server can also listen without TLS.
pub const LAST_INSECURE_MINOR: u32 = 19;

//! Clusters to ask a driver about: each differs from the plain one in what its name says.

use jeroboam_model::{ClusterTemplate, ClusterView, Role, driver::ClusterType, samples};

/// A cluster, and what is special about it.
#[derive(Clone)]
pub struct Sample {
    pub name: &'static str,
    pub view: ClusterView,
}

/// The flavor whose servers have to boot from a volume.
pub const DISKLESS: &str = "diskless";

type Change = fn(&mut ClusterView);

const SHAPES: &[(&str, u32, u32, Change)] = &[
    ("one master, one worker", 1, 1, |_| ()),
    ("three masters, two workers", 3, 2, |_| ()),
    ("no workers", 1, 0, |_| ()),
    ("an existing network", 1, 1, |view| {
        view.cluster.fixed_network = Some("existing".into());
        view.template.fixed_network = Some("existing".into());
    }),
    ("an existing network and subnet", 1, 1, |view| {
        view.cluster.fixed_network = Some("existing".into());
        view.cluster.fixed_subnet = Some("existing-subnet".into());
    }),
    ("no floating IPs", 1, 1, |view| {
        view.cluster.floating_ip_enabled = false;
        view.template.floating_ip_enabled = false;
    }),
    ("a load balancer", 3, 1, |view| {
        view.cluster.master_lb_enabled = true;
        view.template.master_lb_enabled = true;
    }),
    ("volumes for containers", 1, 1, |view| {
        view.cluster.docker_volume_size = Some(10);
        view.template.docker_volume_size = Some(10);
        view.groups.iter_mut().for_each(|group| group.docker_volume_size = Some(10));
    }),
    ("a flavor without disk", 1, 1, |view| view.groups.iter_mut().for_each(|group| group.flavor_id = Some(DISKLESS.into()))),
    ("proxies and a registry", 1, 1, |view| {
        view.template.http_proxy = Some("http://proxy.example:3128".into());
        view.template.https_proxy = Some("http://proxy.example:3128".into());
        view.template.no_proxy = Some("localhost,10.0.0.0/8".into());
        view.template.insecure_registry = Some("registry.example:5000".into());
    }),
    ("no TLS", 1, 1, |view| view.template.tls_disabled = true),
    ("no keypair", 1, 1, |view| {
        view.cluster.keypair = None;
        view.template.keypair_id = None;
    }),
    ("no external network", 1, 1, |view| view.template.external_network_id = None),
    ("a worker that leaves", 1, 1, |view| {
        if let Some(group) = view.groups.iter_mut().find(|group| group.role == Role::Worker) {
            group.nodes_to_remove = vec!["1".into(), "6f1c9b52-23a1-4d5e-9a6b-1f7f0f3ad001".into()];
        }
    }),
];

/// All of them for one cluster type.
pub fn all(kind: &ClusterType) -> Vec<Sample> {
    let sample = |(name, masters, workers, change): &(&'static str, u32, u32, Change)| {
        let mut view = plain(kind, *masters, *workers);
        change(&mut view);
        Sample { name, view }
    };
    SHAPES.iter().map(sample).collect()
}

/// A cluster that names what most drivers need.
pub fn plain(kind: &ClusterType, masters: u32, workers: u32) -> ClusterView {
    let template = ClusterTemplate {
        coe: kind.coe,
        server_type: kind.server_type,
        cluster_distro: kind.os_distro.clone(),
        image_id: "image".into(),
        flavor_id: Some("m1.small".into()),
        master_flavor_id: Some("m1.small".into()),
        keypair_id: Some("key".into()),
        external_network_id: Some("public".into()),
        dns_nameserver: vec![[8, 8, 8, 8].into()],
        ..samples::template("template")
    };
    let cluster = samples::cluster("check", &template);
    let mut groups = vec![samples::group(&cluster, Role::Master, masters), samples::group(&cluster, Role::Worker, workers)];
    groups.iter_mut().for_each(|group| group.image_id = "image".into());
    ClusterView { cluster, template, groups }
}

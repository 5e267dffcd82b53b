//! What is refused, and how the message finds its way to the field that is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_driver_kubernetes::Kubernetes;
use jeroboam_driver_sdk::{Cluster, Driver, settings::Platform, testing::samples};
use support::{fields, large, trusting, with_further_group, with_labels, world, world_on};

#[test]
fn ordinary_clusters_are_accepted_without_a_word() {
    for cluster in [samples::cluster(), large()] {
        assert_eq!(world_on(trusting()).run(|| Kubernetes::validate_cluster(&cluster)), Ok(vec![]));
        assert_eq!(world_on(trusting()).run(|| Kubernetes::validate_template(&cluster.template)), Ok(vec![]));
    }
}

#[test]
fn what_is_wrong_is_blamed_on_its_field() {
    type Case = (fn(&mut Cluster), &'static [&'static str]);
    let cases: &[Case] = &[
        (|c| c.groups[0].node_count = 2, &["master_count"]),
        (|c| c.groups[0].node_count = 0, &["master_count"]),
        (
            |c| {
                c.groups[0].node_count = 3;
                c.master_lb_enabled = false
            },
            &["master_count"],
        ),
        (|c| c.template.network_driver = Some("weave".into()), &["network_driver"]),
        (|c| c.template.volume_driver = Some("rexray".into()), &["volume_driver"]),
        (|c| c.template.docker_storage_driver = Some("devicemapper".into()), &["docker_storage_driver"]),
        (|c| c.template.tls_disabled = true, &["tls_disabled"]),
        (|c| c.template.external_network = Some("nowhere".into()), &["external_network_id"]),
        (|c| c.template.external_network = None, &["external_network_id"]),
        (|c| c.fixed_network = Some("nowhere".into()), &["fixed_network"]),
        (|c| c.fixed_subnet = Some("mine-v6".into()), &["fixed_subnet"]),
        (|c| c.keypair = Some("lost".into()), &["keypair"]),
        (|c| c.groups[1].flavor = "nowhere".into(), &["flavor_id"]),
        (|c| c.groups[1].flavor = "diskless".into(), &["flavor_id"]),
        (|c| c.groups[0].flavor = "tiny".into(), &["master_flavor_id"]),
        (|c| c.groups[0].image = "nothing".into(), &["image_id"]),
        (|c| c.groups[1].node_count = 300, &["node_count"]),
        (|c| c.groups[1].image = "ubuntu".into(), &["image_id"]),
        (
            |c| {
                c.template.tls_disabled = true;
                c.groups[0].node_count = 2
            },
            &["tls_disabled", "master_count"],
        ),
    ];
    for (index, (change, wanted)) in cases.iter().enumerate() {
        let mut cluster = large();
        change(&mut cluster);
        let error = world_on(trusting()).run(|| Kubernetes::validate_cluster(&cluster)).unwrap_err();
        assert_eq!(fields(&error), *wanted, "case {index}");
    }
}

#[test]
fn wrong_labels_are_blamed_by_name() {
    for (name, value, blamed) in [
        ("kube_tag", "latest", "kube_tag"),
        ("kube_tag", "v1.23.3-rancher1", "kube_tag"),
        ("etcd_tag", "3.6 4", "etcd_tag"),
        ("container_infra_prefix", "registry.example/kube", "container_infra_prefix"),
        ("flannel_network_cidr", "10.0.0.0/8", "service_cluster_ip_range"),
        ("fixed_subnet_cidr", "10.100.7.0/24", "flannel_network_cidr"),
        ("fixed_subnet_cidr", "10.254.7.0/24", "service_cluster_ip_range"),
        ("service_cluster_ip_range", "10.100.3.0/24", "service_cluster_ip_range"),
        ("service_cluster_ip_range", "10.254.0.0/30", "service_cluster_ip_range"),
        ("flannel_network_subnetlen", "16", "flannel_network_subnetlen"),
        ("master_lb_allowed_cidrs", "10.0.0.0/8,everybody", "master_lb_allowed_cidrs"),
        ("octavia_provider", "ovn", "octavia_lb_algorithm"),
        ("boot_volume_size", "3", "boot_volume_size"),
        ("container_runtime", "host-docker", "container_runtime"),
        ("node_labels", "gpu", "node_labels"),
        ("node_labels", "kubernetes.io/role=gpu", "node_labels"),
        ("node_labels", "node-role.kubernetes.io/gpu=yes", "node_labels"),
        ("node_labels", "gpu=not a name,-=x", "node_labels"),
        ("node_taints", "gpu=yes", "node_taints"),
        ("node_taints", "gpu=yes:Never", "node_taints"),
        ("node_drain_timeout", "-1", "node_drain_timeout"),
    ] {
        let cluster = with_labels(large(), &[(name, value)]);
        let error = world_on(trusting()).run(|| Kubernetes::validate_cluster(&cluster)).expect_err(name);
        assert!(fields(&error).contains(&format!("labels/{blamed}").as_str()), "{name}={value}: {error:?}");
    }
}

#[test]
fn an_existing_network_counts_with_its_own_addresses() {
    let mut cluster = with_labels(samples::cluster(), &[("flannel_network_cidr", "192.168.0.0/16")]);
    assert!(world_on(trusting()).run(|| Kubernetes::validate_cluster(&cluster)).is_ok());
    cluster.fixed_network = Some("mine".into());
    let error = world_on(trusting()).run(|| Kubernetes::validate_cluster(&cluster)).unwrap_err();
    assert_eq!(fields(&error), ["labels/flannel_network_cidr"]);
}

#[test]
fn the_cloud_provider_needs_the_operators_leave() {
    let asked = with_labels(samples::cluster(), &[("cloud_provider_enabled", "true")]);
    let error = world().run(|| Kubernetes::validate_cluster(&asked)).unwrap_err();
    assert_eq!(fields(&error), ["labels/cloud_provider_enabled"]);
    assert!(world_on(trusting()).run(|| Kubernetes::validate_cluster(&asked)).is_ok());

    let refused = with_labels(samples::cluster(), &[("cloud_provider_enabled", "false")]);
    let error = world_on(trusting()).run(|| Kubernetes::validate_cluster(&refused)).unwrap_err();
    assert_eq!(fields(&error), ["volume_driver"]);

    let warnings = world().run(|| Kubernetes::validate_cluster(&samples::cluster())).unwrap();
    assert_eq!(warnings.len(), 1, "Cinder volumes that pods will not have");
}

#[test]
fn a_cloud_without_octavia_refuses_load_balancers() {
    let platform = Platform { load_balancers: false, ..trusting() };
    let error = world_on(platform).run(|| Kubernetes::validate_cluster(&large())).unwrap_err();
    assert_eq!(fields(&error), ["master_lb_enabled"]);
}

#[test]
fn an_operators_limit_of_resources_is_obeyed() {
    let world = world_on(trusting()).setting("max_resources_per_stack", "20");
    let error = world.run(|| Kubernetes::validate_cluster(&samples::cluster())).unwrap_err();
    assert_eq!(fields(&error), ["node_count"]);
}

#[test]
fn masters_can_only_become_more() {
    let refuse = |count| {
        let mut cluster = with_further_group(large());
        cluster.groups[0].node_count = count;
        world_on(trusting()).run(|| Kubernetes::validate_cluster(&cluster)).err()
    };
    assert_eq!(refuse(5), None);
    let error = refuse(1).expect("etcd would lose its majority");
    assert_eq!(fields(&error), ["master_count"]);
}

#[test]
fn a_registry_needs_the_operators_leave() {
    let mut cluster = large();
    cluster.template.registry_enabled = true;
    assert_eq!(world_on(trusting()).run(|| Kubernetes::validate_cluster(&cluster)), Ok(vec![]));
    let error = world().run(|| Kubernetes::validate_cluster(&cluster)).unwrap_err();
    assert_eq!(fields(&error), ["registry_enabled"]);
}

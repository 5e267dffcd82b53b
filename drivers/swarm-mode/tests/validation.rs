//! What is refused before anything is made, and how it is said.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_driver_sdk::{Cluster, Driver, Error, settings::Platform};
use jeroboam_driver_swarm_mode::SwarmMode;
use support::{SYSTEMS, fields, large, on, small, trusting, with_group, with_labels, world, world_on};

fn refused(cluster: &Cluster) -> Error {
    world_on(trusting()).run(|| SwarmMode::validate_cluster(cluster)).unwrap_err()
}

fn warned(cluster: &Cluster) -> Vec<String> {
    let warnings = world_on(trusting()).run(|| SwarmMode::validate_cluster(cluster)).unwrap();
    warnings.into_iter().filter_map(|warning| warning.field).collect()
}

#[test]
fn what_is_right_is_accepted_without_a_word() {
    for cluster in [small(), large(), with_group()].into_iter().chain(SYSTEMS.map(on)) {
        assert_eq!(world_on(trusting()).run(|| SwarmMode::validate_cluster(&cluster)), Ok(vec![]));
        assert_eq!(world_on(trusting()).run(|| SwarmMode::validate_template(&cluster.template)), Ok(vec![]));
    }
}

#[test]
fn what_is_wrong_is_blamed_on_its_field() {
    type Case = (fn(&mut Cluster), &'static [&'static str]);
    let cases: &[Case] = &[
        (|c| c.groups[0].node_count = 2, &["master_count"]),
        (|c| c.master_lb_enabled = false, &["master_count"]),
        (|c| c.template.network_driver = Some("calico".into()), &["network_driver"]),
        (|c| c.template.volume_driver = Some("cinder".into()), &["volume_driver"]),
        (|c| c.template.docker_storage_driver = Some("devicemapper".into()), &["docker_storage_driver"]),
        (|c| c.template.docker_storage_driver = Some("aufs".into()), &["docker_storage_driver"]),
        (|c| c.template.apiserver_port = Some(2377), &["apiserver_port"]),
        (|c| c.template.external_network = None, &["external_network_id"]),
        (|c| c.fixed_network = Some("nowhere".into()), &["fixed_network"]),
        (|c| c.keypair = Some("lost".into()), &["keypair"]),
        (|c| c.groups[1].flavor = "diskless".into(), &["flavor_id"]),
        (|c| c.groups[0].image = "nothing".into(), &["image_id"]),
        (|c| c.groups[1].node_count = 300, &["node_count"]),
    ];
    for (index, (change, wanted)) in cases.iter().enumerate() {
        let mut cluster = large();
        change(&mut cluster);
        assert_eq!(fields(&refused(&cluster)), *wanted, "case {index}");
    }
}

#[test]
fn wrong_labels_are_blamed_by_name() {
    for (name, value, blamed) in [
        ("swarm_network_cidr", "10.0.0.0/8", "swarm_network_cidr"),
        ("swarm_network_cidr", "everything", "swarm_network_cidr"),
        ("swarm_network_subnetlen", "12", "swarm_network_subnetlen"),
        ("fixed_subnet_cidr", "10.100.7.0/24", "swarm_network_cidr"),
        ("rexray_preempt", "perhaps", "rexray_preempt"),
        ("rexray_tag", "0.11 4", "rexray_tag"),
        ("container_infra_prefix", "registry.example/docker", "container_infra_prefix"),
        ("master_lb_allowed_cidrs", "10.0.0.0/8,everybody", "master_lb_allowed_cidrs"),
        ("boot_volume_size", "3", "boot_volume_size"),
    ] {
        let cluster = with_labels(large(), &[(name, value)]);
        let error = refused(&cluster);
        assert!(fields(&error).contains(&format!("labels/{blamed}").as_str()), "{name}={value}: {error:?}");
    }
}

#[test]
fn devicemapper_is_for_fedora_atomic_and_needs_a_volume() {
    let mut cluster = on("fedora-atomic");
    cluster.template.docker_storage_driver = Some("devicemapper".into());
    assert_eq!(fields(&refused(&cluster)), ["docker_volume_size"]);
    cluster.docker_volume_size = Some(2);
    assert_eq!(fields(&refused(&cluster)), ["docker_volume_size"]);
    cluster.docker_volume_size = Some(3);
    assert!(warned(&cluster).is_empty());
    cluster.groups[1].docker_volume_size = Some(1);
    assert_eq!(fields(&refused(&cluster)), ["docker_volume_size"], "a group of its own size");

    let mut template = cluster.template.clone();
    assert!(world().run(|| SwarmMode::validate_template(&template)).is_ok(), "clusters may bring a size");
    template.docker_volume_size = Some(2);
    let error = world().run(|| SwarmMode::validate_template(&template)).unwrap_err();
    assert_eq!(fields(&error), ["docker_volume_size"]);
}

#[test]
fn what_is_dangerous_or_ignored_is_said() {
    let mut cluster = small();
    cluster.template.tls_disabled = true;
    cluster.template.registry_enabled = true;
    cluster.template.network_driver = Some("flannel".into());
    assert_eq!(warned(&cluster), ["tls_disabled", "registry_enabled", "network_driver"]);
}

#[test]
fn rexray_without_a_trust_is_said_to_bring_no_volumes() {
    let warnings = world().run(|| SwarmMode::validate_cluster(&on("ubuntu"))).unwrap();
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].field.as_deref(), Some("volume_driver"));
}

#[test]
fn a_cloud_without_octavia_refuses_load_balancers() {
    let platform = Platform { load_balancers: false, ..trusting() };
    let error = world_on(platform).run(|| SwarmMode::validate_cluster(&large())).unwrap_err();
    assert_eq!(fields(&error), ["master_lb_enabled"]);
}

#[test]
fn the_limit_of_each_stack_is_its_own() {
    let mut cluster = with_group();
    cluster.groups[1].node_count = 150;
    cluster.groups[2].node_count = 140;
    assert!(warned(&cluster).is_empty(), "two stacks hold more nodes than one");
    cluster.groups[2].node_count = 150;
    let Error::Invalid(errors) = refused(&cluster) else { panic!() };
    assert!(errors[0].message.contains("node group Big_Disks") && errors[0].message.contains("1000"), "{}", errors[0].message);
}

#[test]
fn as_many_workers_fit_as_the_documentation_says() {
    let mut cluster = large();
    cluster.groups[1].node_count = 191;
    assert!(warned(&cluster).is_empty());
    cluster.groups[1].node_count = 192;
    assert_eq!(fields(&refused(&cluster)), ["node_count"]);
}

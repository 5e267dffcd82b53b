//! One driver, five operating systems: what differs between them, and nothing else.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_driver_common::testing::{checks, node};
use jeroboam_driver_kubernetes::Kubernetes;
use jeroboam_driver_sdk::{Cluster, Driver, StackDefinition, settings::Platform, testing::samples};
use serde_json::Value as Json;
use support::{define, define_in, fields, large, on, parameter, settings, text, trusting, with_labels, world_on};

/// Server type, operating system, how its user data begins, its fragment, its version of Kubernetes.
const SYSTEMS: [(&str, &str, &str, &str, &str); 5] = [
    ("vm", "fedora-coreos", r#"{"ignition":{"version":"3.3.0"}"#, "fedora", "v1.34.1"),
    ("vm", "ubuntu", "#cloud-config\n{", "ubuntu", "v1.34.1"),
    ("vm", "fedora-atomic", "#cloud-config\n{", "fedora", "v1.23.17"),
    ("vm", "coreos", r#"{"ignition":{"version":"2.2.0"}"#, "coreos", "v1.23.17"),
    ("bm", "fedora", "#cloud-config\n{", "fedora", "v1.34.1"),
];

fn cluster_on(server_type: &str, distro: &str) -> Cluster {
    let mut cluster = on(large(), server_type, distro);
    if server_type == "bm" {
        cluster.fixed_network = Some("mine".into());
        cluster.template.fixed_network = Some("mine".into());
        cluster.template.volume_driver = None;
    }
    cluster
}

fn user_data(definition: &StackDefinition) -> &str {
    &definition.files.iter().find(|(name, _)| name == "worker-user-data").unwrap().1
}

#[test]
fn the_driver_says_which_it_knows() {
    let known: Vec<_> =
        Kubernetes::describe().cluster_types.into_iter().map(|known| (known.server_type, known.os_distro)).collect();
    assert_eq!(known, SYSTEMS.map(|(server_type, distro, ..)| (server_type.to_owned(), distro.to_owned())));
}

#[test]
fn each_gets_user_data_that_it_reads_its_fragment_and_its_version() {
    for (server_type, distro, beginning, family, version) in SYSTEMS {
        let cluster = cluster_on(server_type, distro);
        assert_eq!(world_on(trusting()).run(|| Kubernetes::validate_cluster(&cluster)), Ok(vec![]), "{distro}");
        let definition = define(&cluster);
        assert!(user_data(&definition).starts_with(beginning), "{distro}");
        assert_eq!(settings(&definition)["OPERATING_SYSTEM"], family);
        assert_eq!(text(&definition, "kube_tag"), version);
        let installed = node::installed(user_data(&definition));
        assert!(installed.contains_key(&format!("/opt/jeroboam/libexec/os-{family}.sh")));
        checks::check(&definition);
    }
}

#[test]
fn nodes_are_given_the_same_whatever_their_operating_system() {
    let all: Vec<_> = SYSTEMS.iter().map(|system| node::installed(user_data(&define(&cluster_on(system.0, system.1))))).collect();
    assert!(all.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn updates_do_not_reboot_nodes_and_docker_keeps_away() {
    for (server_type, distro, ..) in SYSTEMS {
        let definition = define(&cluster_on(server_type, distro));
        let masked: Vec<String> = match user_data(&definition).strip_prefix("#cloud-config\n") {
            Some(document) => {
                let document: Json = serde_json::from_str(document).unwrap();
                let commands = document["runcmd"].as_array().unwrap();
                commands
                    .iter()
                    .filter(|command| command[1] == "mask")
                    .map(|command| command[3].as_str().unwrap().to_owned())
                    .collect()
            }
            None => {
                let config: Json = serde_json::from_str(user_data(&definition)).unwrap();
                let units = config["systemd"]["units"].as_array().unwrap();
                units.iter().filter(|unit| unit["mask"] == true).map(|unit| unit["name"].as_str().unwrap().to_owned()).collect()
            }
        };
        assert!(masked.contains(&"docker.service".to_owned()), "{distro}");
        for (system, updater) in
            [("fedora-coreos", "zincati.service"), ("coreos", "locksmithd.service"), ("ubuntu", "unattended-upgrades.service")]
        {
            assert_eq!(masked.contains(&updater.to_owned()), system == distro, "{distro} {updater}");
        }
    }
}

#[test]
fn the_owner_can_log_in_everywhere() {
    for (server_type, distro, ..) in SYSTEMS {
        assert!(user_data(&define(&cluster_on(server_type, distro))).contains("ssh-ed25519 AAAA owner"), "{distro}");
    }
}

#[test]
fn old_systems_run_versions_of_their_time_only() {
    for (distro, tag, good) in [
        ("fedora-atomic", "v1.19.16", true),
        ("coreos", "v1.22.17", true),
        ("fedora-atomic", "v1.24.0", false),
        ("coreos", "v1.34.1", false),
        ("fedora-atomic", "v1.18.20", false),
        ("ubuntu", "v1.23.17", false),
        ("ubuntu", "v1.29.0", true),
    ] {
        let cluster = on(with_labels(large(), &[("kube_tag", tag)]), "vm", distro);
        let answer = world_on(trusting()).run(|| Kubernetes::validate_cluster(&cluster));
        match answer {
            Ok(_) => assert!(good, "{tag} on {distro}"),
            Err(error) => assert!(!good && fields(&error) == ["labels/kube_tag"], "{tag} on {distro}: {error:?}"),
        }
    }
}

#[test]
fn old_systems_get_a_runtime_that_old_kubelets_speak_to() {
    assert_eq!(settings(&define(&cluster_on("vm", "coreos")))["CONTAINERD_VERSION"], "1.7.29");
    let chosen = with_labels(cluster_on("vm", "coreos"), &[("containerd_version", "1.6.36")]);
    assert_eq!(settings(&define(&chosen))["CONTAINERD_VERSION"], "1.6.36", "a label outranks the default");
}

#[test]
fn only_versions_with_an_insecure_port_do_without_tls() {
    let disabled = |distro: &str, tag: &str| {
        let mut cluster = on(with_labels(large(), &[("kube_tag", tag)]), "vm", distro);
        cluster.template.tls_disabled = true;
        cluster
    };
    for (distro, tag) in [("fedora-coreos", "v1.34.1"), ("fedora-atomic", "v1.20.0"), ("coreos", "v1.23.17")] {
        let error = world_on(trusting()).run(|| Kubernetes::validate_cluster(&disabled(distro, tag))).unwrap_err();
        assert_eq!(fields(&error), ["tls_disabled"], "{tag} on {distro}");
        assert!(format!("{error:?}").contains("v1.19"), "the message names the versions that have it");
    }
    let cluster = disabled("fedora-atomic", "v1.19.16");
    assert!(world_on(trusting()).run(|| Kubernetes::validate_cluster(&cluster)).is_ok());
    let definition = define(&cluster);
    assert_eq!(parameter(&definition, "kubernetes_port"), &8080u32.into());
    assert_eq!(settings(&definition)["KUBE_INSECURE_PORT"], "8080");
    assert_eq!(settings(&definition)["KUBE_API_PORT"], "6443", "nodes keep to TLS");
    assert_eq!(settings(&define(&large()))["KUBE_INSECURE_PORT"], "");
}

#[test]
fn bare_metal_has_no_volumes_and_no_network_of_its_own() {
    type Case = (fn(&mut Cluster), &'static [&'static str]);
    let cases: &[Case] = &[
        (|c| c.fixed_network = None, &["fixed_network"]),
        (|c| c.docker_volume_size = Some(10), &["docker_volume_size"]),
        (|c| c.groups[1].docker_volume_size = Some(10), &["docker_volume_size"]),
        (|c| c.template.volume_driver = Some("cinder".into()), &["volume_driver"]),
        (|c| c.labels.push(("boot_volume_size".into(), "20".into())), &["labels/boot_volume_size"]),
        (|c| c.labels.push(("etcd_volume_size".into(), "20".into())), &["labels/etcd_volume_size"]),
    ];
    for (index, (change, wanted)) in cases.iter().enumerate() {
        let mut cluster = cluster_on("bm", "fedora");
        change(&mut cluster);
        let error = world_on(trusting()).run(|| Kubernetes::validate_cluster(&cluster)).unwrap_err();
        assert!(fields(&error).starts_with(wanted), "case {index}: {error:?}");
    }
    let platform = Platform { boot_volume_size: 20, ..trusting() };
    let definition = define_in(world_on(platform.clone()), &cluster_on("bm", "fedora"));
    assert_eq!(parameter(&definition, "boot_volume_size"), &0u32.into(), "the operator's choice is for virtual servers");
    assert_eq!(parameter(&define_in(world_on(platform), &samples::cluster()), "boot_volume_size"), &20u32.into());
}

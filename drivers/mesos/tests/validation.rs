//! What is refused, and how the message finds its way to the field that is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_driver_mesos::Mesos;
use jeroboam_driver_sdk::{Cluster, Driver, Error, NodeGroup, settings::Platform, testing::samples};
use support::{fields, large, small, trusting, with_labels, world, world_on};

#[test]
fn ordinary_clusters_are_accepted_without_a_word() {
    for cluster in [small(), large()] {
        assert_eq!(world_on(trusting()).run(|| Mesos::validate_cluster(&cluster)), Ok(vec![]));
        assert_eq!(world_on(trusting()).run(|| Mesos::validate_template(&cluster.template)), Ok(vec![]));
    }
}

#[test]
fn what_is_wrong_is_blamed_on_its_field() {
    type Case = (fn(&mut Cluster), &'static [&'static str]);
    let cases: &[Case] = &[
        (|c| c.groups[0].node_count = 2, &["master_count"]),
        (|c| c.groups[0].node_count = 0, &["master_count"]),
        (|c| c.template.network_driver = Some("flannel".into()), &["network_driver"]),
        (|c| c.template.volume_driver = Some("cinder".into()), &["volume_driver"]),
        (|c| c.template.docker_storage_driver = Some("devicemapper".into()), &["docker_storage_driver"]),
        (|c| c.template.external_network = Some("nowhere".into()), &["external_network_id"]),
        (|c| c.fixed_network = Some("nowhere".into()), &["fixed_network"]),
        (|c| c.keypair = Some("lost".into()), &["keypair"]),
        (|c| c.groups[1].flavor = "diskless".into(), &["flavor_id"]),
        (|c| c.groups[0].image = "nothing".into(), &["image_id"]),
        (|c| c.groups[1].node_count = 300, &["node_count"]),
        (
            |c| {
                c.template.network_driver = Some("calico".into());
                c.groups[0].node_count = 4
            },
            &["network_driver", "master_count"],
        ),
    ];
    for (index, (change, wanted)) in cases.iter().enumerate() {
        let mut cluster = large();
        change(&mut cluster);
        let error = world_on(trusting()).run(|| Mesos::validate_cluster(&cluster)).unwrap_err();
        assert_eq!(fields(&error), *wanted, "case {index}: {error:?}");
    }
}

#[test]
fn a_slave_that_would_not_start_is_refused() {
    for (label, value) in [
        ("mesos_slave_isolation", "docker/runtime,nonsense"),
        ("mesos_slave_image_providers", "rkt"),
        ("mesos_slave_image_providers", "docker"),
        ("mesos_slave_work_dir", "var/lib"),
        ("mesos_slave_work_dir", "/srv/../etc"),
        ("mesos_slave_work_dir", "/srv/a b"),
        ("mesos_slave_executor_env_variables", "PATH=/bin"),
        ("mesos_slave_executor_env_variables", r#"{"N": 1}"#),
        ("mesos_slave_flags", "--gc_delay=1days"),
        ("mesos_slave_flags", "../zk=x"),
        ("mesos_slave_flags", "work_dir=/tmp"),
        ("rexray_preempt", "perhaps"),
        ("octavia_lb_algorithm", "RANDOM"),
    ] {
        let cluster = with_labels(small(), &[(label, value)]);
        let error = world_on(trusting()).run(|| Mesos::validate_cluster(&cluster)).unwrap_err();
        assert_eq!(fields(&error), [format!("labels/{label}")], "{label}={value}");
    }
}

/// The fields that warnings are about.
fn warned(platform: Platform, cluster: &Cluster) -> Vec<String> {
    let warnings = world_on(platform).run(|| Mesos::validate_cluster(cluster)).unwrap();
    warnings.into_iter().filter_map(|warning| warning.field).collect()
}

#[test]
fn what_users_may_not_expect_is_told() {
    let mut cluster = small();
    cluster.template.tls_disabled = false;
    assert_eq!(warned(trusting(), &cluster), ["tls_disabled"], "who expects TLS has to hear that there is none");
    cluster = small();
    cluster.template.registry_enabled = true;
    assert_eq!(warned(trusting(), &cluster), ["registry_enabled"]);
    cluster = small();
    cluster.groups[0].node_count = 3;
    assert_eq!(warned(trusting(), &cluster), ["master_lb_enabled"]);
    assert_eq!(warned(samples::platform(), &large()), ["volume_driver"]);
}

#[test]
fn a_cloud_without_octavia_refuses_load_balancers() {
    let platform = Platform { load_balancers: false, ..trusting() };
    let error = world_on(platform).run(|| Mesos::validate_cluster(&large())).unwrap_err();
    assert_eq!(fields(&error), ["master_lb_enabled"]);
}

#[test]
fn the_limit_of_resources_is_named_and_the_operators_is_obeyed() {
    let mut cluster = large();
    cluster.groups[1].node_count = 400;
    let error = world().run(|| Mesos::validate_cluster(&cluster)).unwrap_err();
    assert!(matches!(error, Error::Invalid(errors) if errors[0].message.contains("Heat allows 1000")));
    let error = world().setting("max_resources_per_stack", "20").run(|| Mesos::validate_cluster(&small())).unwrap_err();
    assert_eq!(fields(&error), ["node_count"]);
}

#[test]
fn further_node_groups_are_not_promised() {
    let mut cluster = small();
    cluster.groups.push(NodeGroup { is_default: false, name: "gpu".into(), ..cluster.groups[1].clone() });
    let error = world_on(trusting()).run(|| Mesos::validate_cluster(&cluster)).unwrap_err();
    assert!(matches!(error, Error::Unsupported(text) if text.contains("gpu")));
}

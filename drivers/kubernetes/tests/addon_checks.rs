//! Add-ons that cannot be had, and what is said of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_driver_kubernetes::{Kubernetes, addons::Addon, labels};
use jeroboam_driver_sdk::{Cluster, Driver, Error, LabelType, Warning, settings::Platform, testing::samples};
use support::{fields, large, trusting, with_labels, world_on};

fn validate_on(platform: Platform, cluster: &Cluster) -> Result<Vec<Warning>, Error> {
    world_on(platform).run(|| Kubernetes::validate_cluster(cluster))
}

fn validate(labels: &[(&str, &str)]) -> Result<Vec<Warning>, Error> {
    validate_on(trusting(), &with_labels(large(), labels))
}

fn message(error: &Error) -> String {
    let Error::Invalid(errors) = error else { panic!("{error:?}") };
    errors.iter().map(|error| error.message.clone()).collect::<Vec<_>>().join("; ")
}

#[test]
fn what_a_label_asks_for_and_cannot_be_is_refused_by_its_name() {
    let cases = [
        (&[("monitoring_enabled", "true")][..], "monitoring_enabled", "kube-prometheus-stack"),
        (&[("ingress_controller", "traefik")], "ingress_controller", "octavia, nginx"),
        (&[("auto_healing_controller", "draino")], "auto_healing_controller", "magnum-auto-healer"),
        (&[("kube_dashboard_version", "v7.13.0")], "kube_dashboard_version", "Helm"),
        (&[("kube_dashboard_version", "v2.7.0 --evil")], "kube_dashboard_version", "v2"),
        (&[("auto_scaling_enabled", "true")], "max_node_count", "auto_scaling_enabled"),
        (&[("auto_scaling_roles", "worker,a b")], "auto_scaling_roles", "letters"),
        (&[("ingress_controller_role", "\"")], "ingress_controller_role", "letters"),
        (
            &[("ingress_controller", "octavia"), ("octavia_provider", "ovn"), ("octavia_lb_algorithm", "SOURCE_IP_PORT")],
            "ingress_controller",
            "ovn",
        ),
        (&[("cilium_tag", "v1 --evil")], "cilium_tag", "image tag"),
    ];
    for (given, label, hint) in cases {
        let error = validate(given).unwrap_err();
        assert_eq!(fields(&error), [format!("labels/{label}")], "{given:?}");
        assert!(message(&error).contains(hint), "{given:?}: {}", message(&error));
    }
}

#[test]
fn the_autoscaler_needs_a_range() {
    let mut cluster = with_labels(large(), &[("auto_scaling_enabled", "true"), ("max_node_count", "5")]);
    cluster.groups[1].max_node_count = Some(5);
    validate_on(trusting(), &cluster).unwrap();
    cluster.groups[1].min_node_count = 6;
    assert_eq!(fields(&validate_on(trusting(), &cluster).unwrap_err()), ["labels/min_node_count"]);
    cluster.groups[1].min_node_count = 0;
    cluster.groups[1].max_node_count = Some(900);
    let error = validate_on(trusting(), &cluster).unwrap_err();
    assert_eq!(fields(&error), ["labels/max_node_count"], "Heat could not make so many");
    assert!(message(&error).contains("max_resources_per_stack"));
}

#[test]
fn what_acts_in_the_cloud_needs_a_cloud_provider_that_may() {
    let asked = [("auto_healing_enabled", "true"), ("ingress_controller", "octavia")];
    let distrusting = Platform { cluster_user_trust: false, ..trusting() };
    let error = validate_on(distrusting, &with_labels(large(), &asked)).unwrap_err();
    assert_eq!(fields(&error), ["labels/auto_healing_enabled", "labels/ingress_controller"]);
    assert!(message(&error).contains("cluster_user_trust"));
    let mut cluster = with_labels(large(), &[asked[0], ("cloud_provider_enabled", "false")]);
    cluster.template.volume_driver = None;
    let error = validate_on(trusting(), &cluster).unwrap_err();
    assert_eq!(fields(&error), ["labels/auto_healing_enabled"]);
    assert!(message(&error).contains("cloud_provider_enabled"));
}

#[test]
fn a_cloud_without_octavia_has_no_ingress_by_it() {
    let mut cluster = with_labels(samples::cluster(), &[("ingress_controller", "octavia")]);
    cluster.groups[0].node_count = 1;
    let error = validate_on(Platform { load_balancers: false, ..trusting() }, &cluster).unwrap_err();
    assert_eq!(fields(&error), ["labels/ingress_controller"]);
}

#[test]
fn software_without_maintainers_is_called_that() {
    let warnings = validate(&[("ingress_controller", "nginx")]).unwrap();
    assert!(warnings.iter().any(|warning| warning.field.as_deref() == Some("labels/ingress_controller")), "{warnings:?}");
    assert!(validate(&[]).unwrap().is_empty());
}

/// On Fedora Atomic.
fn classic(kube_tag: &str, labels: &[(&str, &str)]) -> Cluster {
    let mut labels = labels.to_vec();
    labels.push(("kube_tag", kube_tag));
    let mut cluster = with_labels(large(), &labels);
    cluster.template.cluster_type.os_distro = "fedora-atomic".into();
    for group in &mut cluster.groups {
        group.image = "fedora-atomic".into();
    }
    cluster
}

fn validate_classic(cluster: &Cluster) -> Result<Vec<Warning>, Error> {
    world_on(trusting()).run(|| Kubernetes::validate_cluster(cluster))
}

#[test]
fn an_old_kubernetes_goes_without_what_it_cannot_run() {
    let warnings = validate_classic(&classic("v1.19.16", &[])).unwrap();
    let about: Vec<_> = warnings
        .iter()
        .filter(|warning| warning.field.as_deref() == Some("labels/kube_tag"))
        .map(|warning| &warning.message)
        .collect();
    assert!(about.iter().any(|message| message.contains("Cinder driver needs Kubernetes v1.20")), "{warnings:?}");
    let error = validate_classic(&classic("v1.19.16", &[("cinder_csi_enabled", "true")])).unwrap_err();
    assert_eq!(fields(&error), ["labels/cinder_csi_enabled"], "one that was asked for is refused");
}

#[test]
fn cilium_is_refused_where_the_kernel_is_too_old() {
    let mut cluster = classic("v1.23.17", &[]);
    cluster.template.network_driver = Some("cilium".into());
    let error = validate_classic(&cluster).unwrap_err();
    assert_eq!(fields(&error), ["network_driver"]);
    assert!(message(&error).contains("5.10"));
}

#[test]
fn every_label_of_an_add_on_says_what_it_takes() {
    let specs = labels::all();
    let spec = |name: &str| specs.iter().find(|spec| spec.name == name).unwrap_or_else(|| panic!("no label {name}"));
    for switch in
        ["metrics_server_enabled", "npd_enabled", "kube_dashboard_enabled", "auto_scaling_enabled", "auto_healing_enabled"]
    {
        assert_eq!(spec(switch).label_type, LabelType::Boolean, "{switch}");
    }
    assert!(matches!(&spec("ingress_controller").label_type, LabelType::Choice(names) if names.len() == 2));
    assert!(Addon::ALL.iter().all(|addon| !addon.name().is_empty()));
    let mut names: Vec<_> = specs.iter().map(|spec| &spec.name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), specs.len(), "a label has one line");
}

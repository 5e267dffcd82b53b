//! From a cluster's fields and labels to parameters and node settings.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_driver_kubernetes::{Kubernetes, addons, labels};
use jeroboam_driver_sdk::{Driver, StackScope, Value, settings::Platform, testing::samples};
use support::{NETWORK, SUBNET, define, define_in, large, parameter, settings, text, trusting, with_labels, world_on};

#[test]
fn the_same_cluster_is_defined_the_same_way_every_time() {
    assert_eq!(define(&large()), define(&large()));
}

#[test]
fn names_become_ids_where_names_may_be_ambiguous() {
    let mut cluster = large();
    cluster.fixed_network = Some("mine".into());
    let definition = define(&cluster);
    assert_eq!(text(&definition, "fixed_network"), NETWORK);
    assert_eq!(text(&definition, "fixed_subnet"), SUBNET, "the first that is IPv4");
    assert_eq!(text(&definition, "fixed_subnet_cidr"), "192.168.7.0/24");
    assert_eq!(text(&definition, "external_network"), support::EXTERNAL);
}

#[test]
fn addresses_follow_from_the_networks() {
    let definition = define(&with_labels(large(), &[("service_cluster_ip_range", "172.20.0.0/16")]));
    let settings = settings(&definition);
    assert_eq!(settings["KUBE_SERVICE_IP"], "172.20.0.1");
    assert_eq!(settings["DNS_SERVICE_IP"], "172.20.0.10");
}

#[test]
fn the_network_driver_decides_on_the_pods_addresses() {
    let labels = [("flannel_network_cidr", "10.101.0.0/16"), ("calico_ipv4pool", "10.102.0.0/16")];
    let mut cluster = with_labels(large(), &labels);
    assert_eq!(text(&define(&cluster), "pods_network_cidr"), "10.101.0.0/16");
    cluster.template.network_driver = Some("calico".into());
    assert_eq!(text(&define(&cluster), "pods_network_cidr"), "10.102.0.0/16");
}

#[test]
fn a_volumes_type_is_the_users_then_the_operators_then_the_clouds() {
    let sized = with_labels(large(), &[("etcd_volume_size", "5")]);
    assert_eq!(text(&define(&sized), "etcd_volume_type"), "fast", "Cinder's default");
    let platform = Platform { etcd_volume_type: "slow".into(), ..trusting() };
    assert_eq!(text(&define_in(world_on(platform.clone()), &sized), "etcd_volume_type"), "slow");
    let chosen = with_labels(large(), &[("etcd_volume_size", "5"), ("etcd_volume_type", "encrypted")]);
    assert_eq!(text(&define_in(world_on(platform), &chosen), "etcd_volume_type"), "encrypted");
    assert_eq!(text(&define(&large()), "etcd_volume_type"), "", "no volume, no type");
}

#[test]
fn who_may_reach_the_api_includes_the_nodes() {
    let definition = define(&with_labels(large(), &[("master_lb_allowed_cidrs", "203.0.113.0/24")]));
    assert_eq!(parameter(&definition, "master_lb_allowed_cidrs"), &Value::Json(r#"["203.0.113.0/24","10.0.0.0/24"]"#.into()));
    assert_eq!(parameter(&definition, "master_lb_restricted"), &Value::Flag(true));
    assert_eq!(parameter(&define(&large()), "master_lb_restricted"), &Value::Flag(false));
}

#[test]
fn workers_that_leave_are_named_to_heat() {
    let mut cluster = large();
    cluster.groups[1].nodes_to_remove = vec!["0".into(), "server-id".into()];
    assert_eq!(parameter(&define(&cluster), "minions_to_remove"), &Value::Json(r#"["0","server-id"]"#.into()));
}

#[test]
fn exceptions_from_proxies_cover_the_cluster_itself() {
    let mut cluster = large();
    assert_eq!(settings(&define(&cluster))["NO_PROXY"], "");
    cluster.template.https_proxy = Some("http://proxy.example:3128".into());
    cluster.template.no_proxy = Some("intranet.example".into());
    let exceptions = settings(&define(&cluster))["NO_PROXY"].as_str().unwrap().to_owned();
    for expected in ["intranet.example", "10.0.0.0/24", "10.100.0.0/16", "10.254.0.0/16", "169.254.169.254", ".cluster.local"] {
        assert!(exceptions.split(',').any(|item| item == expected), "{expected} in {exceptions}");
    }
}

#[test]
fn without_the_operators_leave_no_cloud_provider_is_started() {
    let settings_of = |platform| settings(&define_in(world_on(platform), &samples::cluster()));
    assert_eq!(settings_of(samples::platform())["CLOUD_PROVIDER_ENABLED"], "false");
    assert_eq!(settings_of(trusting())["CLOUD_PROVIDER_ENABLED"], "true");
}

#[test]
fn a_keypair_that_has_gone_stops_only_a_new_cluster() {
    let mut cluster = samples::cluster();
    cluster.keypair = Some("lost".into());
    let define = |cluster: &_| world_on(trusting()).observe(|| Kubernetes::define_stack(cluster, &StackScope::Cluster));
    assert_eq!(support::fields(&define(&cluster).0.unwrap_err()), ["keypair"]);
    cluster.stack_id = Some("stack".into());
    let (definition, trace) = define(&cluster);
    assert!(definition.is_ok());
    assert_eq!(trace.log.len(), 1, "the operator hears of it");
}

#[test]
fn every_label_has_an_effect_or_a_reason_to_be_accepted() {
    let samples = [("boolean", "false"), ("cidr", "172.16.0.0/20")];
    let only_checked = ["container_runtime", "cgroup_driver"];
    let mut base = with_labels(large(), &[("boot_volume_size", "20"), ("etcd_volume_size", "5")]);
    base.docker_volume_size = Some(5);
    // Those of add-ons have a test of their own.
    let of_add_ons: Vec<String> = addons::labels::label_specs().into_iter().map(|spec| spec.name).collect();
    for spec in labels::all().into_iter().filter(|spec| !of_add_ons.contains(&spec.name)) {
        assert!(!spec.meaning.is_empty() && spec.since == "0.1.0", "{}", spec.name);
        if only_checked.contains(&spec.name.as_str()) {
            continue;
        }
        let value = match &spec.label_type {
            jeroboam_driver_sdk::LabelType::Boolean => samples[0].1.to_owned(),
            jeroboam_driver_sdk::LabelType::Cidr => samples[1].1.to_owned(),
            jeroboam_driver_sdk::LabelType::Integer(_) => "23".to_owned(),
            jeroboam_driver_sdk::LabelType::Choice(options) => options.last().unwrap().clone(),
            jeroboam_driver_sdk::LabelType::Choices(_) => "203.0.113.0/24".to_owned(),
            _ if spec.name == "kube_tag" => "v1.33.0".to_owned(),
            _ if spec.name == "node_labels" => "a=b".to_owned(),
            _ if spec.name == "node_taints" => "a:NoSchedule".to_owned(),
            _ => "other/".to_owned(),
        };
        let mut base = base.clone();
        if spec.name.starts_with("calico") {
            base.template.network_driver = Some("calico".into());
        }
        if spec.name.contains("_snapshot") {
            base.template.volume_driver = Some("cinder".into());
        }
        let mut changed = base.clone();
        changed.labels.retain(|(name, _)| *name != spec.name);
        changed.labels.push((spec.name.clone(), value.clone()));
        // Calico has one choice whose order of options ends at the default.
        let value_is_default = spec.default.as_deref() == Some(value.as_str());
        if !value_is_default {
            assert_ne!(define(&base).parameters, define(&changed).parameters, "{}={value} changes nothing", spec.name);
        }
    }
}

//! From a cluster's fields and labels to parameters and node settings.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_driver_sdk::{LabelType, SecretName, Value, settings::Platform};
use jeroboam_driver_swarm::labels;
use support::{
    DISCOVERY, NETWORK, SUBNET, define, define_in, large, parameter, settings, small, trusting, with_labels, world, world_on,
};

#[test]
fn the_same_cluster_is_defined_the_same_way_every_time() {
    assert_eq!(define(&large()), define(&large()));
}

#[test]
fn names_become_ids_where_names_may_be_ambiguous() {
    let mut cluster = large();
    cluster.fixed_network = Some("mine".into());
    let definition = define(&cluster);
    assert_eq!(parameter(&definition, "fixed_network"), &NETWORK.into());
    assert_eq!(parameter(&definition, "fixed_subnet"), &SUBNET.into());
    assert_eq!(parameter(&definition, "external_network"), &support::EXTERNAL.into());
}

#[test]
fn masters_are_told_where_they_find_each_other() {
    assert_eq!(parameter(&define(&large()), "discovery_url"), &DISCOVERY.into());
    let mut cluster = large();
    cluster.discovery_url = None;
    assert_eq!(parameter(&define(&cluster), "discovery_url"), &"".into(), "they start from their addresses");
}

#[test]
fn the_network_driver_and_its_labels_reach_the_nodes() {
    let labels = [("flannel_network_cidr", "10.101.0.0/16"), ("flannel_backend", "vxlan"), ("swarm_strategy", "binpack")];
    let settings = settings(&define(&with_labels(large(), &labels)));
    assert_eq!(settings["NETWORK_DRIVER"], "flannel");
    assert_eq!(settings["FLANNEL_NETWORK_CIDR"], "10.101.0.0/16");
    assert_eq!(settings["FLANNEL_NETWORK_SUBNETLEN"], "24");
    assert_eq!(settings["FLANNEL_BACKEND"], "vxlan");
    assert_eq!(settings["SWARM_STRATEGY"], "binpack");
    assert_eq!(support::settings(&define(&small()))["NETWORK_DRIVER"], "docker");
}

#[test]
fn swarm_listens_where_the_template_says() {
    let mut cluster = small();
    assert_eq!(parameter(&define(&cluster), "swarm_port"), &2376i64.into());
    cluster.template.tls_disabled = true;
    assert_eq!(parameter(&define(&cluster), "swarm_port"), &2376i64.into(), "upstream knows one port");
    assert_eq!(settings(&define(&cluster))["DOCKER_TLS"], "false");
    cluster.template.apiserver_port = Some(4243);
    assert_eq!(settings(&define(&cluster))["SWARM_PORT"], "4243");
}

#[test]
fn a_volumes_type_is_the_users_then_the_operators_then_the_clouds() {
    let mut cluster = large();
    cluster.groups[0].docker_volume_size = Some(7);
    let definition = define(&cluster);
    assert_eq!(parameter(&definition, "master_docker_volume_size"), &7i64.into());
    assert_eq!(parameter(&definition, "node_docker_volume_size"), &0i64.into());
    assert_eq!(parameter(&definition, "docker_volume_type"), &"fast".into(), "Cinder's default");
    let platform = Platform { docker_volume_type: "slow".into(), ..trusting() };
    assert_eq!(parameter(&define_in(world_on(platform.clone()), &cluster), "docker_volume_type"), &"slow".into());
    let chosen = with_labels(cluster, &[("docker_volume_type", "encrypted")]);
    assert_eq!(parameter(&define_in(world_on(platform), &chosen), "docker_volume_type"), &"encrypted".into());
}

#[test]
fn the_volume_plugin_needs_the_operators_leave() {
    assert_eq!(settings(&define(&large()))["REXRAY_ENABLED"], "true");
    assert_eq!(settings(&define_in(world(), &large()))["REXRAY_ENABLED"], "false");
}

#[test]
fn a_registry_logs_in_to_the_owners_object_store() {
    let mut cluster = small();
    assert_eq!(settings(&define(&cluster))["REGISTRY_ENABLED"], "false");
    cluster.template.registry_enabled = true;
    let definition = define(&cluster);
    assert_eq!(settings(&definition)["REGISTRY_ENABLED"], "true");
    assert_eq!(settings(&definition)["REGISTRY_CONTAINER"], "docker_registry");
    assert_eq!(parameter(&definition, "trustee_username"), &SecretName::TrusteeUsername.into());
    assert_eq!(settings(&define_in(world(), &cluster))["REGISTRY_ENABLED"], "false", "the operator lets nobody in");
    let named = define_in(world_on(trusting()).setting("registry_container", "images"), &cluster);
    assert_eq!(settings(&named)["REGISTRY_CONTAINER"], "images");
}

#[test]
fn nodes_that_leave_are_named_to_heat() {
    let mut cluster = large();
    cluster.groups[1].nodes_to_remove = vec!["server-id".into(), "0".into()];
    assert_eq!(parameter(&define(&cluster), "nodes_to_remove"), &Value::Json(r#"["server-id","0"]"#.into()));
}

#[test]
fn exceptions_from_proxies_cover_the_cluster_itself() {
    let mut cluster = small();
    cluster.template.http_proxy = Some("http://proxy.example:3128".into());
    cluster.template.no_proxy = Some("intranet.example".into());
    let exceptions = settings(&define(&cluster))["NO_PROXY"].as_str().unwrap().to_owned();
    for expected in ["intranet.example", "10.0.0.0/24", "169.254.169.254"] {
        assert!(exceptions.split(',').any(|item| item == expected), "{expected} in {exceptions}");
    }
}

#[test]
fn every_label_has_an_effect() {
    let mut base = with_labels(large(), &[("boot_volume_size", "20")]);
    base.docker_volume_size = Some(5);
    for spec in labels::all() {
        assert!(!spec.meaning.is_empty() && spec.since == "0.1.0", "{}", spec.name);
        let value = match (spec.name.as_str(), &spec.label_type) {
            ("master_lb_allowed_cidrs", _) => "203.0.113.0/24".to_owned(),
            (_, LabelType::Boolean) => (spec.default.as_deref() == Some("false")).to_string(),
            (_, LabelType::Cidr) => "172.16.0.0/20".to_owned(),
            (_, LabelType::Integer(_)) => "23".to_owned(),
            (_, LabelType::Choice(options) | LabelType::Choices(options)) => options.last().unwrap().clone(),
            _ => "other/".to_owned(),
        };
        let mut changed = base.clone();
        changed.labels.retain(|(name, _)| *name != spec.name);
        changed.labels.push((spec.name.clone(), value.clone()));
        assert_ne!(define(&base).parameters, define(&changed).parameters, "{}={value} changes nothing", spec.name);
    }
}

//! From a cluster's fields and labels to parameters and node settings.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_driver_mesos::labels;
use jeroboam_driver_sdk::{LabelType, Value, settings::Platform};
use support::{NETWORK, SUBNET, define, define_in, large, parameter, settings, small, trusting, with_labels, world, world_on};

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
fn labels_of_slaves_reach_the_nodes_as_flags_want_them() {
    let labels = [
        ("mesos_slave_isolation", "docker/runtime, filesystem/linux"),
        ("mesos_slave_image_providers", "docker"),
        ("mesos_slave_work_dir", "/srv/mesos"),
        ("mesos_slave_executor_env_variables", r#"{ "JAVA_HOME": "/opt/java" }"#),
        ("mesos_slave_flags", " gc_delay=1days   docker_remove_delay=1hrs "),
    ];
    let settings = settings(&define(&with_labels(small(), &labels)));
    assert_eq!(settings["MESOS_SLAVE_ISOLATION"], "docker/runtime,filesystem/linux");
    assert_eq!(settings["MESOS_SLAVE_IMAGE_PROVIDERS"], "docker");
    assert_eq!(settings["MESOS_SLAVE_WORK_DIR"], "/srv/mesos");
    assert_eq!(settings["MESOS_SLAVE_EXECUTOR_ENV_VARIABLES"], r#"{"JAVA_HOME":"/opt/java"}"#);
    assert_eq!(settings["MESOS_SLAVE_FLAGS"], "gc_delay=1days docker_remove_delay=1hrs");
}

#[test]
fn volumes_are_for_slaves_and_of_the_users_the_operators_or_the_clouds_type() {
    let mut cluster = large();
    cluster.docker_volume_size = Some(7);
    let definition = define(&cluster);
    assert_eq!(parameter(&definition, "docker_volume_size"), &7i64.into());
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
    assert_eq!(settings(&define(&small()))["REXRAY_ENABLED"], "false", "and somebody who asks for it");
}

#[test]
fn marathon_listens_where_the_template_says() {
    let mut cluster = small();
    assert_eq!(parameter(&define(&cluster), "marathon_port"), &8080i64.into());
    cluster.template.apiserver_port = Some(9090);
    let definition = define(&cluster);
    assert_eq!(parameter(&definition, "marathon_port"), &9090i64.into());
    assert_eq!(settings(&definition)["MARATHON_PORT"], "9090");
}

#[test]
fn slaves_that_leave_are_named_to_heat() {
    let mut cluster = large();
    cluster.groups[1].nodes_to_remove = vec!["server-id".into(), "0".into()];
    assert_eq!(parameter(&define(&cluster), "slaves_to_remove"), &Value::Json(r#"["server-id","0"]"#.into()));
}

#[test]
fn exceptions_from_proxies_cover_the_cluster_itself() {
    let mut cluster = small();
    cluster.template.https_proxy = Some("http://proxy.example:3128".into());
    cluster.template.no_proxy = Some("intranet.example".into());
    let exceptions = settings(&define(&cluster))["NO_PROXY"].as_str().unwrap().to_owned();
    for expected in ["intranet.example", "10.0.0.0/24", "169.254.169.254"] {
        assert!(exceptions.split(',').any(|item| item == expected), "{expected} in {exceptions}");
    }
}

#[test]
fn every_label_has_an_effect() {
    let mut base = with_labels(large(), &[("boot_volume_size", "20"), ("mesos_slave_isolation", "docker/runtime")]);
    base.docker_volume_size = Some(5);
    for spec in labels::all() {
        assert!(!spec.meaning.is_empty() && spec.since == "0.1.0", "{}", spec.name);
        let value = match (spec.name.as_str(), &spec.label_type) {
            ("mesos_slave_executor_env_variables", _) => r#"{"A":"b"}"#.to_owned(),
            ("mesos_slave_flags", _) => "gc_delay=1days".to_owned(),
            ("mesos_slave_work_dir", _) => "/srv".to_owned(),
            ("master_lb_allowed_cidrs", _) => "203.0.113.0/24".to_owned(),
            (_, LabelType::Boolean) => (spec.default.as_deref() == Some("false")).to_string(),
            (_, LabelType::Cidr) => "172.16.0.0/20".to_owned(),
            (_, LabelType::Integer(_)) => "23".to_owned(),
            (_, LabelType::Choice(options) | LabelType::Choices(options)) => options.last().unwrap().clone(),
            _ => "other".to_owned(),
        };
        let mut changed = base.clone();
        changed.labels.retain(|(name, _)| *name != spec.name);
        changed.labels.push((spec.name.clone(), value.clone()));
        assert_ne!(define(&base).parameters, define(&changed).parameters, "{}={value} changes nothing", spec.name);
    }
}

//! Groups beyond the two default ones: a stack each, and what it knows of the cluster's own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_driver_kubernetes::Kubernetes;
use jeroboam_driver_sdk::{ClusterTemplate, Driver, Error, NodeGroup, Output, StackScope, Value, testing::samples};
use serde_json::{Value as Json, json};
use support::{
    FURTHER, define, define_further, fields, large, parameter, text, trusting, variables_of, with_further_group, with_labels,
    world_on,
};

fn outputs(values: &[(&str, Json)]) -> Vec<Output> {
    values.iter().map(|(name, value)| Output { name: (*name).to_owned(), value: value.to_string() }).collect()
}

#[test]
fn what_the_clusters_stack_tells_is_remembered_and_defines_the_groups() {
    let told = outputs(&[
        ("fixed_network", json!("network-id")),
        ("fixed_subnet", json!("subnet-id")),
        ("worker_security_groups", json!(["one", "two"])),
        ("api_private_address", json!("10.0.0.9")),
        ("first_master", json!("server-id")),
        ("number_of_masters", json!(3)),
    ]);
    let observed = Kubernetes::read_stack(&large(), &StackScope::Cluster, &told).unwrap();
    let mut cluster = with_further_group(large());
    cluster.extras = observed.extras;
    let definition = define_further(&cluster);
    assert_eq!(text(&definition, "fixed_network"), "network-id");
    assert_eq!(text(&definition, "api_private_address"), "10.0.0.9");
    assert_eq!(text(&definition, "first_master"), "server-id");
    assert_eq!(parameter(&definition, "security_groups"), &Value::Json(r#"["one","two"]"#.into()));
    assert_eq!(parameter(&definition, "number_of_minions"), &3u32.into());
}

#[test]
fn a_group_waits_for_the_cluster_to_be_there() {
    let mut cluster = with_further_group(large());
    cluster.extras.clear();
    let answer = world_on(trusting()).run(|| Kubernetes::define_stack(&cluster, &StackScope::NodeGroup(FURTHER.into())));
    assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
}

#[test]
fn a_group_is_not_in_the_clusters_own_stack() {
    assert_eq!(define(&with_further_group(large())).parameters.len(), define(&large()).parameters.len());
    assert_eq!(parameter(&define(&with_further_group(large())), "number_of_minions"), &2u32.into());
}

#[test]
fn the_addresses_of_a_group_are_its_own() {
    let told = outputs(&[("kube_minions", json!(["203.0.113.5"])), ("kube_minions_private", json!(["10.0.0.5"]))]);
    let mut cluster = with_further_group(large());
    let scope = StackScope::NodeGroup(FURTHER.into());
    let observed = Kubernetes::read_stack(&cluster, &scope, &told).unwrap();
    assert_eq!(observed.api_address, None);
    assert_eq!((observed.groups[0].group.as_str(), observed.groups[0].node_addresses[0].as_str()), (FURTHER, "203.0.113.5"));
    cluster.floating_ip_enabled = false;
    let observed = Kubernetes::read_stack(&cluster, &scope, &told).unwrap();
    assert_eq!(observed.groups[0].node_addresses, ["10.0.0.5"]);
}

#[test]
fn labels_and_taints_of_nodes_are_the_groups_then_the_clusters() {
    let mut cluster = with_further_group(with_labels(large(), &[("node_labels", "site=one")]));
    cluster.groups[2].labels = vec![
        ("node_labels".into(), "gpu=yes example.org/kind=large".into()),
        ("node_taints".into(), "gpu=yes:NoSchedule,slow:PreferNoSchedule".into()),
    ];
    assert!(world_on(trusting()).run(|| Kubernetes::validate_cluster(&cluster)).is_ok());
    let own = variables_of(&define_further(&cluster), "minion_settings");
    assert_eq!(own["NODE_LABELS"], "gpu=yes,example.org/kind=large");
    assert_eq!(own["NODE_TAINTS"], "gpu=yes:NoSchedule,slow=:PreferNoSchedule");
    assert_eq!((&own["NODEGROUP_NAME"], &own["NODEGROUP_ROLE"]), (&json!("gpu"), &json!("gpu")));
    let default = variables_of(&define(&cluster), "minion_settings");
    assert_eq!((&default["NODE_LABELS"], &default["NODE_TAINTS"]), (&json!("site=one"), &json!("")));
}

#[test]
fn a_group_too_large_for_its_stack_is_refused() {
    let mut cluster = with_further_group(large());
    cluster.groups[2].node_count = 170;
    let error = world_on(trusting()).run(|| Kubernetes::validate_cluster(&cluster)).unwrap_err();
    assert_eq!(fields(&error), ["node_count"]);
    assert!(format!("{error:?}").contains("gpu"));
}

#[test]
fn there_is_one_group_of_masters() {
    let mut cluster = large();
    cluster.groups.push(NodeGroup { is_default: false, name: "more".into(), ..cluster.groups[0].clone() });
    let error = world_on(trusting()).run(|| Kubernetes::validate_cluster(&cluster)).unwrap_err();
    assert!(matches!(error, Error::Unsupported(text) if text.contains("more")));
}

fn target(tag: &str) -> ClusterTemplate {
    ClusterTemplate { labels: vec![("kube_tag".into(), tag.into())], ..samples::template() }
}

#[test]
fn a_group_is_upgraded_on_its_own_after_the_cluster() {
    let mut cluster = with_further_group(with_labels(large(), &[("kube_tag", "v1.34.1")]));
    let plan =
        |cluster: &_, tag: &str, group| world_on(trusting()).run(|| Kubernetes::plan_upgrade(cluster, &target(tag), group, 2));
    let whole = plan(&cluster, "v1.35.0", None).unwrap();
    assert!(whole.steps.iter().all(|step| step.scope == StackScope::Cluster));
    assert!(whole.warnings.iter().any(|warning| warning.message.contains("gpu")), "the user is told what is left");

    assert_eq!(fields(&plan(&cluster, "v1.35.0", Some(FURTHER)).unwrap_err()), ["labels/kube_tag"], "not before the masters");
    cluster.groups[2].labels = vec![("kube_tag".into(), "v1.33.0".into())];
    let steps = plan(&cluster, "v1.34.1", Some(FURTHER)).unwrap().steps;
    assert!(steps.iter().all(|step| step.scope == StackScope::NodeGroup(FURTHER.into())));
    let tags: Vec<String> = steps.iter().map(|step| text(&step.definition, "minion_kube_tag")).collect();
    assert_eq!(tags, ["v1.33.0", "v1.34.1"], "the group learns of the master that drains it before its nodes are replaced");
    assert_eq!(parameter(&steps[1].definition, "update_max_batch_size"), &2u32.into());
}

//! What the driver does with a cluster that is there: outputs, health, removals, upgrades, and what it leaves behind.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use std::{cell::RefCell, rc::Rc};

use jeroboam_driver_kubernetes::Kubernetes;
use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, Driver, Error, HealthStatus, Output, Progress, StackScope,
    coe_api::{Request, Response},
    floating_ips::FloatingIp,
    load_balancers::LoadBalancer,
    testing::{World, samples},
    volumes::Volume,
};
use serde_json::{Value as Json, json};
use support::{large, parameter, text, trusting, with_labels, world_on};

fn outputs(values: &[(&str, Json)]) -> Vec<Output> {
    values.iter().map(|(name, value)| Output { name: (*name).to_owned(), value: value.to_string() }).collect()
}

#[test]
fn outputs_tell_addresses_and_version() {
    let outputs = outputs(&[
        ("api_address", json!("203.0.113.7")),
        ("kube_version", json!("v1.34.1")),
        ("kube_masters", json!(["203.0.113.1"])),
        ("kube_masters_private", json!(["10.0.0.1"])),
        ("kube_minions", json!(["203.0.113.2", null])),
        ("kube_minions_private", json!(["10.0.0.2"])),
    ]);
    let mut cluster = samples::cluster();
    let read = |cluster: &Cluster| Kubernetes::read_stack(cluster, &StackScope::Cluster, &outputs).unwrap();
    let observed = read(&cluster);
    assert_eq!(observed.api_address.as_deref(), Some("https://203.0.113.7:6443"));
    assert_eq!(observed.coe_version.as_deref(), Some("v1.34.1"));
    let addresses = |observed: &jeroboam_driver_sdk::Observation| {
        observed.groups.iter().map(|group| group.node_addresses.clone()).collect::<Vec<_>>()
    };
    assert_eq!(addresses(&observed), [vec!["203.0.113.1".to_owned()], vec!["203.0.113.2".to_owned()]]);
    cluster.floating_ip_enabled = false;
    cluster.template.apiserver_port = Some(8443);
    let observed = read(&cluster);
    assert_eq!(observed.api_address.as_deref(), Some("https://203.0.113.7:8443"));
    assert_eq!(addresses(&observed), [vec!["10.0.0.1".to_owned()], vec!["10.0.0.2".to_owned()]]);
}

#[test]
fn a_failed_stack_has_outputs_that_say_nothing() {
    let observed =
        Kubernetes::read_stack(&samples::cluster(), &StackScope::Cluster, &outputs(&[("api_address", Json::Null)])).unwrap();
    assert_eq!(observed.api_address, None);
    assert!(observed.groups.iter().all(|group| group.node_addresses.is_empty()));
}

fn node(name: &str, ready: &str, cordoned: bool) -> Json {
    json!({"metadata": {"name": name}, "spec": {"unschedulable": cordoned}, "status": {"conditions": [{"type": "Ready", "status": ready}]}})
}

fn api(readyz: &'static str, nodes: Vec<Json>) -> World {
    world_on(trusting()).coe_api(move |request: &Request| {
        let body = match request.path.as_str() {
            "/readyz" => readyz.to_owned(),
            path if path.starts_with("/api/v1/nodes") => json!({"items": nodes}).to_string(),
            path => panic!("{path}"),
        };
        let status = if request.path == "/readyz" && readyz != "ok" { 500 } else { 200 };
        Ok(Response { status, headers: vec![], body: body.into_bytes() })
    })
}

#[test]
fn a_cluster_is_healthy_if_its_api_and_all_nodes_are() {
    let check = |world: World| world.run(|| Kubernetes::check_health(&large())).unwrap();
    let healthy = check(api("ok", vec![node("a", "True", false), node("b", "True", true)]));
    assert_eq!(healthy.status, HealthStatus::Healthy);
    assert_eq!(
        healthy.reasons,
        [("api", "ok"), ("a.Ready", "True"), ("b.Ready", "True")].map(|(n, v)| (n.to_owned(), v.to_owned()))
    );
    assert_eq!(check(api("ok", vec![node("a", "Unknown", false)])).status, HealthStatus::Unhealthy);
    assert_eq!(check(api("etcd failed", vec![node("a", "True", false)])).status, HealthStatus::Unhealthy);
}

#[test]
fn an_api_that_does_not_answer_is_unhealthy_only_where_it_should_be_reachable() {
    let mut cluster = large();
    let check = |cluster: &Cluster| world_on(trusting()).run(|| Kubernetes::check_health(cluster)).unwrap().status;
    assert_eq!(check(&cluster), HealthStatus::Unhealthy);
    cluster.floating_ip_enabled = false;
    assert_eq!(check(&cluster), HealthStatus::Unknown);
}

#[test]
fn workers_without_work_go_first() {
    let cluster = large();
    let name = |index: u32| format!("{}-node-{index}", cluster.stack_name);
    let nodes = vec![
        node(&name(0), "False", false),
        node(&name(1), "True", false),
        node(&name(2), "True", true),
        node("stranger", "False", false),
    ];
    let pick = |world: World, count| world.run(|| Kubernetes::pick_removals(&cluster, &cluster.groups[1].uuid, count)).unwrap();
    assert_eq!(pick(api("ok", nodes.clone()), 1), ["0"]);
    assert_eq!(pick(api("ok", nodes), 3), ["0", "2", "1"], "then those that work, so that they can be drained");
    assert!(pick(world_on(trusting()), 1).is_empty(), "Heat chooses if nobody can be asked");
}

fn balancer(id: &str, description: &str, status: &str) -> LoadBalancer {
    LoadBalancer {
        id: id.into(),
        name: id.into(),
        description: description.into(),
        provisioning_status: status.into(),
        vip_port_id: None,
    }
}

#[test]
fn load_balancers_of_services_go_before_the_stack_and_their_addresses_after_them() {
    let cluster = samples::cluster();
    let description = format!("Kubernetes external service default/web from cluster {}", cluster.uuid);
    let address = FloatingIp {
        id: "address".into(),
        address: "203.0.113.9".into(),
        description: format!("Floating IP for {description}"),
        port_id: None,
    };
    let world = World::new().floating_ip(address);

    let busy = world.clone().load_balancer(balancer("web", &description, "ACTIVE")).load_balancer(balancer(
        "going",
        &description,
        "PENDING_DELETE",
    ));
    let (progress, trace) = busy.observe(|| Kubernetes::before_delete(&cluster));
    assert!(matches!(progress, Ok(Progress::Waiting(retry)) if retry.message.contains("web") && retry.after_ms > 0));
    assert_eq!(trace.deleted, [("load_balancers", "web".to_owned())]);

    let foreign = world.load_balancer(balancer("mine", &format!("notes on {}", cluster.uuid), "ACTIVE"));
    let (progress, trace) = foreign.observe(|| Kubernetes::before_delete(&cluster));
    assert_eq!(progress, Ok(Progress::Done));
    assert_eq!(trace.deleted, [("floating_ips", "address".to_owned())]);
}

/// An API with one claim, which a pod uses, and what it was asked to delete.
fn api_with_a_claim(asked: &Rc<RefCell<Vec<String>>>) -> World {
    let asked = Rc::clone(asked);
    world_on(trusting()).setting("delete_volumes", "true").coe_api(move |request: &Request| {
        if request.method == "DELETE" {
            asked.borrow_mut().push(request.path.clone());
        }
        let object =
            |name: &str, volumes: Json| json!({"metadata": {"name": name, "namespace": "shop"}, "spec": {"volumes": volumes}});
        let items = match request.path.as_str() {
            "/api/v1/persistentvolumeclaims" => json!([object("data", json!([]))]),
            "/api/v1/pods" => {
                json!([
                    object("db", json!([{"persistentVolumeClaim": {"claimName": "data"}}])),
                    object("web", json!([{"emptyDir": {}}]))
                ])
            }
            _ => json!([]),
        };
        Ok(Response { status: 200, headers: vec![], body: json!({"items": items}).to_string().into_bytes() })
    })
}

fn volume(id: &str, status: &str) -> Volume {
    Volume { id: id.into(), name: id.into(), size: 1, status: status.into() }
}

#[test]
fn volumes_of_claims_go_with_the_cluster_only_if_the_operator_says_so() {
    let kept = world_on(trusting()).volume(volume("data", "available"));
    let (progress, trace) = kept.observe(|| Kubernetes::before_delete(&samples::cluster()));
    assert_eq!((progress, trace.deleted.len()), (Ok(Progress::Done), 0));

    let asked = Rc::default();
    let world = api_with_a_claim(&asked).volume(volume("data", "in-use")).volume(volume("free", "available"));
    let (progress, trace) = world.observe(|| Kubernetes::before_delete(&samples::cluster()));
    assert!(matches!(progress, Ok(Progress::Waiting(_))), "{progress:?}");
    assert_eq!(trace.deleted, [("volumes", "free".to_owned())], "the other is still attached");
    let expected = [
        "/apis/storage.k8s.io/v1/storageclasses",
        "/api/v1/namespaces/shop/persistentvolumeclaims",
        "/api/v1/namespaces/shop/pods/db",
    ];
    assert_eq!(*asked.borrow(), expected, "nothing that has no volume is touched");
}

#[test]
fn a_cluster_whose_api_is_gone_is_deleted_all_the_same() {
    let world = world_on(trusting()).setting("delete_volumes", "true").volume(volume("data", "in-use"));
    let (progress, trace) = world.observe(|| Kubernetes::before_delete(&samples::cluster()));
    assert_eq!(progress, Ok(Progress::Done));
    assert!(trace.log.iter().any(|(_, text)| text.contains("data") && text.contains("stays")), "the operator hears what stays");
}

#[test]
fn new_authorities_reach_all_nodes_and_replace_none() {
    let mut rotated = large();
    rotated.extras.push(("ca-generation".into(), "2".into()));
    let (before, after) = (support::define(&large()), support::define(&rotated));
    assert_eq!(support::settings(&before)["CA_GENERATION"], "0");
    assert_eq!(support::settings(&after)["CA_GENERATION"], "2");
    let changed = before.parameters.iter().zip(&after.parameters).filter(|(before, after)| before != after);
    let changed: Vec<&str> = changed.map(|((name, _), _)| name.as_str()).collect();
    assert_eq!(changed, ["node_settings"], "what every deployment reads, and nothing else");
    assert_eq!(parameter(&after, "master_batch_size"), &3u32.into(), "etcd's members change together");
}

fn target(labels: &[(&str, &str)]) -> ClusterTemplate {
    with_labels(samples::cluster(), labels).labels.into_iter().fold(samples::template(), |mut template, label| {
        template.labels.push(label);
        template
    })
}

#[test]
fn an_upgrade_replaces_masters_one_by_one_then_workers_in_batches() {
    let plan =
        world_on(trusting()).run(|| Kubernetes::plan_upgrade(&large(), &target(&[("kube_tag", "v1.35.0")]), None, 2)).unwrap();
    let [masters, workers] = plan.steps.as_slice() else { panic!("{} steps", plan.steps.len()) };
    assert_eq!(
        (text(&masters.definition, "master_kube_tag"), text(&masters.definition, "minion_kube_tag")),
        ("v1.35.0".into(), "v1.34.1".into())
    );
    assert_eq!(
        (text(&workers.definition, "master_kube_tag"), text(&workers.definition, "minion_kube_tag")),
        ("v1.35.0".into(), "v1.35.0".into())
    );
    assert_eq!(parameter(&workers.definition, "update_max_batch_size"), &2u32.into());
    assert_eq!(workers.summary, "Replacing 2 workers with v1.35.0, 2 at a time");
}

#[test]
fn the_image_changes_with_its_group() {
    let template = ClusterTemplate { image: "image-id".into(), ..target(&[("kube_tag", "v1.34.2")]) };
    let plan = world_on(trusting()).run(|| Kubernetes::plan_upgrade(&large(), &template, None, 1)).unwrap();
    let images =
        |step: usize| (text(&plan.steps[step].definition, "master_image"), text(&plan.steps[step].definition, "minion_image"));
    assert_eq!(images(0), ("image-id".into(), "fedora-coreos".into()));
    assert_eq!(images(1), ("image-id".into(), "image-id".into()));
}

#[test]
fn what_a_new_template_says_of_networks_and_volumes_leaves_a_cluster_alone() {
    let template = target(&[("kube_tag", "v1.34.2"), ("flannel_network_cidr", "10.99.0.0/16"), ("etcd_volume_size", "7")]);
    let plan = world_on(trusting()).run(|| Kubernetes::plan_upgrade(&large(), &template, None, 1)).unwrap();
    assert_eq!(text(&plan.steps[1].definition, "pods_network_cidr"), "10.100.0.0/16");
    assert_eq!(parameter(&plan.steps[1].definition, "etcd_volume_size"), &0u32.into());
}

#[test]
fn upgrades_that_kubernetes_or_etcd_would_not_survive_are_refused() {
    let refuse = |cluster: &Cluster, tag: &str, group: Option<&str>| {
        world_on(trusting()).run(|| Kubernetes::plan_upgrade(cluster, &target(&[("kube_tag", tag)]), group, 1)).unwrap_err()
    };
    let cluster = large();
    let workers = cluster.groups[1].uuid.clone();
    for (tag, group) in [("v1.33.0", None), ("v1.36.0", None), ("v1.35.0", Some(workers.as_str())), ("nonsense", None)] {
        assert_eq!(support::fields(&refuse(&cluster, tag, group)), ["labels/kube_tag"], "{tag} {group:?}");
    }
    let single = samples::cluster();
    assert!(matches!(refuse(&single, "v1.35.0", None), Error::Unsupported(text) if text.contains("etcd_volume_size")));
    let kept = with_labels(single, &[("etcd_volume_size", "5")]);
    assert!(world_on(trusting()).run(|| Kubernetes::plan_upgrade(&kept, &target(&[("kube_tag", "v1.35.0")]), None, 1)).is_ok());
}

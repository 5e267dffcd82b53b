//! A driver written against the SDK, tried natively.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, ClusterType, Description, Driver, Error, Features, LabelType, Progress, Role, StackDefinition,
    StackScope, Warning,
    errors::blame,
    labels, load_balancers, log, lookup, settings,
    testing::{self, World},
};

labels! {
    KUBE_TAG = "kube_tag": text, default "v1.33.5", since "0.1.0", "The version.";
    MASTERS = "masters": integer(1, 7), default "3", since "0.1.0", "How many.", per_group;
    SPREAD = "spread": boolean, default "True", since "0.2.0", "Whether.";
    CGROUP = "cgroup": choice("systemd", "cgroupfs"), default "systemd", since "0.1.0", "Which.";
    PLUGINS = "plugins": choices("A", "B", "C"), default "A, B", since "0.1.0", "Which of them.";
    ANYTHING = "anything": choices, since "0.1.0", "A list.";
    PODS = "pods": cidr, default "10.100.0.0/16", since "0.1.0", "Network of pods.";
    ZONE = "zone": text, since "0.1.0", "Where.";
}

struct Probe;

impl Driver for Probe {
    fn describe() -> Description {
        Description {
            name: "probe".to_owned(),
            version: "0.1.0".to_owned(),
            summary: "For tests.".to_owned(),
            cluster_types: vec![ClusterType { server_type: "vm".into(), os_distro: "any".into(), coe: "kubernetes".into() }],
            labels: label_specs(),
            features: Features::empty(),
            capabilities: vec![],
            extras: vec![],
        }
    }

    fn validate_template(template: &ClusterTemplate) -> Result<Vec<Warning>, Error> {
        lookup::get_flavor(template.flavor.as_deref().unwrap_or_default()).map_err(blame("flavor_id"))?;
        Ok(vec![])
    }

    fn validate_cluster(_: &Cluster) -> Result<Vec<Warning>, Error> {
        Ok(vec![])
    }

    fn define_stack(_: &Cluster, _: &StackScope) -> Result<StackDefinition, Error> {
        log::info(&settings::get("greeting").unwrap_or_default());
        Ok(StackDefinition { template: String::new(), files: vec![], environment: String::new(), parameters: vec![] })
    }

    fn before_delete(_: &Cluster) -> Result<Progress, Error> {
        for owned in load_balancers::list_owned()? {
            load_balancers::delete(&owned.id)?;
        }
        Ok(Progress::Done)
    }
}

jeroboam_driver_sdk::export_driver!(Probe);

fn given(name: &str, value: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), value.to_owned())]
}

fn invalid_field<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Invalid(fields)) => fields[0].field.clone(),
        other => panic!("expected invalid, got {other:?}"),
    }
}

#[test]
fn labels_have_their_defaults_until_they_are_given() {
    assert_eq!(KUBE_TAG.get(&[]), Ok("v1.33.5"));
    assert_eq!(MASTERS.get(&given("masters", "5")), Ok(5));
    assert_eq!(SPREAD.get(&[]), Ok(true));
    assert_eq!(SPREAD.get(&given("spread", "FALSE")), Ok(false));
    assert_eq!(PLUGINS.get(&[]), Ok(vec!["A", "B"]));
    assert_eq!(ANYTHING.find(&given("anything", "x,,y")), Ok(Some(vec!["x", "y"])));
    assert_eq!(PODS.get(&[]).map(|pods| pods.prefix()), Ok(16));
    assert_eq!(ZONE.find(&[]), Ok(None));
    assert!(ZONE.is_given(&given("zone", "")) && !ZONE.is_given(&[]));
}

#[test]
fn a_value_that_does_not_fit_names_its_label() {
    assert_eq!(invalid_field(MASTERS.get(&given("masters", "8"))), "labels/masters");
    assert_eq!(invalid_field(MASTERS.get(&given("masters", "three"))), "labels/masters");
    assert_eq!(invalid_field(SPREAD.get(&given("spread", "yes"))), "labels/spread");
    assert_eq!(invalid_field(CGROUP.get(&given("cgroup", "Systemd"))), "labels/cgroup");
    assert_eq!(invalid_field(PLUGINS.get(&given("plugins", "A,D"))), "labels/plugins");
    assert_eq!(invalid_field(PODS.get(&given("pods", "10.1.2.3/16"))), "labels/pods");
}

#[test]
fn the_schema_is_the_table() {
    let specs = label_specs();
    let names: Vec<&str> = specs.iter().map(|spec| spec.name.as_str()).collect();
    assert_eq!(names, ["kube_tag", "masters", "spread", "cgroup", "plugins", "anything", "pods", "zone"]);
    assert_eq!(specs[1].label_type, LabelType::Integer((1, 7)));
    assert!(specs[1].per_group && !specs[0].per_group);
    assert_eq!(specs[2].since, "0.2.0");
    assert_eq!(specs[5].default, None);
}

#[test]
fn look_ups_are_answered_by_the_world_and_blamed_on_their_field() {
    let template = testing::template();
    let validate = || Probe::validate_template(&template);
    assert_eq!(World::new().flavor("m1.small", 1, 2048, 20).run(validate), Ok(vec![]));
    assert_eq!(invalid_field(World::new().run(validate)), "flavor_id");
    let twice = World::new().flavor("m1.small", 1, 2048, 20).flavor("m1.small", 2, 4096, 40);
    assert_eq!(twice.run(validate), Ok(vec![]), "an id wins over names");
}

#[test]
fn a_world_ends_with_its_test() {
    World::new().setting("greeting", "hello").run(|| assert_eq!(settings::get("greeting").as_deref(), Some("hello")));
    assert_eq!(settings::get("greeting"), None);
}

#[test]
fn what_a_driver_did_can_be_seen() {
    let lb = load_balancers::LoadBalancer {
        id: "lb-1".into(),
        name: String::new(),
        description: String::new(),
        provisioning_status: "ACTIVE".into(),
        vip_port_id: None,
    };
    let cluster = testing::cluster();
    let (result, trace) = World::new().load_balancer(lb).observe(|| Probe::before_delete(&cluster));
    assert_eq!(result, Ok(Progress::Done));
    assert_eq!(trace.deleted, [("load_balancers", "lb-1".to_owned())]);

    let (_, trace) =
        World::new().setting("greeting", "hello").observe(|| Probe::define_stack(&cluster, &StackScope::Cluster).map(drop));
    assert_eq!(trace.log, [(log::Level::Info, "hello".to_owned())]);
}

#[test]
fn a_driver_need_not_do_more_than_it_must() {
    let cluster = testing::cluster();
    assert!(matches!(Probe::check_health(&cluster), Err(Error::Unsupported(_))));
    assert_eq!(Probe::pick_removals(&cluster, &testing::node_group(Role::Worker, 1).uuid, 1), Ok(vec![]));
    assert!(matches!(Probe::plan_upgrade(&cluster, &cluster.template, None, 1), Err(Error::Unsupported(_))));
}

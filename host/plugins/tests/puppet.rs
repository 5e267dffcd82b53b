//! A driver made with the SDK, in the sandbox. It is `drivers/sdk/examples/puppet.rs`, compiled for wasm32-unknown-unknown:
//! `cargo xtask test` builds it, and says where it is in `JEROBOAM_TEST_GUEST`. Without that variable these tests have nothing
//! to try.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

mod support;

use std::{env, fs};

use jeroboam_model::driver::{LabelType, Observation, SecretName, StackScope, Value};
use jeroboam_model::{NodeGroup, NodeGroupId};
use jeroboam_plugins::{CallContext, CallError, Defined, Driver, PluginsConfig, Recalled, Replay, Sources, StopReason};
use support::{Counting, context, context_with, load, samples, stopped};

async fn puppet() -> Option<Driver> {
    let Some(path) = env::var_os("JEROBOAM_TEST_GUEST") else {
        eprintln!("skipped: JEROBOAM_TEST_GUEST is not set; run cargo xtask test");
        return None;
    };
    let module = fs::read(path).unwrap();
    let component = wit_component::ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap();
    Some(load(component, PluginsConfig::default()).await)
}

async fn acting(act: &str, times: u64, context: CallContext) -> Option<Result<Defined, CallError>> {
    let puppet = puppet().await?;
    Some(puppet.define_stack(&samples::acting(act, times), StackScope::Cluster, context).await)
}

#[tokio::test]
async fn it_describes_itself() {
    let Some(puppet) = puppet().await else { return };
    assert_eq!((puppet.name(), puppet.version()), ("puppet", env!("CARGO_PKG_VERSION")));
    let times = puppet.description().label("times").unwrap();
    assert_eq!(times.label_type, LabelType::Integer { min: 0, max: 1_000_000_000 });
    assert!(puppet.description().features.node_groups && !puppet.description().features.health);
}

#[tokio::test]
async fn a_whole_cluster_goes_in_and_a_definition_comes_out() {
    let Some(defined) = acting("echo", 1, context()).await else { return };
    assert_eq!(defined.unwrap().definition.parameters, [("name".to_owned(), Value::Text("test".into()))]);
}

#[tokio::test]
async fn a_panic_leaves_its_words() {
    let Some(result) = acting("panic", 1, context()).await else { return };
    let StopReason::Trap(what) = stopped(result) else { panic!("no trap") };
    assert!(what.contains("strings cut"), "{what}");
}

#[tokio::test]
async fn what_compiled_code_does_wrong_is_stopped() {
    for (act, times, reason) in [
        ("loop", 1, StopReason::CpuTime),
        ("grow", 1, StopReason::Memory),
        ("flood-host", 10_000, StopReason::HostCalls),
        ("flood-log", 10_000, StopReason::HostCalls),
        ("large", 9_000_000, StopReason::ResultSize),
    ] {
        let Some(result) = acting(act, times, context()).await else { return };
        assert_eq!(stopped(result), reason, "{act}");
    }
    let Some(result) = acting("recurse", 0, context()).await else { return };
    assert!(matches!(stopped(result), StopReason::Stack | StopReason::Trap(_)));
    let Some(result) = acting("out-of-phase", 1, context()).await else { return };
    assert!(matches!(stopped(result), StopReason::OutOfPhase { .. }));
}

#[tokio::test]
async fn what_compiled_code_answers_wrongly_is_named() {
    for (act, place) in [
        ("bad-json", "parameters/p"),
        ("twice", "parameters"),
        ("ca-key", "parameters/p"),
        ("url", "template"),
        ("secret", "parameters/p"),
    ] {
        let Some(result) = acting(act, 1, context()).await else { return };
        let Err(CallError::BadAnswer { what, .. }) = result else { panic!("{act}: {result:?}") };
        assert!(what.starts_with(place), "{act}: {what}");
    }
}

#[tokio::test]
async fn secrets_are_names() {
    let Some(puppet) = puppet().await else { return };
    let mut view = samples::acting("secret", 1);
    view.cluster.name = "x\nparameters: {p: {type: string, hidden: true}}".into();
    let defined = puppet.define_stack(&view, StackScope::Cluster, context()).await.unwrap();
    assert_eq!(defined.definition.parameters, [("p".to_owned(), Value::Secret(SecretName::TrusteePassword))]);
}

#[tokio::test]
async fn what_was_read_makes_the_same_definition_again() {
    let counting = Counting::default();
    let Some(first) = acting("read", 5, context_with(&counting)).await else { return };
    let first = first.unwrap();
    assert_eq!((counting.asked(), first.reads.len()), (1, 1));
    assert_eq!(first.definition.parameters, [("disk".to_owned(), Value::Number(20))]);

    let replay = Replay(first.reads.clone());
    let sources = Sources::none().with_lookup(replay.clone()).with_settings(replay);
    let again = acting("read", 5, CallContext { sources, ..context() }).await.unwrap().unwrap();
    assert_eq!(again, first);
}

#[tokio::test]
async fn a_setting_is_looked_for_under_the_drivers_name() {
    let Some(defined) = acting("setting", 1, context_with(&Counting::default())).await else { return };
    assert_eq!(defined.unwrap().definition.parameters, [("greeting".to_owned(), Value::Text("puppet/greeting".into()))]);
}

#[tokio::test]
async fn warnings_and_refusals_of_a_template_arrive() {
    let Some(puppet) = puppet().await else { return };
    let with = |act: &str| {
        let mut template = samples::template();
        template.labels = [("act", act)].into_iter().collect();
        template
    };
    let warnings = puppet.validate_template(&with("warn"), context()).await.unwrap();
    assert_eq!(warnings[0].field.as_deref(), Some("image_id"));
    let refusal = puppet.validate_template(&with("refuse"), context()).await.unwrap_err();
    assert_eq!(refusal.fields()[0].field, "flavor_id");
    assert_eq!(refusal.user_message(), "flavor_id: choose another");
}

#[tokio::test]
async fn what_it_remembers_comes_back_in_later_calls() {
    let Some(puppet) = puppet().await else { return };
    let mut view = samples::acting("extras", 1);
    let outputs = vec![("network".to_owned(), serde_json::json!("net-1"))];
    view.cluster.driver_memory = puppet.read_stack(&view, StackScope::Cluster, outputs, context()).await.unwrap().memory;
    view.cluster.ca_generation = 3;
    let defined = puppet.define_stack(&view, StackScope::Cluster, context()).await.unwrap();
    let text = |name: &str, value: &str| (name.to_owned(), Value::Text(value.to_owned()));
    assert_eq!(defined.definition.parameters, [text("network", "net-1"), text("ca-generation", "3")]);
}

#[tokio::test]
async fn a_plan_arrives_with_its_steps_and_what_it_was_made_from() {
    let Some(puppet) = puppet().await else { return };
    let mut view = samples::acting("read", 1);
    let group = NodeGroup { uuid: NodeGroupId::random(), is_default: false, name: "gpu".into(), ..view.groups[1].clone() };
    view.groups.push(group.clone());
    let counting = Counting::default();
    let plan = puppet.plan_upgrade(&view, &samples::template(), None, 2, context_with(&counting)).await.unwrap();
    let scopes: Vec<StackScope> = plan.steps.iter().map(|step| step.scope).collect();
    assert_eq!(scopes, [StackScope::Cluster, StackScope::NodeGroup(group.uuid)]);
    assert_eq!((plan.steps[0].summary.as_str(), plan.warnings[0].message.as_str()), ("to template, 2 at a time", "hold on"));
    assert_eq!((plan.reads.len(), plan.reads[0].function.as_str()), (1, "get-flavor"));
}

#[tokio::test]
async fn what_was_read_for_a_stack_is_recalled_for_it_and_nothing_else_is() {
    let counting = Counting::default();
    let Some(first) = acting("read", 1, context_with(&counting)).await else { return };
    let recalled = |anew: &[&str]| {
        let (reads, anew) = (first.as_ref().unwrap().reads.clone(), anew.iter().map(|name| (*name).to_owned()).collect());
        let sources = Sources::none().with_lookup(Recalled { reads, anew, source: counting.clone() });
        CallContext { sources, ..context() }
    };
    acting("read", 1, recalled(&[])).await.unwrap().unwrap();
    assert_eq!(counting.asked(), 1);
    acting("read", 1, recalled(&["m1.small"])).await.unwrap().unwrap();
    assert_eq!(counting.asked(), 2);
}

#[tokio::test]
async fn outputs_become_an_observation() {
    let Some(puppet) = puppet().await else { return };
    let outputs = vec![("api".to_owned(), serde_json::json!("https://203.0.113.7:6443"))];
    let seen = puppet.read_stack(&samples::view(), StackScope::Cluster, outputs, context()).await.unwrap();
    assert_eq!(seen, Observation { api_address: Some("https://203.0.113.7:6443".into()), ..Observation::default() });
}

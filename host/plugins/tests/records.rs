//! Calls that are recorded, and made again. The driver is the SDK's puppet; see `puppet.rs` for how it comes here.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

mod support;

use std::{
    env, fs,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use jeroboam_model::{
    CallRecord, ClusterId, ClusterView,
    call_record::{HostAnswer, Outcome},
    driver::{Platform, StackScope},
};
use jeroboam_plugins::{
    CallContext, CoeApi, Driver, LoadBalancer, LoadBalancers, PluginsConfig, RecorderSink, ReplayError, Settings, SourceError,
    Sources,
    interfaces::coe_api::{Request, Response},
    replay,
};
use serde_json::{Value, json};
use support::{Counting, context, guest::Guest, load, samples};

/// Keeps what comes, if it wants it.
#[derive(Clone)]
struct Shelf {
    wants: bool,
    bytes: usize,
    kept: Arc<Mutex<Vec<CallRecord>>>,
}

impl Shelf {
    fn new() -> Self {
        Self { wants: true, bytes: 1 << 20, kept: Arc::default() }
    }

    fn only(&self) -> CallRecord {
        let kept = self.kept.lock().unwrap();
        assert_eq!(kept.len(), 1);
        kept[0].clone()
    }
}

impl RecorderSink for Shelf {
    fn wants(&self, _: &str, _: Option<ClusterId>) -> bool {
        self.wants
    }
    fn record_bytes(&self) -> usize {
        self.bytes
    }
    fn keep(&self, record: CallRecord) {
        self.kept.lock().unwrap().push(record);
    }
}

async fn puppet() -> Option<Driver> {
    let Some(path) = env::var_os("JEROBOAM_TEST_GUEST") else {
        eprintln!("skipped: JEROBOAM_TEST_GUEST is not set; run cargo xtask test");
        return None;
    };
    let module = fs::read(path).unwrap();
    let component = wit_component::ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap();
    Some(load(component, PluginsConfig::default()).await)
}

fn asking(counting: &Counting, shelf: &Shelf) -> CallContext {
    let sources = Sources::none().with_settings(counting.clone()).with_lookup(counting.clone()).with_recorder(shelf.clone());
    CallContext { sources, ..context() }
}

/// The record of one `define-stack`.
async fn recorded(driver: &Driver, view: &ClusterView, shelf: Shelf) -> CallRecord {
    drop(driver.define_stack(view, StackScope::Cluster, asking(&Counting::default(), &shelf)).await);
    shelf.only()
}

#[tokio::test]
async fn a_record_reads_like_the_contract() {
    let Some(puppet) = puppet().await else { return };
    let view = samples::acting("read", 2);
    let record = recorded(&puppet, &view, Shelf::new()).await;
    assert_eq!(
        (record.driver.as_str(), record.digest.as_str(), record.function.as_str()),
        ("puppet", puppet.digest().to_string().as_str(), "define-stack")
    );
    assert_eq!(record.cluster, Some(view.cluster.uuid));
    assert_eq!(record.input["scope"], json!("cluster"));
    assert_eq!(record.input["cluster"]["template"]["cluster-type"]["coe"], json!("kubernetes"));
    assert_eq!(record.input["cluster"]["groups"][1]["role"], json!("worker"));
    let asked: Vec<(&str, &str)> =
        record.host_calls.iter().map(|call| (call.interface.as_str(), call.function.as_str())).collect();
    assert_eq!(asked, [("lookup", "get-flavor")]);
    assert_eq!(record.host_calls[0].arguments["name-or-id"], json!("m1.small"));
    let Outcome::Ok(answer) = &record.outcome else { panic!("{:?}", record.outcome) };
    assert_eq!(answer["parameters"], json!([["disk", {"number": 20}]]));
    assert!(record.usage.cpu_us.is_some() && record.usage.memory > Some(0) && record.gaps.is_empty());
}

#[tokio::test]
async fn a_call_that_is_made_again_comes_to_the_same_and_asks_nobody() {
    let Some(puppet) = puppet().await else { return };
    for (act, times) in [("echo", 1), ("read", 3), ("setting", 1), ("panic", 1), ("log", 1), ("secret", 1)] {
        let record = recorded(&puppet, &samples::acting(act, times), Shelf::new()).await;
        let written: CallRecord = serde_json::from_str(&serde_json::to_string(&record).unwrap()).unwrap();
        assert_eq!(written, record);
        let (made, unanswered) = replay(&puppet, &written).await.unwrap();
        assert_eq!((&made.outcome, unanswered.as_slice()), (&record.outcome, [].as_slice()), "{act}");
        assert_eq!((&made.host_calls, &made.log), (&record.host_calls, &record.log), "{act}");
    }
}

#[tokio::test]
async fn every_function_can_be_made_again() {
    let Some(puppet) = puppet().await else { return };
    let (shelf, counting) = (Shelf::new(), Counting::default());
    let view = samples::acting("read", 1);
    let context = || asking(&counting, &shelf);
    puppet.validate_template(&samples::template(), context()).await.unwrap();
    puppet.validate_cluster(&view, context()).await.unwrap();
    puppet.define_stack(&view, StackScope::Cluster, context()).await.unwrap();
    puppet.plan_upgrade(&view, &samples::template(), None, 2, context()).await.unwrap();
    puppet.pick_removals(&view, view.groups[1].uuid, 1, context()).await.unwrap();
    puppet.read_stack(&view, StackScope::Cluster, vec![("api".into(), json!("https://a"))], context()).await.unwrap();
    puppet.before_delete(&view, context()).await.unwrap();
    puppet.check_health(&view, context()).await.unwrap_err();
    let records = shelf.kept.lock().unwrap().clone();
    assert_eq!(records.len(), 8);
    for record in records {
        let (made, unanswered) = replay(&puppet, &record).await.unwrap();
        assert_eq!((made.outcome, unanswered.len()), (record.outcome, 0), "{}", record.function);
    }
}

#[tokio::test]
async fn what_the_record_does_not_answer_is_told() {
    let Some(puppet) = puppet().await else { return };
    let mut record = recorded(&puppet, &samples::acting("read", 1), Shelf::new()).await;
    record.host_calls.clear();
    let (made, unanswered) = replay(&puppet, &record).await.unwrap();
    assert_eq!(unanswered[0].to_string(), "lookup get-flavor {\"name-or-id\":\"m1.small\"}");
    assert!(matches!(made.outcome, Outcome::Error(_)));
}

#[tokio::test]
async fn an_error_of_the_host_is_answered_again() {
    let Some(puppet) = puppet().await else { return };
    let mut record = recorded(&puppet, &samples::acting("read", 1), Shelf::new()).await;
    record.host_calls[0].answer = HostAnswer::Error(json!({"unavailable": {"message": "later", "after-ms": 1500}}));
    let (made, _) = replay(&puppet, &record).await.unwrap();
    assert_eq!(made.outcome, Outcome::Error(json!({"unavailable": {"message": "later", "after-ms": 1500}})));
}

#[tokio::test]
async fn nothing_is_written_down_if_nobody_wants_it() {
    let Some(puppet) = puppet().await else { return };
    let shelf = Shelf { wants: false, ..Shelf::new() };
    puppet.define_stack(&samples::view(), StackScope::Cluster, asking(&Counting::default(), &shelf)).await.unwrap();
    assert!(shelf.kept.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_record_is_no_larger_than_it_may_be_and_says_what_is_not_in_it() {
    let Some(puppet) = puppet().await else { return };
    let record = recorded(&puppet, &samples::acting("large", 300_000), Shelf { bytes: 100_000, ..Shelf::new() }).await;
    assert!(matches!(record.outcome, Outcome::Cut(bytes) if bytes > 300_000), "{:?}", record.outcome);
    assert!(serde_json::to_string(&record).unwrap().len() < 110_000);
    let error = replay(&puppet, &record).await.unwrap_err();
    assert!(matches!(&error, ReplayError::Gaps(gaps) if gaps[0].starts_with("the result (300")), "{error}");

    let flood = recorded(&puppet, &samples::acting("flood-log", 900), Shelf { bytes: 6_000, ..Shelf::new() }).await;
    assert!(serde_json::to_string(&flood).unwrap().len() < 60_000);
}

#[tokio::test]
async fn a_record_that_was_edited_into_nonsense_is_refused_with_the_place() {
    let Some(puppet) = puppet().await else { return };
    let record = recorded(&puppet, &samples::acting("read", 1), Shelf::new()).await;
    type Edit = fn(&mut CallRecord);
    let edits: [(Edit, &str); 6] = [
        (
            |record| record.input["cluster"]["groups"][0]["role"] = json!("emperor"),
            "input/cluster/groups/0/role: there is no emperor",
        ),
        (|record| record.input["cluster"]["labels"] = json!({"a": 1}), "input/cluster/labels: invalid type"),
        (|record| drop(record.input.remove("scope")), "input/scope is missing"),
        (|record| record.host_calls[0].answer = HostAnswer::Ok(json!({"id": 1})), "host_calls/0/answer/ok"),
        (|record| record.contract = "jeroboam:coe@9.0.0".into(), "jeroboam:coe@9.0.0"),
        (|record| record.function = "describe".into(), "describe"),
    ];
    for (edit, expected) in edits {
        let mut edited = record.clone();
        edit(&mut edited);
        let error = replay(&puppet, &edited).await.unwrap_err();
        let chain = format!("{error} {}", std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default());
        assert!(chain.contains(expected), "{chain}");
    }
}

/// Effects and bodies, without a puppet: a guest written by hand that deletes `lb-1`.
struct Cloud;

#[async_trait]
impl LoadBalancers for Cloud {
    async fn list_owned(&self) -> Result<Vec<LoadBalancer>, SourceError> {
        let (id, name) = ("lb-1".to_owned(), "kube_service".to_owned());
        Ok(vec![LoadBalancer { id, name, description: String::new(), provisioning_status: "ACTIVE".into(), vip_port_id: None }])
    }
    async fn delete(&self, _: &str) -> Result<(), SourceError> {
        Ok(())
    }
}

#[async_trait]
impl CoeApi for Cloud {
    async fn send(&self, _: Request) -> Result<Response, SourceError> {
        Ok(Response { status: 200, headers: vec![], body: b"ok".to_vec() })
    }
}

#[async_trait]
impl Settings for Cloud {
    async fn get_platform(&self) -> Platform {
        Platform::default()
    }
    async fn get(&self, _: &str, _: &str) -> Option<String> {
        None
    }
}

#[tokio::test]
async fn effects_are_recorded_and_are_none_when_the_call_is_made_again() {
    let body = "(call $delete (i32.const 16384) (i32.const 4) (i32.const 8192))
                (if (i32.load8_u (i32.const 8192)) (then unreachable))
                (i64.store (i32.const 12288) (i64.const 0)) i32.const 12288";
    let guest =
        Guest::new("guest").import("load-balancers", "delete", "(param i32 i32 i32)").item("(data (i32.const 16384) \"lb-1\")");
    let driver = load(guest.body("before-delete", body).component(), PluginsConfig::default()).await;
    let shelf = Shelf::new();
    let sources =
        Sources::none().with_load_balancers(Cloud).with_coe_api(Cloud).with_settings(Cloud).with_recorder(shelf.clone());
    driver.before_delete(&samples::view(), CallContext { sources, ..context() }).await.unwrap();

    let record = shelf.only();
    let effects: Vec<&Value> = record
        .host_calls
        .iter()
        .filter(|call| jeroboam_plugins::recorder::has_effect(call))
        .map(|call| &call.arguments["id"])
        .collect();
    assert_eq!(effects, [&json!("lb-1")]);
    let (made, unanswered) = replay(&driver, &record).await.unwrap();
    assert_eq!((made.outcome, made.host_calls, unanswered.len()), (record.outcome, record.host_calls, 0));
}

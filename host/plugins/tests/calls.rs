//! Calls of guests that mean no good: each ends with the right reason, and the next call is none the worse.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

mod support;

use std::time::Duration;

use jeroboam_model::{Fault, driver::StackScope};
use jeroboam_plugins::{CallError, DriverError, Interface, Limits, PluginsConfig, StopReason};
use support::{
    Counting, context, context_with,
    guest::{FOREVER, Guest, SCRATCH},
    load, samples, stopped,
};

async fn defining(guest: Guest) -> Result<String, CallError> {
    let driver = load(guest.component(), PluginsConfig::default()).await;
    let defined = driver.define_stack(&samples::view(), StackScope::Cluster, context()).await;
    defined.map(|defined| defined.definition.template.into())
}

async fn stopped_defining(guest: Guest) -> StopReason {
    stopped(defining(guest).await)
}

/// Processor time of this thread.
fn computed() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap())
}

#[tokio::test]
async fn a_driver_answers() {
    assert_eq!(defining(Guest::new("guest").template("a: b\n")).await.unwrap(), "a: b\n");
}

#[tokio::test]
async fn a_loop_is_stopped_at_about_its_budget() {
    let limits = Limits { cpu: Duration::from_millis(200), ..Limits::default() };
    let driver =
        load(Guest::new("guest").define_stack(FOREVER).component(), PluginsConfig { limits, ..Default::default() }).await;
    // The runtime has this thread only: what it computed is what the guest computed.
    let began = computed();
    let reason = stopped(driver.define_stack(&samples::view(), StackScope::Cluster, context()).await);
    assert_eq!(reason, StopReason::CpuTime);
    let took = computed() - began;
    assert!((Duration::from_millis(200)..Duration::from_millis(400)).contains(&took), "{took:?}");
}

#[tokio::test]
async fn a_loop_lets_others_work_on_the_same_thread() {
    let driver = load(Guest::new("guest").define_stack(FOREVER).component(), PluginsConfig::default()).await;
    let view = samples::view();
    let looping = driver.define_stack(&view, StackScope::Cluster, context());
    tokio::select! {
        biased;
        ended = looping => panic!("nothing else ran before {ended:?}"),
        () = async { for _ in 0..20 { tokio::task::yield_now().await } } => {}
    }
}

#[tokio::test]
async fn a_memory_bomb_is_stopped() {
    let guest = Guest::new("guest").define_stack("(loop (drop (memory.grow (i32.const 16))) (br 0)) unreachable");
    assert_eq!(stopped_defining(guest).await, StopReason::Memory);
}

#[tokio::test]
async fn an_endless_recursion_is_stopped() {
    let guest =
        Guest::new("guest").item("(func $deeper (call $deeper) (call $deeper))").define_stack("(call $deeper) unreachable");
    assert_eq!(stopped_defining(guest).await, StopReason::Stack);
}

#[tokio::test]
async fn a_trap_says_what_it_was() {
    let StopReason::Trap(what) = stopped_defining(Guest::new("guest")).await else { panic!("no trap") };
    assert!(what.contains("unreachable"), "{what}");
}

#[tokio::test]
async fn a_flood_of_host_calls_is_stopped() {
    let guest = Guest::new("guest")
        .import("log", "write", "(param i32 i32 i32)")
        .define_stack("(loop (call $write (i32.const 0) (i32.const 0) (i32.const 1)) (br 0)) unreachable");
    assert_eq!(stopped_defining(guest).await, StopReason::HostCalls);
}

#[tokio::test]
async fn a_flood_of_bytes_is_stopped() {
    let guest = Guest::new("guest")
        .pages(128)
        .import("log", "write", "(param i32 i32 i32)")
        .define_stack("(loop (call $write (i32.const 0) (i32.const 65536) (i32.const 4000000)) (br 0)) unreachable");
    assert_eq!(stopped_defining(guest).await, StopReason::HostBytes);
}

#[tokio::test]
async fn one_argument_that_is_too_large_is_stopped() {
    let guest = Guest::new("guest")
        .pages(160)
        .import("log", "write", "(param i32 i32 i32)")
        .define_stack("(call $write (i32.const 0) (i32.const 65536) (i32.const 9000000)) unreachable");
    assert_eq!(stopped_defining(guest).await, StopReason::HostBytes);
}

#[tokio::test]
async fn an_effect_out_of_phase_is_stopped() {
    let ask = format!("(call $list-owned (i32.const {SCRATCH})) unreachable");
    let guest = Guest::new("guest").import("load-balancers", "list-owned", "(param i32)").define_stack(&ask);
    assert_eq!(stopped_defining(guest).await, StopReason::OutOfPhase { interface: Interface::LoadBalancers });
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_stopped() {
    assert_eq!(stopped_defining(Guest::new("guest").pages(160).define_template(65536, 9_000_000)).await, StopReason::ResultSize);
}

#[tokio::test]
async fn an_answer_that_lies_outside_of_memory_is_stopped() {
    assert!(matches!(stopped_defining(Guest::new("guest").define_template(65536, 4096)).await, StopReason::Trap(_)));
}

#[tokio::test]
async fn an_answer_that_is_no_text_is_stopped() {
    let guest = Guest::new("guest").item("(data (i32.const 16384) \"\\ff\\fe\")").define_template(16384, 2);
    assert!(matches!(stopped_defining(guest).await, StopReason::Trap(_)));
}

#[tokio::test]
async fn an_answer_that_breaks_a_rule_is_a_bad_answer() {
    let error = defining(Guest::new("guest").template("resources: {a: {type: 'http://192.0.2.1/a.yaml'}}")).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Driver);
    let CallError::BadAnswer { what, .. } = error else { panic!("{error}") };
    assert!(what.contains("http://192.0.2.1/a.yaml"), "{what}");
}

#[tokio::test]
async fn a_refusal_is_not_a_fault_of_the_drivers() {
    // result: err; error: unsupported("no")
    let body = "(i32.store8 (i32.const 8192) (i32.const 1)) (i32.store8 (i32.const 8196) (i32.const 1))
                (i32.store (i32.const 8200) (i32.const 16384)) (i32.store (i32.const 8204) (i32.const 2)) i32.const 8192";
    let error = defining(Guest::new("guest").item("(data (i32.const 16384) \"no\")").define_stack(body)).await.unwrap_err();
    assert!(matches!(&error, CallError::Refused { error: DriverError::Unsupported(text), .. } if text == "no"), "{error}");
    assert_eq!((error.fault(), error.retry_after()), (Fault::User, None));
}

#[tokio::test(start_paused = true)]
async fn a_source_that_never_answers_ends_the_call_at_its_wall_time() {
    let ask = format!("(call $get-flavor (i32.const 16384) (i32.const 4) (i32.const {SCRATCH})) unreachable");
    let guest = Guest::new("guest")
        .import("lookup", "get-flavor", "(param i32 i32 i32)")
        .item("(data (i32.const 16384) \"slow\")")
        .define_stack(&ask);
    let driver = load(guest.component(), PluginsConfig::default()).await;
    let counting = Counting::default();
    let error = driver.define_stack(&samples::view(), StackScope::Cluster, context_with(&counting)).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Cloud);
    assert!(error.retry_after().is_some());
    assert_eq!(stopped(Err::<(), _>(error)), StopReason::WallTime);
    assert_eq!(counting.asked(), 1);
}

#[tokio::test]
async fn a_question_is_asked_once_and_recorded() {
    let ask = format!("(call $get-flavor (i32.const 16384) (i32.const 5) (i32.const {SCRATCH}))").repeat(3);
    let guest =
        Guest::new("guest").import("lookup", "get-flavor", "(param i32 i32 i32)").item("(data (i32.const 16384) \"smalla: b\")");
    let answer = "(i32.store8 (i32.const 12288) (i32.const 0)) (i32.store (i32.const 12292) (i32.const 16389))
                  (i32.store (i32.const 12296) (i32.const 4)) i32.const 12288";
    let driver = load(guest.define_stack(&format!("{ask}{answer}")).component(), PluginsConfig::default()).await;
    let counting = Counting::default();
    let defined = driver.define_stack(&samples::view(), StackScope::Cluster, context_with(&counting)).await.unwrap();
    assert_eq!(counting.asked(), 1);
    assert_eq!(defined.reads.len(), 1);
    assert_eq!((defined.reads[0].function.as_str(), defined.reads[0].argument.as_str()), ("get-flavor", "small"));
}

#[tokio::test]
async fn calls_beyond_the_places_there_are_wait_for_one() {
    let limits = Limits { concurrent_calls: 1, ..Limits::default() };
    let driver = load(Guest::new("guest").template("a: b").component(), PluginsConfig { limits, ..Default::default() }).await;
    let view = samples::view();
    let calls = (0..50).map(|_| driver.define_stack(&view, StackScope::Cluster, context()));
    for answer in futures::future::join_all(calls).await {
        assert_eq!(answer.unwrap().definition.template, "a: b");
    }
}

#[tokio::test]
async fn a_group_of_another_cluster_does_not_reach_the_driver() {
    let driver = load(Guest::new("guest").component(), PluginsConfig::default()).await;
    let scope = StackScope::NodeGroup(jeroboam_model::NodeGroupId::random());
    let error = driver.define_stack(&samples::view(), scope, context()).await.unwrap_err();
    assert!(matches!(error, CallError::NoSuchGroup { .. }), "{error}");
}

//! What operators see of drivers' calls: counted by version, with the reason where one was ended, and gone with the version.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

mod support;

use std::time::Duration;

use jeroboam_model::driver::StackScope;
use jeroboam_plugins::{Driver, DriverMetrics, Limits, Plugins, PluginsConfig, Purpose};
use jeroboam_telemetry::Registry;
use support::{
    Counting, bundled, context, context_with,
    guest::{FOREVER, Guest},
    load, samples,
};

/// Metrics, and what shows them.
fn observed() -> (PluginsConfig, Registry) {
    let (metrics, registry) = (DriverMetrics::default(), Registry::default());
    metrics.register(&registry);
    (PluginsConfig { metrics, ..PluginsConfig::default() }, registry)
}

/// The value of a series, if it is there. Digests are of no account.
fn value(registry: &Registry, series: &str) -> Option<f64> {
    let text = registry.text();
    text.lines().map(without_digest).find_map(|line| line.strip_prefix(series)?.trim().parse().ok())
}

fn without_digest(line: &str) -> String {
    match line.split_once("digest=\"").and_then(|(before, after)| Some((before, after.split_once('"')?.1))) {
        Some((before, after)) => format!("{before}{}", after.trim_start_matches(',')),
        None => line.to_owned(),
    }
}

async fn define(driver: &Driver) {
    let _ = driver.define_stack(&samples::view(), StackScope::Cluster, context()).await;
}

const OF_CALL: &str = "driver=\"guest\",version=\"0.1.0\",purpose=\"serve\",function=\"define-stack\"";

#[tokio::test]
async fn a_call_is_counted_with_what_it_used() {
    let (config, registry) = observed();
    let driver = load(Guest::new("guest").template("a: b\n").component(), config).await;
    define(&driver).await;
    define(&driver).await;

    assert_eq!(value(&registry, &format!("jeroboam_driver_calls_total{{{OF_CALL}}}")), Some(2.0));
    assert_eq!(value(&registry, &format!("jeroboam_driver_call_seconds_count{{{OF_CALL}}}")), Some(2.0));
    let cpu = value(&registry, &format!("jeroboam_driver_call_cpu_seconds_sum{{{OF_CALL}}}")).unwrap();
    let wall = value(&registry, &format!("jeroboam_driver_call_seconds_sum{{{OF_CALL}}}")).unwrap();
    assert!(cpu > 0.0 && cpu <= wall, "{cpu} of {wall}");
    let version = "driver=\"guest\",version=\"0.1.0\",purpose=\"serve\"";
    // One page of 64 KiB each.
    assert_eq!(value(&registry, &format!("jeroboam_driver_call_memory_bytes_sum{{{version}}}")), Some(2.0 * 65536.0));
    assert_eq!(value(&registry, &format!("jeroboam_driver_calls_in_flight{{{version}}}")), Some(0.0));
    assert!(registry.text().contains("jeroboam_driver_loaded{driver=\"guest\",version=\"0.1.0\",digest="));
    assert_eq!(value(&registry, "jeroboam_driver_pool_places"), Some(100.0));
    assert_eq!(value(&registry, "jeroboam_driver_pool_places_in_use"), Some(0.0));
}

#[tokio::test]
async fn a_call_under_way_is_in_flight_and_has_a_place() {
    let (config, registry) = observed();
    let driver = load(Guest::new("guest").define_stack(FOREVER).component(), config).await;
    let view = samples::view();
    tokio::select! {
        biased;
        ended = driver.define_stack(&view, StackScope::Cluster, context()) => panic!("nothing else ran before {ended:?}"),
        () = async { while value(&registry, "jeroboam_driver_pool_places_in_use") != Some(1.0) { tokio::task::yield_now().await } } => {}
    }
    // The call was given up.
    assert_eq!(
        value(&registry, "jeroboam_driver_calls_in_flight{driver=\"guest\",version=\"0.1.0\",purpose=\"serve\"}"),
        Some(0.0)
    );
    assert_eq!(value(&registry, "jeroboam_driver_pool_places_in_use"), Some(0.0));
}

#[tokio::test]
async fn a_call_that_the_host_ends_is_counted_under_its_reason() {
    for (body, reason) in [("unreachable", "trap"), (FOREVER, "cpu-time"), ("(call $recurse) unreachable", "stack")] {
        let (config, registry) = observed();
        let guest = Guest::new("guest").item("(func $recurse (call $recurse) (call $recurse))").define_stack(body);
        let driver = load(guest.component(), config).await;
        define(&driver).await;
        let stops = format!("jeroboam_driver_stops_total{{{OF_CALL},reason=\"{reason}\"}}");
        assert_eq!(value(&registry, &stops), Some(1.0), "{}", registry.text());
        assert_eq!(value(&registry, &format!("jeroboam_driver_calls_total{{{OF_CALL}}}")), Some(1.0));
    }
}

#[tokio::test]
async fn host_calls_are_counted_by_interface_with_their_bytes() {
    let (config, registry) = observed();
    let guest = Guest::new("guest")
        .import("lookup", "get-flavor", "(param i32 i32 i32)")
        .item("(data (i32.const 16384) \"m1.small\")")
        .define_stack(
            "(call $get-flavor (i32.const 16384) (i32.const 8) (i32.const 8192))
             (call $get-flavor (i32.const 16384) (i32.const 8) (i32.const 8192)) unreachable",
        );
    let driver = load(guest.component(), config).await;
    let _ = driver.define_stack(&samples::view(), StackScope::Cluster, context_with(&Counting::default())).await;

    let interface = "driver=\"guest\",version=\"0.1.0\",purpose=\"serve\",interface=\"lookup\"";
    assert_eq!(value(&registry, &format!("jeroboam_driver_host_calls_total{{{interface}}}")), Some(2.0));
    assert!(value(&registry, &format!("jeroboam_driver_host_call_bytes_total{{{interface}}}")).unwrap() > 16.0);
    assert!(value(&registry, &format!("jeroboam_driver_host_call_seconds_total{{{interface}}}")).unwrap() > 0.0);
}

#[tokio::test]
async fn a_call_that_is_cut_off_by_the_clock_counts_with_what_it_used() {
    let (config, registry) = observed();
    let limits = Limits { wall: Duration::from_millis(300), ..Limits::default() };
    let guest = Guest::new("guest")
        .import("lookup", "get-flavor", "(param i32 i32 i32)")
        .item("(data (i32.const 16384) \"slow\")")
        .define_stack("(call $get-flavor (i32.const 16384) (i32.const 4) (i32.const 8192)) unreachable");
    let driver = load(guest.component(), PluginsConfig { limits, ..config }).await;
    let _ = driver.define_stack(&samples::view(), StackScope::Cluster, context_with(&Counting::default())).await;

    assert_eq!(value(&registry, &format!("jeroboam_driver_stops_total{{{OF_CALL},reason=\"wall-time\"}}")), Some(1.0));
    assert!(value(&registry, &format!("jeroboam_driver_call_cpu_seconds_sum{{{OF_CALL}}}")).unwrap() > 0.0);
    let version = "driver=\"guest\",version=\"0.1.0\",purpose=\"serve\"";
    assert_eq!(value(&registry, &format!("jeroboam_driver_call_memory_bytes_sum{{{version}}}")), Some(65536.0));
    let interface = format!("{version},interface=\"lookup\"");
    assert_eq!(value(&registry, &format!("jeroboam_driver_host_calls_total{{{interface}}}")), Some(1.0));
    assert_eq!(value(&registry, &format!("jeroboam_driver_host_call_bytes_total{{{interface}}}")), Some(4.0));
    assert!(value(&registry, &format!("jeroboam_driver_host_call_seconds_total{{{interface}}}")).unwrap() > 0.1);
}

#[tokio::test]
async fn calls_of_checks_and_plans_are_counted_apart_for_as_long_as_the_version_is_loaded() {
    let (config, registry) = observed();
    let driver = load(Guest::new("guest").template("a: b\n").component(), config).await;
    for purpose in [Purpose::Check, Purpose::Plan, Purpose::Plan] {
        define(&driver.granting(driver.granted().clone(), purpose).unwrap()).await;
    }
    let calls =
        |purpose: &str| value(&registry, &format!("jeroboam_driver_calls_total{{{}}}", OF_CALL.replace("serve", purpose)));
    assert_eq!((calls("serve"), calls("check"), calls("plan")), (None, Some(1.0), Some(2.0)));
    drop(driver);
    assert_eq!((calls("check"), calls("plan")), (None, None));
}

#[tokio::test]
async fn two_components_of_one_version_are_told_apart_by_their_digests() {
    let (config, registry) = observed();
    let metrics = config.metrics.clone();
    let one = load(Guest::new("guest").template("a: b\n").component(), config).await;
    let other =
        load(Guest::new("guest").template("a: c\n").component(), PluginsConfig { metrics, ..PluginsConfig::default() }).await;
    define(&one).await;
    define(&other).await;
    for driver in [&one, &other] {
        let of =
            format!("jeroboam_driver_calls_total{{driver=\"guest\",version=\"0.1.0\",digest=\"{}\",", driver.digest().short());
        assert_eq!(registry.text().lines().filter(|line| line.starts_with(&of)).count(), 1, "{}", registry.text());
    }
}

#[tokio::test]
async fn a_version_that_nobody_holds_is_forgotten() {
    let (config, registry) = observed();
    let driver = load(Guest::new("guest").component(), config).await;
    define(&driver).await;
    assert!(registry.text().contains("driver=\"guest\""));
    drop(driver);
    assert!(!registry.text().contains("driver=\"guest\""), "{}", registry.text());
}

#[tokio::test]
async fn a_component_that_cannot_be_loaded_is_counted_by_why() {
    let (config, registry) = observed();
    let bad = vec![
        bundled("a.wasm", b"no component".to_vec()),
        bundled("b.wasm", Guest::new("b").body("describe", "unreachable").component()),
    ];
    let _plugins = Plugins::start(PluginsConfig { bundled: bad, ..config }).await.unwrap();
    assert_eq!(value(&registry, "jeroboam_driver_load_failures_total{reason=\"component\"}"), Some(1.0));
    assert_eq!(value(&registry, "jeroboam_driver_load_failures_total{reason=\"describe\"}"), Some(1.0));
    let stops = "jeroboam_driver_stops_total{driver=\"unidentified\",version=\"\",purpose=\"check\",function=\"describe\",reason=\"trap\"}";
    assert_eq!(value(&registry, stops), Some(1.0), "{}", registry.text());
}

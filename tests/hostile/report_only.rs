//! Limits that are only reported: the call goes on, the operator is told once.

use jeroboam_model::{RequestId, driver::Origin};
use jeroboam_plugins::{CallError, Candidate, DriverMetrics, Grant, Host, Limit, Limits};
use jeroboam_telemetry::Registry;
use std::time::Duration;

use crate::{
    ALONE,
    guest::Guest,
    seen::{Lines, call, scrape},
    world::World,
};

/// Does something many times, and then answers that there is nothing to say.
fn repeating(times: u32, what: &str) -> String {
    format!(
        "(local $n i32) (loop $more {what} (local.set $n (i32.add (local.get $n) (i32.const 1))) (br_if $more (i32.lt_u (local.get $n) (i32.const {times}))))
         i32.const 12288"
    )
}

/// Limits of which one is small.
fn small(limit: Limit) -> Limits {
    let mut limits = Limits { report_only: [limit].into(), ..Limits::default() };
    match limit {
        Limit::CpuTime => limits.cpu = Duration::from_millis(20),
        Limit::WallTime => limits.wall = Duration::from_millis(100),
        Limit::Memory => limits.memory = 2 << 20,
        Limit::Tables => limits.table_elements = 1000,
        Limit::HostCalls => limits.host_calls = 10,
        Limit::HostBytes => limits.host_bytes = 1000,
        Limit::LogLines => limits.log_lines = 5,
    }
    limits
}

/// Goes over a limit by less than ten times.
fn over(limit: Limit) -> Guest {
    let guest = Guest::new("hostile").import("log", "write", "(param i32 i32 i32)").item("(table $t 1 funcref)");
    let write = |bytes: u32| format!("(call $write (i32.const 1) (i32.const 16384) (i32.const {bytes}))");
    let body = match limit {
        // Processor time: more than 20 and less than 200 ms on whatever runs this.
        Limit::CpuTime => repeating(100_000_000, ""),
        Limit::WallTime => {
            return guest
                .import("lookup", "get-flavor", "(param i32 i32 i32)")
                .item("(data (i32.const 16384) \"late\")")
                .body("validate-cluster", "(call $get-flavor (i32.const 16384) (i32.const 4) (i32.const 8192)) i32.const 12288");
        }
        Limit::Memory => repeating(60, "(drop (memory.grow (i32.const 1)))"),
        Limit::Tables => repeating(50, "(drop (table.grow $t (ref.null func) (i32.const 100)))"),
        Limit::HostCalls => repeating(50, &write(0)),
        Limit::HostBytes => repeating(5, &write(1000)),
        Limit::LogLines => repeating(8, &write(1)),
    };
    guest.body("validate-cluster", &body)
}

/// How it ended, the log, and what a scrape says.
async fn made(limit: Limit, limits: Limits) -> (Result<(), CallError>, String, String) {
    let (metrics, registry) = (DriverMetrics::default(), Registry::default());
    metrics.register(&registry);
    let host = Host::counting(None, limits, metrics).unwrap();
    let candidate = Candidate::new("hostile", Origin::Installed, Grant::all().collect(), over(limit).component());
    let driver = host.load(candidate).await.unwrap();
    let (lines, world) = (Lines::default(), World::default());
    let _here = lines.listen();
    let ended = call(&driver, "validate-cluster", &world, RequestId::random()).await;
    (ended, lines.text(), scrape(&registry))
}

#[tokio::test]
async fn what_is_only_reported_is_logged_once_and_the_call_goes_on() {
    let _alone = ALONE.lock().await;
    for limit in Limit::ALL {
        let (ended, log, counted) = made(*limit, small(*limit)).await;
        assert!(ended.is_ok(), "{limit:?}: {ended:?} {log}");
        let said = format!("limit=\"{}\"", limit.as_str());
        assert_eq!(log.matches(&said).count(), 1, "{limit:?}: {log}");
        let of = "driver=\"hostile\",version=\"0.1.0\",purpose=\"serve\"";
        let series = format!("jeroboam_driver_limits_passed_total{{{of},limit=\"{}\"}} 1", limit.as_str());
        assert!(counted.contains(&series), "{series}: {counted}");
    }
}

#[tokio::test]
async fn what_is_enforced_ends_the_same_call() {
    let _alone = ALONE.lock().await;
    for limit in [Limit::CpuTime, Limit::WallTime, Limit::Memory, Limit::Tables, Limit::HostCalls, Limit::HostBytes] {
        let (ended, log, _) = made(limit, Limits { report_only: [].into(), ..small(limit) }).await;
        assert!(matches!(ended, Err(CallError::Stopped { .. })), "{limit:?}: {ended:?}");
        assert!(log.contains("a call was stopped") && !log.contains("only reported"), "{limit:?}: {log}");
    }
}

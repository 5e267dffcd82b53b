//! A well-behaved driver beside a hostile one: it answers as fast as alone.
//!
//! Both are measured in turns, in one process, so that what the machine does meanwhile falls on both; and what is compared is a ratio. A round that the
//! machine has spoiled is made again: a host that lets a guest have a thread, a lock or all places fails every one of them.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jeroboam_model::{RequestId, driver::Origin};
use jeroboam_plugins::{Driver, Host, Limits};
use tokio::task::JoinSet;

use crate::{
    case::{self, Case},
    guest::Guest,
    seen::call,
    world::World,
};

/// Calls in a block, blocks in a round, and rounds.
const BLOCK: usize = 100;
const BLOCKS: usize = 3;
const ROUNDS: usize = 6;

/// Hostile calls at the same time: more than there are threads.
const AT_ONCE: usize = 4;

/// How much slower counts as noise: what two equal halves of one round were seen to differ by.
const NOISE_MEDIAN: f64 = 2.5;
const NOISE_P99: f64 = 6.0;

/// Looks something up, and answers: with what a driver usually does to memory and host.
fn well_behaved() -> Guest {
    let ask = "(call $get-flavor (i32.const 16384) (i32.const 5) (i32.const 8192))".repeat(3);
    Guest::new("good")
        .import("lookup", "get-flavor", "(param i32 i32 i32)")
        .item("(data (i32.const 16384) \"small\")")
        .body("validate-cluster", &format!("{ask} (i64.store (i32.const 12288) (i64.const 0)) (i64.store (i32.const 12296) (i64.const 0)) i32.const 12288"))
}

async fn block(good: &Driver, world: &World) -> Vec<Duration> {
    let mut took = Vec::with_capacity(BLOCK);
    for _ in 0..BLOCK {
        let began = Instant::now();
        call(good, "validate-cluster", world, RequestId::random()).await.unwrap();
        took.push(began.elapsed());
    }
    took
}

/// Does its worst, again and again, until it is dropped.
fn misbehave(case: &Arc<Case>, export: &'static str, host: &Host, loaded: Option<&Driver>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    // What is not loaded is compiled each time, which is work of the host's: one at a time, as operators install.
    for _ in 0..loaded.map_or(1, |_| AT_ONCE) {
        let (case, host, loaded) = (Arc::clone(case), host.clone(), loaded.cloned());
        tasks.spawn(async move {
            let world = World::default();
            loop {
                match &loaded {
                    Some(driver) => drop(call(driver, export, &world, RequestId::random()).await),
                    None => drop(host.load(case.candidate(export)).await),
                }
                // One that is refused at once is still a client that waits for its answer.
                tokio::time::sleep(Duration::from_micros(200)).await;
            }
        });
    }
    tasks
}

struct Quantiles {
    median: f64,
    p99: f64,
}

fn quantiles(mut took: Vec<Duration>) -> Quantiles {
    took.sort();
    let at = |part: f64| took[((took.len() - 1) as f64 * part) as usize].as_secs_f64();
    Quantiles { median: at(0.5), p99: at(0.99) }
}

/// Ratios of median and p99, beside and alone.
async fn round(case: &Arc<Case>, export: &'static str, host: &Host, good: &Driver, loaded: Option<&Driver>) -> (f64, f64) {
    let world = World::default();
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..BLOCKS {
        alone.extend(block(good, &world).await);
        let tasks = misbehave(case, export, host, loaded);
        tokio::time::sleep(Duration::from_millis(5)).await;
        beside.extend(block(good, &world).await);
        drop(tasks);
        // What was under way has a place, and may have a turn, until it is gone.
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (alone, beside) = (quantiles(alone), quantiles(beside));
    (beside.median / alone.median, beside.p99 / alone.p99)
}

async fn is_unmoved(case: Case) -> Result<String, String> {
    let case = Arc::new(case);
    let host = Host::new(None, Limits { wall: case.limits().wall, ..Limits::default() }).unwrap();
    let candidate = jeroboam_plugins::Candidate::new("good", Origin::Installed, jeroboam_plugins::Grant::all().collect(), well_behaved().component());
    let good = host.load(candidate).await.unwrap();
    let export = case.called().into_iter().next_back().unwrap();
    let loaded = host.load(case.candidate(export)).await.ok();
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        let (median, p99) = round(&case, export, &host, &good, loaded.as_ref()).await;
        ratios.push(format!("{median:.2}/{p99:.2}"));
        if median <= NOISE_MEDIAN && p99 <= NOISE_P99 {
            return Ok(format!("{}: {}", case.name, ratios.join(" ")));
        }
    }
    Err(format!("{}: median/p99 beside it, against alone: {}", case.name, ratios.join(" ")))
}

/// As on a host with two processors: with one, whatever computes is beside everything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_well_behaved_driver_is_none_the_slower_for_any_of_them() {
    let mut failures = Vec::new();
    for case in case::all() {
        match tokio::spawn(is_unmoved(case)).await.unwrap() {
            Ok(ratios) => eprintln!("{ratios}"),
            Err(ratios) => failures.push(ratios),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

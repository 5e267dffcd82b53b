//! A well-behaved driver beside a hostile one: it answers as fast as beside another that behaves, and is called as often.
//!
//! Both are measured in turns, in one process, so that what the machine does meanwhile falls on both; and what is compared is a ratio. A round that the
//! machine has spoiled is made again: a host that lets a guest have a thread, a lock or all places fails every one of them.

use std::time::{Duration, Instant};

use jeroboam_model::{RequestId, driver::Origin};
use jeroboam_plugins::{Candidate, Driver, Grant, Host};
use tokio::task::JoinSet;

use crate::{
    ALONE,
    case::{self, Case},
    guest::Guest,
    seen::call,
    world::World,
};

/// Calls in a block, blocks in a round, and rounds.
const BLOCK: usize = 100;
const BLOCKS: usize = 3;
const ROUNDS: usize = 6;

/// The neighbour's calls at the same time: more than there are threads.
const AT_ONCE: usize = 4;

/// How much slower counts as noise: what equal blocks differ by on a machine that has much else to do.
const NOISE_MEDIAN: f64 = 2.0;
const NOISE_P99: f64 = 4.0;

/// Looks something up, and answers: with what a driver usually does to memory and host.
fn well_behaved(name: &str) -> Guest {
    let ask = "(call $get-flavor (i32.const 16384) (i32.const 5) (i32.const 8192))".repeat(3);
    Guest::new(name).import("lookup", "get-flavor", "(param i32 i32 i32)").item("(data (i32.const 16384) \"small\")").body(
        "validate-cluster",
        &format!("{ask} (i64.store (i32.const 12288) (i64.const 0)) (i64.store (i32.const 12296) (i64.const 0)) i32.const 12288"),
    )
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

/// Who is called beside.
#[derive(Clone)]
struct Neighbour {
    host: Host,
    candidate: Candidate,
    /// `None`: it is not to be loaded, and loading it is what is done again and again.
    driver: Option<Driver>,
    export: &'static str,
}

impl Neighbour {
    async fn new(host: &Host, candidate: Candidate, export: &'static str) -> Self {
        let driver = host.load(candidate.clone()).await.ok().filter(|_| export != "describe");
        Self { host: host.clone(), candidate, driver, export }
    }

    /// Calls it, again and again, until what is answered is dropped.
    fn keep_busy(&self) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        // What is not loaded is compiled each time, which is work of the host's: one at a time, as operators install.
        for _ in 0..self.driver.as_ref().map_or(1, |_| AT_ONCE) {
            let own = self.clone();
            tasks.spawn(async move {
                let world = World::default();
                loop {
                    match &own.driver {
                        Some(driver) => drop(call(driver, own.export, &world, RequestId::random()).await),
                        None => drop(own.host.load(own.candidate.clone()).await),
                    }
                    // Who asked for it takes a moment to ask again.
                    tokio::time::sleep(Duration::from_micros(500)).await;
                }
            });
        }
        tasks
    }
}

async fn beside(neighbour: &Neighbour, good: &Driver, took: &mut Vec<Duration>) {
    let tasks = neighbour.keep_busy();
    tokio::time::sleep(Duration::from_millis(5)).await;
    took.extend(block(good, &World::default()).await);
    drop(tasks);
    // What was under way has a place, and may have a turn, until it is gone.
    tokio::time::sleep(Duration::from_millis(5)).await;
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

/// Ratios of median and p99.
async fn round(good: &Driver, hostile: &Neighbour, usual: &Neighbour) -> (f64, f64) {
    let (mut with_usual, mut with_hostile) = (Vec::new(), Vec::new());
    for _ in 0..BLOCKS {
        beside(usual, good, &mut with_usual).await;
        beside(hostile, good, &mut with_hostile).await;
    }
    let (usual, hostile) = (quantiles(with_usual), quantiles(with_hostile));
    (hostile.median / usual.median, hostile.p99 / usual.p99)
}

async fn is_unmoved(case: Case) -> Result<String, String> {
    let host = Host::new(None, case.limits()).unwrap();
    let named = |name: &str| Candidate::new(name, Origin::Installed, Grant::all().collect(), well_behaved(name).component());
    let good = host.load(named("good")).await.unwrap();
    let export = case.called().into_iter().next_back().unwrap();
    let hostile = Neighbour::new(&host, case.candidate(export), export).await;
    let mut usual = Neighbour::new(&host, named("usual"), "validate-cluster").await;
    if hostile.driver.is_none() {
        usual.driver = None;
    }
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        let (median, p99) = round(&good, &hostile, &usual).await;
        ratios.push(format!("{median:.2}/{p99:.2}"));
        if median <= NOISE_MEDIAN && p99 <= NOISE_P99 {
            return Ok(format!("{}: {}", case.name, ratios.join(" ")));
        }
    }
    Err(format!("{}: median/p99 beside it, against beside another: {}", case.name, ratios.join(" ")))
}

/// As on a host with two processors: with one, whatever computes is beside everything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_well_behaved_driver_is_none_the_slower_for_any_of_them() {
    let _alone = ALONE.lock().await;
    let mut failures = Vec::new();
    for case in case::all() {
        match tokio::spawn(is_unmoved(case)).await.unwrap() {
            Ok(ratios) => eprintln!("{ratios}"),
            Err(ratios) => failures.push(ratios),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

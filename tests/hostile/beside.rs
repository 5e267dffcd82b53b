//! A well-behaved driver beside a hostile one: each of its calls is answered, and no call beside it computes on without letting others go first.
//!
//! What is asserted is counted in processor time of single polls, which neither waiting nor a busy machine adds to: a host that lets a guest have a thread
//! has one poll that lasts until the guest is stopped. A host that lets it have a lock or all places has calls that are not answered. How fast they are
//! answered is printed, as a ratio to the same beside another well-behaved driver, measured in turns in one process: it is for reading.

use std::{
    future::poll_fn,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use jeroboam_model::{RequestId, driver::Origin};
use jeroboam_plugins::{Candidate, Driver, Grant, Host};
use rustix::time::{ClockId, clock_gettime};
use tokio::task::JoinSet;

use crate::{
    ALONE,
    case::{self, Case},
    guest::Guest,
    seen::call,
    world::World,
};

/// Calls in a block, and blocks.
const BLOCK: usize = 100;
const BLOCKS: usize = 3;

/// The neighbour's calls at the same time: more than there are threads.
const AT_ONCE: usize = 4;

/// Processor time that a call may take before it lets others go first. The host's tick is a millisecond or so; a guest that is never made to yield
/// computes for all of what `Case::limits` lets it.
const POLL: Duration = Duration::from_millis(150);

/// In which each call is answered, on the slowest of machines: beyond it, it is taken to hang.
const HANGS: Duration = Duration::from_secs(60);

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
        let answer = call(good, "validate-cluster", world, RequestId::random());
        tokio::time::timeout(HANGS, answer).await.expect("the call hangs").unwrap();
        took.push(began.elapsed());
    }
    took
}

/// The longest that one poll of certain futures has computed.
#[derive(Clone, Default)]
struct Longest(Arc<AtomicU64>);

impl Longest {
    async fn of<F: Future>(&self, measured: F) -> F::Output {
        let mut measured = pin!(measured);
        poll_fn(|context| {
            let began = thread_time();
            let poll = measured.as_mut().poll(context);
            self.0.fetch_max((thread_time() - began).as_nanos() as u64, Ordering::Relaxed);
            poll
        })
        .await
    }

    fn so_far(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }
}

fn thread_time() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap()
}

/// Who is called beside.
#[derive(Clone)]
struct Neighbour {
    host: Host,
    candidate: Candidate,
    /// `None`: it is not to be loaded, and loading it is what is done again and again.
    driver: Option<Driver>,
    export: &'static str,
    longest: Longest,
}

impl Neighbour {
    async fn new(host: &Host, candidate: Candidate, export: &'static str) -> Self {
        let driver = host.load(candidate.clone()).await.ok().filter(|_| export != "describe");
        Self { host: host.clone(), candidate, driver, export, longest: Longest::default() }
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
                        Some(driver) => drop(own.longest.of(call(driver, own.export, &world, RequestId::random())).await),
                        None => drop(own.longest.of(own.host.load(own.candidate.clone())).await),
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

/// How much slower the median and the 99th percentile are beside it: for reading. An error: what the host lets it do.
async fn leaves_others_their_turn(case: Case) -> Result<String, String> {
    let host = Host::new(None, case.limits()).unwrap();
    let named = |name: &str| Candidate::new(name, Origin::Installed, Grant::all().collect(), well_behaved(name).component());
    let good = host.load(named("good")).await.unwrap();
    let export = case.called().into_iter().next_back().unwrap();
    let hostile = Neighbour::new(&host, case.candidate(export), export).await;
    let mut usual = Neighbour::new(&host, named("usual"), "validate-cluster").await;
    if hostile.driver.is_none() {
        usual.driver = None;
    }
    let (mut with_usual, mut with_hostile) = (Vec::new(), Vec::new());
    for _ in 0..BLOCKS {
        beside(&usual, &good, &mut with_usual).await;
        beside(&hostile, &good, &mut with_hostile).await;
    }
    let longest = hostile.longest.so_far();
    if longest > POLL {
        return Err(format!("{}: computed for {longest:?} without letting others go first", case.name));
    }
    let (usual, hostile) = (quantiles(with_usual), quantiles(with_hostile));
    let (median, p99) = (hostile.median / usual.median, hostile.p99 / usual.p99);
    Ok(format!("{}: {median:.2}/{p99:.2}, longest poll {longest:?}", case.name))
}

/// As on a host with two processors: with one, whatever computes is beside everything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_well_behaved_driver_keeps_its_turn_beside_any_of_them() {
    let _alone = ALONE.lock().await;
    let mut failures = Vec::new();
    for case in case::all() {
        match tokio::spawn(leaves_others_their_turn(case)).await.unwrap() {
            Ok(ratios) => eprintln!("{ratios}"),
            Err(why) => failures.push(why),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

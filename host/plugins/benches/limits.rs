//! What all limits cost against none: of a guest's own time, and of a call. `cargo xtask bench limits` runs it.
//!
//! Two hosts in one process, one of which has no limits compiled in. Their calls are made in turns, so that what the machine does meanwhile falls on both, and
//! medians are compared. It fails if limits cost more than they may.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

#[path = "../tests/support/mod.rs"]
mod support;

#[path = "support/cloud.rs"]
mod cloud;

use std::{
    env, fs,
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use jeroboam_model::driver::{Origin, StackScope};
use jeroboam_plugins::{CallContext, Candidate, Driver, Grant, Host, Limits};
use support::{context, guest::Guest, samples};

/// The most that all limits may cost: of a guest's time, and for each call.
const GUEST_SHARE: f64 = 0.35;
const CALL_COST: Duration = Duration::from_micros(30);

/// Answers that there is nothing to say.
const NOTHING: &str = "(i64.store (i32.const 8192) (i64.const 0)) (i64.store (i32.const 8200) (i64.const 0)) i32.const 8192";

/// A checksum over 16 KiB of memory, again and again: loads, shifts, and a branch for each byte.
const CHECKSUM: &str = "
    (local $times i32) (local $at i32) (local $sum i32)
    (local.set $times (i32.const 200))
    (loop $again
      (local.set $at (i32.const 0))
      (loop $next
        (local.set $sum (i32.add (i32.rotl (local.get $sum) (i32.const 5)) (i32.load8_u (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $at) (i32.const 16384))))
      (local.set $times (i32.sub (local.get $times) (i32.const 1)))
      (br_if $again (local.get $times)))
    (i32.store (i32.const 16384) (local.get $sum))";

/// As compiled code has it: a sieve of whole words, whose inner loop does little, and calls of a function.
const SIEVE: &str = "
    (local $n i32) (local $m i32) (local $count i32) (local $times i32)
    (local.set $times (i32.const 20))
    (loop $again
      (memory.fill (i32.const 16384) (i32.const 0) (i32.const 16384))
      (local.set $n (i32.const 2))
      (loop $numbers
        (if (i32.eqz (i32.load8_u offset=16384 (local.get $n))) (then
          (local.set $count (call $one-more (local.get $count)))
          (local.set $m (i32.add (local.get $n) (local.get $n)))
          (loop $multiples
            (if (i32.lt_u (local.get $m) (i32.const 16384)) (then
              (i32.store8 offset=16384 (local.get $m) (i32.const 1))
              (local.set $m (i32.add (local.get $m) (local.get $n)))
              (br $multiples))))))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br_if $numbers (i32.lt_u (local.get $n) (i32.const 16384))))
      (local.set $times (i32.sub (local.get $times) (i32.const 1)))
      (br_if $again (local.get $times)))
    (i32.store (i32.const 32768) (local.get $count))";

struct Pair {
    bounded: Driver,
    unbounded: Driver,
}

struct Hosts {
    bounded: Host,
    unbounded: Host,
}

impl Hosts {
    fn new() -> Self {
        let limits = |unlimited| Limits { cpu: Duration::from_secs(60), unlimited, ..Limits::default() };
        Self { bounded: Host::new(None, limits(false)).unwrap(), unbounded: Host::new(None, limits(true)).unwrap() }
    }

    async fn load(&self, component: Vec<u8>) -> Pair {
        let candidate = Candidate::new("guest", Origin::Bundled, Grant::all().collect(), component);
        Pair {
            bounded: self.bounded.load(candidate.clone()).await.unwrap(),
            unbounded: self.unbounded.load(candidate).await.unwrap(),
        }
    }
}

/// Medians of one call: with all limits, and with none.
struct Compared {
    bounded: Duration,
    unbounded: Duration,
}

/// What is called.
#[derive(Clone, Copy)]
enum What {
    ValidateTemplate,
    DefineStack,
}

async fn timed(driver: &Driver, what: What, calls: u32) -> Duration {
    let (view, sources) = (samples::view(), cloud::sources());
    let began = Instant::now();
    for _ in 0..calls {
        let context = CallContext { sources: sources.clone(), ..context() };
        match what {
            What::ValidateTemplate => drop(driver.validate_template(&view.template, context).await.unwrap()),
            What::DefineStack => drop(driver.define_stack(&view, StackScope::Cluster, context).await.unwrap()),
        }
    }
    began.elapsed() / calls
}

async fn compare(pair: &Pair, what: What, rounds: usize, calls: u32) -> Compared {
    let (mut bounded, mut unbounded) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        bounded.push(timed(&pair.bounded, what, calls).await);
        unbounded.push(timed(&pair.unbounded, what, calls).await);
    }
    Compared { bounded: median(bounded), unbounded: median(unbounded) }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// The bundled Kubernetes driver, if it was built.
fn kubernetes() -> Option<Vec<u8>> {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/drivers");
    let dir = env::var_os("JEROBOAM_DRIVERS").map_or_else(|| PathBuf::from(built), PathBuf::from);
    let bytes = fs::read(dir.join("kubernetes.wasm"));
    bytes.inspect_err(|_| eprintln!("no kubernetes.wasm: run cargo xtask drivers first")).ok()
}

/// How long it takes to have a driver from its bytes: compiled, and from the cache.
async fn loading(bytes: Vec<u8>) {
    let (cache, size) = (tempfile::tempdir().unwrap(), bytes.len() / 1024);
    let host = Host::new(Some(cache.path()), Limits::default()).unwrap();
    let candidate = Candidate::new("kubernetes", Origin::Bundled, Grant::all().collect(), bytes);
    let began = Instant::now();
    host.load(candidate.clone()).await.unwrap();
    let compiled = began.elapsed();
    let mut cached = Vec::new();
    for _ in 0..20 {
        let began = Instant::now();
        host.load(candidate.clone()).await.unwrap();
        cached.push(began.elapsed());
    }
    let cached = micros(median(cached)) / 1e3;
    println!("loading kubernetes.wasm ({size} KiB): {:.0} ms compiled, {cached:.2} ms from the cache", micros(compiled) / 1e3);
}

/// Few calls show that it works; many are a measurement.
struct Effort {
    rounds: usize,
    calls: u32,
}

/// Of a call that does nothing: a new store, an instance, the call, and the end of all.
async fn calling(hosts: &Hosts, effort: &Effort) -> Compared {
    let nothing = hosts.load(Guest::new("guest").body("validate-template", NOTHING).component()).await;
    compare(&nothing, What::ValidateTemplate, 3, 20).await;
    let call = compare(&nothing, What::ValidateTemplate, effort.rounds, effort.calls).await;
    let (bounded, unbounded) = (micros(call.bounded), micros(call.unbounded));
    println!(
        "a call that does nothing, with its instance: {bounded:.1} us with all limits, {unbounded:.1} us with none: {:.1} us",
        bounded - unbounded
    );
    call
}

/// How much longer a guest takes for itself: without what any call takes.
async fn computing(name: &str, pair: &Pair, what: What, call: &Compared, effort: &Effort) -> f64 {
    compare(pair, what, 1, 2).await;
    let whole = compare(pair, what, effort.rounds, (effort.calls / 20).max(1)).await;
    let own = |whole: Duration, call: Duration| micros(whole.saturating_sub(call));
    let (bounded, unbounded) = (own(whole.bounded, call.bounded), own(whole.unbounded, call.unbounded));
    let share = bounded / unbounded - 1.0;
    println!("computing, {name}: {bounded:.0} us with all limits, {unbounded:.0} us with none: {:+.1} %", share * 100.0);
    share
}

fn main() -> ExitCode {
    let quick = cfg!(debug_assertions) || env::args().any(|argument| argument == "--test");
    let effort = if quick { Effort { rounds: 3, calls: 20 } } else { Effort { rounds: 60, calls: 200 } };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let within = runtime.block_on(async {
        let hosts = Hosts::new();
        let call = calling(&hosts, &effort).await;
        let mut within = call.bounded.saturating_sub(call.unbounded) <= CALL_COST;
        for (name, body) in [("a checksum", CHECKSUM), ("a sieve", SIEVE)] {
            let guest = Guest::new("guest")
                .item("(func $one-more (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))")
                .body("validate-template", &format!("{body} {NOTHING}"));
            let pair = hosts.load(guest.component()).await;
            within &= computing(name, &pair, What::ValidateTemplate, &call, &effort).await <= GUEST_SHARE;
        }
        if let Some(bytes) = kubernetes() {
            let pair = hosts.load(bytes.clone()).await;
            within &=
                computing("the Kubernetes driver's define-stack", &pair, What::DefineStack, &call, &effort).await <= GUEST_SHARE;
            loading(bytes).await;
        }
        within
    });
    if quick || within { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

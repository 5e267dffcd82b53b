//! Requests at random, from the tables of attributes and from bytes: whatever comes, it is answered, never with a 500, and what it leaves can be listed, shown and deleted.
//!
//! `cargo xtask fuzz` makes 100,000 of them; the test suite a smaller number with a fixed seed. A run is the same each time that its seed is: `JEROBOAM_FUZZ_SEED`,
//! `JEROBOAM_FUZZ_REQUESTS`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

#[path = "../contract/case.rs"]
#[allow(dead_code, reason = "the contract suite uses the rest")]
mod case;
#[path = "../contract/kinds.rs"]
#[allow(dead_code, reason = "the contract suite uses the rest")]
mod kinds;
#[path = "../support/mod.rs"]
mod support;
#[path = "../contract/table.rs"]
#[allow(dead_code, reason = "the contract suite uses the rest")]
mod table;
#[path = "../contract/world.rs"]
#[allow(dead_code, reason = "the contract suite uses the rest")]
mod world;

mod bytes;
mod judge;
mod memory;
mod requests;
mod sweep;
mod wild;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use requests::{Requests, Shot};
use world::World;

const SEED: u64 = 20_160_407;
const REQUESTS: usize = 3000;
/// After so many, all that is there is looked at and removed.
const SWEEP: usize = 1000;

static PANICS: AtomicUsize = AtomicUsize::new(0);

#[tokio::test]
async fn whatever_is_sent_is_answered_and_leaves_nothing_broken() {
    let (seed, requests) = (number("JEROBOAM_FUZZ_SEED", SEED), number("JEROBOAM_FUZZ_REQUESTS", REQUESTS));
    count_panics();
    let mut world = World::start().await;
    let mut source = Requests::new(seed, &world);
    let (started, mut statuses) = (Instant::now(), BTreeMap::<u16, usize>::new());
    let (mut rests, mut tenths) = (Vec::new(), Vec::new());
    for index in 0..requests {
        let shot = source.next();
        let answer = send(&world, &shot).await;
        let verdict = judge::answer(&shot, &answer);
        assert!(verdict.is_ok() && PANICS.load(Ordering::Relaxed) == 0, "{}", report(seed, index, &shot, &answer, &verdict));
        *statuses.entry(answer.status).or_default() += 1;
        source.learn(&world, &answer).await;
        if (index + 1) % SWEEP == 0 || index + 1 == requests {
            rests.push(sweep::all(&mut world).await);
            source.renew(&world);
        }
        if (index + 1) % requests.div_ceil(10) == 0 || index + 1 == requests {
            tenths.push(memory::resident());
        }
    }
    print(requests, seed, started, &statuses, &tenths);
    assert!(rests.iter().all(|rest| Some(rest) == rests.first()), "records are left that nothing shows: {rests:?}");
    let (early, late) = (tenths[0], tenths[tenths.len() - 1]);
    assert!(late <= early + memory::MOST_GROWTH, "resident memory grew: {tenths:?} KiB");
}

async fn send(world: &World, shot: &Shot) -> support::Answer {
    world.api.send(shot.request()).await
}

fn report(seed: u64, index: usize, shot: &Shot, answer: &support::Answer, verdict: &Result<(), String>) -> String {
    let verdict = verdict.as_ref().err().map_or("it panicked", String::as_str);
    let text: String = answer.text.chars().take(2000).collect();
    format!("request {index} of seed {seed}: {verdict}\n{shot}\n{} {text}", answer.status)
}

/// Past the capture of tests, as the figures are what it is run for.
fn print(requests: usize, seed: u64, started: Instant, statuses: &BTreeMap<u16, usize>, tenths: &[u64]) {
    let mut out = std::io::stderr().lock();
    let seconds = started.elapsed().as_secs_f64();
    writeln!(out, "\n{requests} requests of seed {seed} in {seconds:.0} s, {} panics", PANICS.load(Ordering::Relaxed)).unwrap();
    let counts: Vec<String> = statuses.iter().map(|(status, count)| format!("{count} x {status}")).collect();
    writeln!(out, "{}", counts.join(", ")).unwrap();
    writeln!(out, "resident after each tenth, in KiB: {tenths:?}").unwrap();
}

fn number<T: std::str::FromStr>(variable: &str, default: T) -> T {
    std::env::var(variable).ok().map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{variable} is a number")))
}

/// Those of tasks, too, which nobody would see otherwise.
fn count_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        usual(info);
    }));
}

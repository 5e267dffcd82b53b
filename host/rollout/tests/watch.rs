//! The drivers directory: what is whole arrives, once; nothing else does, however it came to be there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests may say what they expect")]

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jeroboam_rollout::{Arrival, Pace, Taken, WatchConfig, watch::watch};
use tempfile::TempDir;
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinHandle,
    time::{sleep, timeout},
};

/// Quick enough for tests. What they say holds at any pace.
const PACE: Pace = Pace { settle: Duration::from_millis(30), fold: Duration::from_millis(2), rescan: Duration::from_millis(40) };

/// Bytes of a driver whose custom section says this. It comes before the exports, as in what toolchains make.
fn component(says: &str) -> Vec<u8> {
    let text = format!(
        r#"(component (core module (memory 1)) (@custom "says" {says:?}) (instance) (export "jeroboam:coe/driver@0.1.0" (instance 0)))"#
    );
    wat::parse_str(text).unwrap()
}

struct Watched {
    /// Its folder `drivers` is the watched one.
    top: TempDir,
    arrivals: UnboundedReceiver<Arrival>,
    task: JoinHandle<()>,
}

impl Watched {
    fn with(pace: Pace, answer: impl Fn() -> Taken + Send + 'static) -> Self {
        let top = tempfile::tempdir().unwrap();
        fs::create_dir(top.path().join("drivers")).unwrap();
        let config = WatchConfig { dir: top.path().join("drivers"), limit: 4096, pace };
        let (sender, arrivals) = unbounded_channel();
        let task = tokio::spawn(watch(
            config,
            || true,
            move |arrival| {
                sender.send(arrival).unwrap();
                std::future::ready(answer())
            },
        ));
        Self { top, arrivals, task }
    }

    fn new() -> Self {
        Self::with(PACE, || Taken::Settled)
    }

    fn dir(&self) -> PathBuf {
        self.top.path().join("drivers")
    }

    /// Puts a file into place as it should be done.
    fn put(&self, name: &str, bytes: &[u8]) {
        let beside = self.top.path().join("new");
        fs::write(&beside, bytes).unwrap();
        fs::rename(beside, self.dir().join(name)).unwrap();
    }

    async fn next(&mut self) -> Arrival {
        timeout(Duration::from_secs(20), self.arrivals.recv()).await.expect("nothing arrived").unwrap()
    }

    /// The next thing to arrive is this, so nothing that would have come before it has arrived.
    async fn expect(&mut self, name: &str, bytes: &[u8]) {
        let arrival = self.next().await;
        assert_eq!((arrival.file_name.as_str(), arrival.bytes.as_slice()), (name, bytes));
    }

    /// Nothing has arrived up to now: a file put down now is the next.
    async fn expect_nothing_but(&mut self, last: &str) {
        let bytes = component(last);
        self.put("zz.wasm", &bytes);
        self.expect("zz.wasm", &bytes).await;
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn append(path: &Path, bytes: &[u8]) {
    OpenOptions::new().append(true).create(true).open(path).unwrap().write_all(bytes).unwrap();
}

#[tokio::test]
async fn a_file_that_is_renamed_into_place_arrives_once() {
    let mut watched = Watched::new();
    watched.put("one-2.wasm", &component("one"));
    let arrival = watched.next().await;
    assert_eq!((arrival.stem(), &arrival.bytes), ("one-2", &component("one")));
    watched.expect_nothing_but("last").await;
}

#[tokio::test]
async fn what_was_there_before_the_watch_arrives_too() {
    let top = tempfile::tempdir().unwrap();
    fs::write(top.path().join("one.wasm"), component("one")).unwrap();
    let (sender, mut arrivals) = unbounded_channel();
    let config = WatchConfig { dir: top.path().into(), limit: 4096, pace: PACE };
    let task = tokio::spawn(watch(
        config,
        || true,
        move |arrival| {
            sender.send(arrival).unwrap();
            std::future::ready(Taken::Settled)
        },
    ));
    assert_eq!(timeout(Duration::from_secs(20), arrivals.recv()).await.unwrap().unwrap().file_name, "one.wasm");
    task.abort();
}

/// The writer is slower than the watch is patient, so each beginning stands still and is looked at.
#[tokio::test]
async fn a_file_that_is_written_slowly_is_never_seen_half() {
    let mut watched = Watched::new();
    let (whole, path) = (component("slow"), watched.dir().join("slow.wasm"));
    for piece in whole.chunks(whole.len() / 8 + 1) {
        append(&path, piece);
        sleep(PACE.settle * 3).await;
    }
    watched.expect("slow.wasm", &whole).await;
    watched.expect_nothing_but("last").await;
}

/// Byte by byte: no beginning of a component is one.
#[test]
fn a_beginning_is_never_a_whole() {
    let whole = component("half");
    for end in 0..whole.len() {
        assert!(jeroboam_plugins::whole(whole.get(..end).unwrap()).is_err(), "{end} of {}", whole.len());
    }
    jeroboam_plugins::whole(&whole).unwrap();
}

#[tokio::test]
async fn a_file_that_is_written_over_arrives_again() {
    let mut watched = Watched::new();
    for says in ["one", "two"] {
        watched.put("one.wasm", &component(says));
        watched.expect("one.wasm", &component(says)).await;
    }
    fs::write(watched.dir().join("one.wasm"), component("six")).unwrap();
    watched.expect("one.wasm", &component("six")).await;
}

#[tokio::test]
async fn a_removed_file_is_nothing_and_arrives_when_it_comes_back() {
    let mut watched = Watched::new();
    watched.put("one.wasm", &component("one"));
    watched.expect("one.wasm", &component("one")).await;
    fs::remove_file(watched.dir().join("one.wasm")).unwrap();
    watched.expect_nothing_but("last").await;
    watched.put("one.wasm", &component("one"));
    watched.expect("one.wasm", &component("one")).await;
}

#[tokio::test]
async fn what_is_no_driver_does_not_arrive() {
    let mut watched = Watched::new();
    let dir = watched.dir();
    watched.put("garbage.wasm", b"\x7fELF");
    watched.put("empty.wasm", b"");
    watched.put("core.wasm", &wat::parse_str("(module)").unwrap());
    watched.put("damaged.wasm", &[component("x").as_slice(), b"\xff\xff"].concat());
    watched.put("large.wasm", &component(&"x".repeat(5000)));
    watched.put("notes.txt", &component("no"));
    watched.put(".hidden.wasm", &component("no"));
    watched.put("two\nlines.wasm", &component("no"));
    fs::create_dir(dir.join("folder.wasm")).unwrap();
    symlink("loop-b.wasm", dir.join("loop-a.wasm")).unwrap();
    symlink("loop-a.wasm", dir.join("loop-b.wasm")).unwrap();
    symlink("nowhere", dir.join("nowhere.wasm")).unwrap();
    symlink("/dev/zero", dir.join("zero.wasm")).unwrap();
    watched.expect_nothing_but("last").await;
}

#[tokio::test]
async fn a_link_to_a_driver_is_followed() {
    let mut watched = Watched::new();
    fs::write(watched.top.path().join("elsewhere"), component("linked")).unwrap();
    symlink("../elsewhere", watched.dir().join("linked.wasm")).unwrap();
    watched.expect("linked.wasm", &component("linked")).await;
}

#[tokio::test]
async fn the_directory_may_be_removed_and_made_again() {
    let mut watched = Watched::new();
    watched.put("one.wasm", &component("one"));
    watched.expect("one.wasm", &component("one")).await;
    for says in ["two", "three"] {
        fs::remove_dir_all(watched.dir()).unwrap();
        fs::create_dir(watched.dir()).unwrap();
        watched.put("one.wasm", &component(says));
        watched.expect("one.wasm", &component(says)).await;
    }
}

/// With a rescan that never comes.
#[tokio::test]
async fn notices_are_enough() {
    let mut watched = Watched::with(Pace { rescan: Duration::from_secs(3600), ..PACE }, || Taken::Settled);
    for says in ["one", "two", "three"] {
        watched.put("one.wasm", &component(says));
        watched.expect("one.wasm", &component(says)).await;
    }
}

#[tokio::test]
async fn a_burst_is_folded() {
    let mut watched = Watched::new();
    for number in 0..30 {
        for says in ["a", "b", "c"] {
            watched.put(&format!("{number}.wasm"), &component(&format!("{says}{number}")));
        }
    }
    let mut last = std::collections::BTreeMap::new();
    while last.len() < 30 || last.iter().any(|(number, bytes)| *bytes != component(&format!("c{number}"))) {
        let arrival = watched.next().await;
        let number: u32 = arrival.stem().parse().unwrap();
        assert_ne!(last.insert(number, arrival.bytes.clone()), Some(arrival.bytes), "{number} arrived twice");
    }
    watched.expect_nothing_but("last").await;
}

#[tokio::test]
async fn what_cannot_be_installed_now_arrives_again() {
    let times = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&times);
    let mut watched = Watched::with(PACE, move || match counted.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => Taken::Later,
        _ => Taken::Settled,
    });
    watched.put("one.wasm", &component("one"));
    for _ in 0..3 {
        watched.expect("one.wasm", &component("one")).await;
    }
    watched.expect_nothing_but("last").await;
}

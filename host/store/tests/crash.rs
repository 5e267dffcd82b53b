//! Whatever was acknowledged is there after `kill -9`, and every batch is there whole or not at all.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use jeroboam_store::{Backend, Batch, Direction, Range, SledBackend};

const CACHE: u64 = 8 << 20;
/// Tells the copy of this test that is going to be killed where to write.
const DIRECTORY: &str = "JEROBOAM_STORE_CRASH_DIRECTORY";
const WRITERS: usize = 6;
const KILLS: usize = 4;
/// Acknowledgements after which the copy is killed.
const ACKNOWLEDGED: usize = 150;

fn value(number: usize) -> Vec<u8> {
    // Some so long that sled keeps them apart.
    let times = if number.is_multiple_of(40) { 90_000 } else { 3 };
    format!("{number:08}").repeat(times).into_bytes()
}

/// Not a test: what the copy does. Commits as fast as it can, and says what was acknowledged.
#[test]
#[ignore = "run by `what_was_acknowledged_survives_a_kill`, and killed by it"]
fn commit_until_killed() {
    let directory = env::var_os(DIRECTORY).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let backend = Arc::new(SledBackend::open(Path::new(&directory), CACHE).unwrap());
    let from = runtime.block_on(present(&*backend)).values().flatten().max().map_or(0, |latest| latest + 1);
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let backend = backend.clone();
            runtime.spawn(async move {
                for number in from.. {
                    let puts = ["left", "right", "shared"].map(|side| match side {
                        "shared" => (format!("shared/{writer}").into_bytes(), value(number)),
                        side => (format!("{side}/{writer}/{number:08}").into_bytes(), value(number)),
                    });
                    backend.commit(Batch { puts: puts.to_vec(), ..Batch::default() }).await.unwrap();
                    // One write, so that lines of several do not mix.
                    std::io::stdout().write_all(format!("acknowledged {writer} {number}\n").as_bytes()).unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        runtime.block_on(writer).unwrap();
    }
}

/// The numbers of the left halves by writer; makes sure that the right halves are the same.
async fn present(backend: &dyn Backend) -> BTreeMap<String, Vec<usize>> {
    let mut halves = Vec::new();
    for side in ["left", "right"] {
        let range = Range {
            from: format!("{side}/").into(),
            to: format!("{side}0").into(),
            limit: usize::MAX,
            direction: Direction::Ascending,
        };
        let mut numbers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for entry in backend.range(range).await.unwrap() {
            let key = String::from_utf8(entry.key.to_vec()).unwrap();
            let (writer, number) = key.split_once('/').unwrap().1.split_once('/').unwrap();
            let number = number.parse().unwrap();
            assert!(entry.value == value(number), "{key} has another value than was written");
            numbers.entry(writer.to_owned()).or_default().push(number);
        }
        halves.push(numbers);
    }
    assert_eq!(halves[0], halves[1], "a batch is there by half");
    halves.remove(0)
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let directory = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut acknowledged: Vec<(String, usize)> = Vec::new();
    for _ in 0..KILLS {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "commit_until_killed", "--ignored", "--nocapture"])
            .env(DIRECTORY, directory.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let before = acknowledged.len();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut read = |acknowledged: &mut Vec<(String, usize)>| {
            let Some(Ok(line)) = lines.next() else { return false };
            // The test harness has a word of its own, without an end of line.
            if let Some((_, rest)) = line.split_once("acknowledged ") {
                let (writer, number) = rest.split_once(' ').unwrap();
                acknowledged.push((writer.to_owned(), number.parse().unwrap()));
            }
            true
        };
        while acknowledged.len() < before + ACKNOWLEDGED {
            assert!(read(&mut acknowledged), "the copy ended by itself");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        while read(&mut acknowledged) {}
        let backend = SledBackend::open(directory.path(), CACHE).unwrap();
        let present = runtime.block_on(present(&backend));
        for (writer, number) in &acknowledged {
            assert!(present[writer].binary_search(number).is_ok(), "writer {writer} was told that {number} is stored");
        }
        for writer in present.keys() {
            let latest = *present[writer].last().unwrap();
            let (shared, _) = runtime.block_on(backend.get(format!("shared/{writer}").as_bytes())).unwrap().unwrap();
            assert!(shared == value(latest), "what is overwritten belongs to the latest batch");
        }
    }
}

//! A plan whose process is killed in the middle goes on where it was.
//!
//! The process that is killed is this test's own program, started again with a store to work on.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "tests may say what they expect"
)]

mod support;

use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use jeroboam_model::driver::{PlanState, StackDefinition};
use jeroboam_planner::{PlanId, PlanOptions, Planner};
use jeroboam_store::{Store, StoreConfig};
use support::{Made, NEW, OLD, Version};

const STORE: &str = "JEROBOAM_PLANNER_TEST_STORE";
const STUCK: &str = "it has come to the cluster that it cannot get past";
const CLUSTERS: usize = 600;

fn open(path: &Path) -> Store {
    Store::open(StoreConfig { path: path.to_owned(), ..StoreConfig::default() }).unwrap()
}

/// Half of the clusters say which flavor they want.
async fn fill(store: &Store) {
    let old = Version::with_flavor(OLD, "small");
    for number in 0..CLUSTERS {
        let labels: &[(&str, &str)] = if number % 2 == 0 { &[] } else { &[("flavor", "huge")] };
        Made::new(&format!("cluster-{number}"), labels).store(store, Some(&old)).await;
    }
}

/// What the killed process does: it asks about 400 clusters, and never gets an answer about the next. Rows go in batches of 128, each once the one before it
/// is on disk: so the first two are by then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let Some(path) = env::var_os(STORE) else { return };
    let (large, asked) = (Version::with_flavor(NEW, "large"), AtomicUsize::new(0));
    let stuck = Version::new(NEW, move |view, scope| -> Result<StackDefinition, String> {
        if asked.fetch_add(1, Ordering::SeqCst) >= 400 {
            println!("{STUCK}");
            loop {
                std::thread::park();
            }
        }
        Ok(large.define_now(view, scope))
    });
    let planner = Planner::new(open(Path::new(&path)));
    planner.begin(Arc::new(stuck), |_| None, PlanOptions::default()).await.unwrap();
    std::future::pending::<()>().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_plan_goes_on_where_it_was_and_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    fill(&store).await;
    drop(store);

    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(STORE, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains(STUCK)), "the child ended before it could be killed");
    // SIGKILL, on Unix.
    child.kill().unwrap();
    child.wait().unwrap();

    let planner = Planner::new(open(folder.path()));
    let id = PlanId { driver: "kubernetes".into(), to: NEW };
    assert_eq!(planner.summary(&id).await.unwrap().unwrap().state, PlanState::Interrupted);

    let new = Version::with_flavor(NEW, "large");
    planner.begin(Arc::new(new.clone()), |_| None, PlanOptions::default()).await.unwrap();
    planner.finished(&id).await;
    let done = planner.summary(&id).await.unwrap().unwrap();
    assert_eq!(done.state, PlanState::Done);
    let counts = done.counts;
    assert_eq!((counts.total, counts.done, counts.same, counts.in_place), (600, 600, 300, 300));
    assert!(counts.known >= 128, "only {} were kept", counts.known);
    assert_eq!(new.asked(), CLUSTERS - usize::try_from(counts.known).unwrap());
    assert_eq!(planner.rows(&id, None, 1000).await.unwrap().len(), CLUSTERS);
}

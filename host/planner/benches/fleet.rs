//! A plan over a fleet: `cargo xtask bench fleet` runs it over 10,000 clusters of the bundled Kubernetes driver, of which half would change.
//!
//! Prints the time, that of all cores, clusters a second, and by how much the process grew; for a tenth of the fleet as well, since memory is not to depend on the
//! number. The clusters are made by another process, so that this one has nothing in its memory but the plan. `JEROBOAM_FLEET` sets another number of clusters.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark may say what it expects"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::{env, fs, path::Path, process::Command, sync::Arc, time::Instant};

use jeroboam_model::driver::PlanState;
use jeroboam_planner::{PlanId, PlanOptions, Planner};
use jeroboam_plugins::Driver;
use jeroboam_store::{Store, StoreConfig};
use support::{kinds::Kind, real};

/// For the process that makes clusters: where, and how many.
const FILL: &str = "JEROBOAM_FLEET_FILL";

fn main() {
    let Some(component) = real::component() else {
        println!("no kubernetes.wasm: run cargo xtask drivers first");
        return;
    };
    let clusters = env::var("JEROBOAM_FLEET").ok().and_then(|number| number.parse().ok()).unwrap_or(10_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let old = real::load(component.clone()).await;
        if let Some(folder) = env::var_os(FILL) {
            real::fill(&open(Path::new(&folder)), &old, clusters).await;
            return;
        }
        let new = real::load(real::with_another_default(component)).await;
        for clusters in [clusters / 10, clusters] {
            let folder = tempfile::tempdir().unwrap();
            fill(folder.path(), clusters);
            fleet(&old, &new, folder.path(), clusters).await;
        }
    });
}

fn open(folder: &Path) -> Store {
    Store::open(StoreConfig { path: folder.into(), ..StoreConfig::default() }).unwrap()
}

fn fill(folder: &Path, clusters: usize) {
    let began = Instant::now();
    let mut command = Command::new(env::current_exe().unwrap());
    let made = command.env(FILL, folder).env("JEROBOAM_FLEET", clusters.to_string()).status().unwrap();
    assert!(made.success());
    println!("{clusters} clusters stored in {:.1} s, {} MiB on disk", began.elapsed().as_secs_f64(), size(folder) >> 20);
}

async fn fleet(old: &Driver, new: &Driver, folder: &Path, clusters: usize) {
    let store = open(folder);
    let before = resident("VmRSS");
    // From here on the peak counts.
    _ = fs::write("/proc/self/clear_refs", "5");
    let (began, computed) = (Instant::now(), computed());
    let planner = Planner::new(store);
    planner.begin(Arc::new(new.clone()), real::versions(old), PlanOptions::default()).await.unwrap();
    let id = PlanId { driver: "kubernetes".into(), to: *new.digest() };
    planner.finished(&id).await;
    let took = began.elapsed().as_secs_f64();
    let summary = planner.summary(&id).await.unwrap().unwrap();
    println!("{}", summary.counts);
    println!(
        "{took:.2} s, {:.0} clusters/s, {:.2} s of all cores; resident {} MiB before, at most {} MiB meanwhile",
        f64::from(u32::try_from(clusters).unwrap()) / took,
        self::computed() - computed,
        before >> 10,
        resident("VmHWM") >> 10
    );
    let count = |kind| u64::try_from((0..clusters).filter(|number| Kind::of(*number) == kind).count()).unwrap();
    assert_eq!(summary.state, PlanState::Done);
    assert_eq!(summary.counts.same, count(Kind::SetsIt));
    assert_eq!(summary.counts.in_place, count(Kind::WithoutBalancer));
    assert_eq!(summary.counts.replaces, count(Kind::WithBalancer));

    let again = Instant::now();
    planner.begin(Arc::new(new.clone()), real::versions(old), PlanOptions::default()).await.unwrap();
    planner.finished(&id).await;
    println!("again, with all rows there: {:.2} s", again.elapsed().as_secs_f64());
}

/// Seconds that this process has had of all cores.
fn computed() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map(|(_, rest)| rest).unwrap_or_default();
    let ticks: f64 = after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// Kibibytes.
fn resident(what: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(what)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
}

fn size(folder: &Path) -> u64 {
    let sizes = fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        let meta = entry.metadata().unwrap();
        if meta.is_dir() { size(&entry.path()) } else { meta.len() }
    });
    sizes.sum()
}

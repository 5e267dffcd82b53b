//! A plan over a fleet: `cargo xtask bench fleet` runs it over 10,000 clusters of the bundled Kubernetes driver, of which half would change.
//!
//! Prints the time, clusters a second, and by how much the process grew; for a tenth of the fleet as well, since memory is not to depend on the number.
//! `JEROBOAM_FLEET` sets another number of clusters.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark may say what it expects"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::{env, fs, sync::Arc, time::Instant};

use jeroboam_model::driver::PlanState;
use jeroboam_planner::{PlanId, PlanOptions, Planner};
use jeroboam_plugins::Driver;
use jeroboam_store::{Store, StoreConfig};
use support::{kinds::Kind, real};

fn main() {
    let Some(component) = real::component() else {
        println!("no kubernetes.wasm: run cargo xtask drivers first");
        return;
    };
    let clusters = env::var("JEROBOAM_FLEET").ok().and_then(|number| number.parse().ok()).unwrap_or(10_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (old, new) = (real::load(component.clone()).await, real::load(real::with_another_default(component)).await);
        for clusters in [clusters / 10, clusters] {
            fleet(&old, &new, clusters).await;
        }
    });
}

async fn fleet(old: &Driver, new: &Driver, clusters: usize) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(StoreConfig { path: folder.path().into(), ..StoreConfig::default() }).unwrap();
    let filling = Instant::now();
    let made = real::fill(&store, old, clusters).await;
    println!("{clusters} clusters stored in {:.1} s, {} MiB on disk", filling.elapsed().as_secs_f64(), size(folder.path()) >> 20);

    let before = resident("VmRSS");
    // From here on the peak counts.
    _ = fs::write("/proc/self/clear_refs", "5");
    let began = Instant::now();
    let planner = Planner::new(store);
    planner.begin(Arc::new(new.clone()), real::versions(old), PlanOptions::default()).await.unwrap();
    let id = PlanId { driver: "kubernetes".into(), to: *new.digest() };
    planner.finished(&id).await;
    let took = began.elapsed().as_secs_f64();
    let summary = planner.summary(&id).await.unwrap().unwrap();
    println!("{}", summary.counts);
    println!(
        "{took:.2} s, {:.0} clusters/s; resident {} MiB before, at most {} MiB meanwhile",
        f64::from(u32::try_from(clusters).unwrap()) / took,
        before >> 10,
        resident("VmHWM") >> 10
    );
    let count = |kind| u64::try_from(made.values().filter(|made| **made == kind).count()).unwrap();
    assert_eq!(summary.state, PlanState::Done);
    assert_eq!(summary.counts.same, count(Kind::SetsIt));
    assert_eq!(summary.counts.in_place, count(Kind::WithoutBalancer));
    assert_eq!(summary.counts.replaces, count(Kind::WithBalancer));

    let again = Instant::now();
    planner.begin(Arc::new(new.clone()), real::versions(old), PlanOptions::default()).await.unwrap();
    planner.finished(&id).await;
    println!("again, with all rows there: {:.2} s", again.elapsed().as_secs_f64());
}

/// Kibibytes.
fn resident(what: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(what)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
}

fn size(folder: &std::path::Path) -> u64 {
    let sizes = fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        let meta = entry.metadata().unwrap();
        if meta.is_dir() { size(&entry.path()) } else { meta.len() }
    });
    sizes.sum()
}

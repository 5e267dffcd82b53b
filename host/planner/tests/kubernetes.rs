//! A plan with the bundled Kubernetes driver, and a second version of it that differs in the default of one parameter.
//!
//! The component is looked for where `cargo xtask drivers` puts it, or in the directory that `JEROBOAM_DRIVERS` names.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests may say what they expect"
)]

mod support;

use jeroboam_model::driver::{PlanState, Verdict};
use jeroboam_planner::{PlanId, PlanOptions, Planner};
use jeroboam_store::Store;
use support::{kinds::Kind, real};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_changed_default_reaches_the_clusters_that_do_not_set_it() {
    let Some(component) = real::component() else {
        eprintln!("skipped: no kubernetes.wasm; cargo xtask drivers kubernetes makes it");
        return;
    };
    let (old, new) = (real::load(component.clone()).await, real::load(real::with_another_default(component)).await);
    let store = Store::in_memory();
    let made = real::fill(&store, &old, 24).await;

    let mut bytes = Vec::new();
    jeroboam_store::export(&store, &mut bytes).await.unwrap();
    assert!(bytes.len() < 300_000 + 24 * 24_000, "{}: what clusters have in common is kept once", bytes.len());

    let planner = Planner::new(store.clone());
    let (from, to) = (*old.digest(), *new.digest());
    planner.begin(std::sync::Arc::new(new), real::versions(&old), PlanOptions::default()).await.unwrap();
    let id = PlanId { driver: "kubernetes".into(), to };
    planner.finished(&id).await;

    let summary = planner.summary(&id).await.unwrap().unwrap();
    assert_eq!((summary.state, summary.counts.done, summary.counts.drifted), (PlanState::Done, 24, 0), "{summary:?}");
    let rows = planner.rows(&id, None, 1000).await.unwrap();
    assert_eq!(rows.len(), made.len());
    for row in rows {
        assert_eq!((row.from, row.to), (from, to));
        match (made[&row.cluster], &row.verdict) {
            (Kind::SetsIt, Verdict::Same) => {}
            (Kind::WithoutBalancer, Verdict::InPlace { changes }) => {
                assert!(changes.iter().any(|change| change.path == "parameters/octavia_provider"), "{changes:#?}");
            }
            (Kind::WithBalancer, Verdict::Replaces { resources, .. }) => {
                assert!(resources.iter().any(|resource| resource.starts_with("api_lb/loadbalancer: ")), "{resources:#?}");
                assert!(resources.iter().all(|resource| resource.starts_with("api_lb/")), "no node is lost: {resources:#?}");
            }
            (kind, verdict) => panic!("{kind:?}: {verdict:#?}"),
        }
    }
}

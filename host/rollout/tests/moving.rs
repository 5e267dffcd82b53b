//! Which clusters go to a new version by themselves.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod support;

use std::sync::Arc;

use jeroboam_model::driver::{Canary, StackDefinition, StackScope, Verdict};
use jeroboam_rollout::{RolloutError, Which};
use jeroboam_store::Recording;
use support::{World, digest, planner::Foretold, ready, served, until};
use time::OffsetDateTime;

fn in_place() -> Verdict {
    Verdict::InPlace { changes: Vec::new() }
}

#[tokio::test]
async fn clusters_for_which_nothing_changes_move_and_the_others_wait_to_be_told() {
    let mut world = World::new();
    let foretold = Arc::new(Foretold::default());
    world.planner = Some(foretold.clone());
    let rollouts = world.start().await;
    ready(&rollouts, 2).await;
    let same = world.cluster(Some(digest(1))).await;
    let changes = world.cluster(Some(digest(1))).await;
    foretold.say(&world.store, &same, digest(2), Verdict::Same).await;
    foretold.say(&world.store, &changes, digest(2), in_place()).await;
    rollouts.activate(&digest(2), None, "operator").await.unwrap();
    until("it moves", || async { world.on(same.uuid).await == Some(digest(2)) }).await;
    assert_eq!(world.on(changes.uuid).await, Some(digest(1)));
    assert_eq!(served(&rollouts, &changes).await, Some(digest(1)));

    let moved = rollouts.move_clusters("site", Which::These(vec![changes.uuid])).await.unwrap();
    assert_eq!((moved[0].from, moved[0].to), (Some(digest(1)), digest(2)));
    assert_eq!(world.on(changes.uuid).await, Some(digest(2)));
}

#[tokio::test]
async fn a_verdict_on_what_has_changed_since_moves_nobody() {
    let mut world = World::new();
    let foretold = Arc::new(Foretold::default());
    world.planner = Some(foretold.clone());
    let rollouts = world.start().await;
    ready(&rollouts, 2).await;
    let (stale, fresh) = (world.cluster(Some(digest(1))).await, world.cluster(Some(digest(1))).await);
    foretold.say(&world.store, &stale, digest(2), Verdict::Same).await;
    let mut tx = world.store.begin();
    tx.put_whole(&Recording {
        cluster: stale.uuid,
        scope: StackScope::Cluster,
        driver: "site".into(),
        driver_version: "0.1.0".into(),
        driver_digest: digest(1),
        definition: StackDefinition { template: "".into(), files: vec![], environment: "".into(), parameters: vec![] },
        reads: serde_json::Value::Null,
        recorded_at: OffsetDateTime::now_utc(),
    });
    tx.commit().await.unwrap();
    foretold.say(&world.store, &fresh, digest(2), Verdict::Same).await;
    rollouts.activate(&digest(2), None, "operator").await.unwrap();
    until("the other one moves", || async { world.on(fresh.uuid).await == Some(digest(2)) }).await;
    assert_eq!(world.on(stale.uuid).await, Some(digest(1)));
}

#[tokio::test]
async fn a_canary_moves_only_whom_it_selects() {
    let mut world = World::new();
    let foretold = Arc::new(Foretold::default());
    world.planner = Some(foretold.clone());
    let rollouts = world.start().await;
    ready(&rollouts, 2).await;
    let (inside, outside) = (world.cluster(Some(digest(1))).await, world.cluster(Some(digest(1))).await);
    for cluster in [&inside, &outside] {
        foretold.say(&world.store, cluster, digest(2), Verdict::Same).await;
    }
    let canary = Canary::Templates(vec![inside.cluster_template_id]);
    rollouts.activate(&digest(2), Some(canary), "operator").await.unwrap();
    until("it moves", || async { world.on(inside.uuid).await == Some(digest(2)) }).await;
    assert_eq!(world.on(outside.uuid).await, Some(digest(1)));
    let moved = rollouts.move_clusters("site", Which::All).await.unwrap();
    assert!(moved.is_empty(), "everybody is where they belong");
}

#[tokio::test]
async fn a_cluster_of_another_driver_is_not_moved() {
    let world = World::new();
    let rollouts = world.start().await;
    ready(&rollouts, 1).await;
    let stranger = jeroboam_model::ClusterId::random();
    let refused = rollouts.move_clusters("site", Which::These(vec![stranger])).await;
    assert!(matches!(refused, Err(RolloutError::NoCluster { .. })));
}

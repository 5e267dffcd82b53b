//! A rollout from the first version to the last, with a restart after each step: what the store says is what the next process serves.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_model::driver::{Canary, Digest, Stage};
use jeroboam_rollout::{RolloutError, Rollouts};
use support::{World, digest, new_on, ready, served, state, until};

/// What has to be the same after a restart.
async fn picture(rollouts: &Rollouts) -> (Vec<(Digest, String)>, Option<Digest>, String, [Option<Digest>; 2]) {
    let overview = rollouts.show("site").await.unwrap();
    let versions = overview.versions.iter().map(|one| (one.version.digest, one.version.state.as_str().to_owned())).collect();
    let stage = overview.rollout.stage.as_str().to_owned();
    (versions, overview.rollout.active, stage, ["first", "other"].map(|project| new_on(rollouts, project)))
}

async fn restarted(world: &mut World, rollouts: Rollouts) -> Rollouts {
    let before = picture(&rollouts).await;
    let rollouts = world.restart(rollouts).await;
    assert_eq!(picture(&rollouts).await, before);
    rollouts
}

async fn through_all_stages(mut world: World) {
    let rollouts = world.start().await;
    ready(&rollouts, 2).await;
    let mut rollouts = restarted(&mut world, rollouts).await;
    assert_eq!(new_on(&rollouts, "first"), Some(digest(1)));
    let old = world.cluster(Some(digest(1))).await;

    let canary = Canary::Projects(vec!["first".into()]);
    rollouts.activate(&digest(2), Some(canary), "operator").await.unwrap();
    rollouts = restarted(&mut world, rollouts).await;
    assert_eq!(new_on(&rollouts, "first"), Some(digest(2)));
    assert_eq!(new_on(&rollouts, "other"), Some(digest(1)));
    let new = world.cluster(Some(digest(2))).await;

    rollouts.activate(&digest(2), None, "operator").await.unwrap();
    rollouts = restarted(&mut world, rollouts).await;
    assert_eq!(new_on(&rollouts, "other"), Some(digest(2)));
    assert_eq!(served(&rollouts, &old).await, Some(digest(1)), "it stays where it is");
    assert_eq!((state(&rollouts, 1).await, state(&rollouts, 2).await), ("draining", "active"));

    rollouts.rollback("site", "operator").await.unwrap();
    rollouts = restarted(&mut world, rollouts).await;
    assert_eq!(new_on(&rollouts, "first"), Some(digest(1)));
    assert_eq!(served(&rollouts, &new).await, Some(digest(1)), "what the other version made is served by this one");
    assert_eq!((state(&rollouts, 1).await, state(&rollouts, 2).await), ("active", "checked"));

    rollouts.activate(&digest(2), None, "operator").await.unwrap();
    rollouts.confirm("site", "operator").await.unwrap();
    rollouts = restarted(&mut world, rollouts).await;
    assert_eq!(served(&rollouts, &new).await, Some(digest(2)));
    assert!(matches!(rollouts.rollback("site", "operator").await, Err(RolloutError::NothingToRollBack { .. })));
    assert_eq!(state(&rollouts, 1).await, "draining", "a cluster is on it");

    let moved = rollouts.move_clusters("site", jeroboam_rollout::Which::All).await.unwrap();
    assert_eq!(moved.iter().map(|moved| moved.cluster).collect::<Vec<_>>(), [old.uuid]);
    rollouts = restarted(&mut world, rollouts).await;
    assert_eq!(world.on(old.uuid).await, Some(digest(2)));
    until("the old version retires", || async { state(&rollouts, 1).await == "retired" }).await;
    rollouts = restarted(&mut world, rollouts).await;
    assert_eq!(rollouts.loaded_versions(), [digest(2)], "what has retired is let go");

    rollouts.remove(&digest(1)).await.unwrap();
    rollouts = world.restart(rollouts).await;
    assert!(matches!(rollouts.version(&digest(1)).await, Err(RolloutError::NoVersion(_))));
    assert!(matches!(rollouts.remove(&digest(2)).await, Err(RolloutError::Serving { .. })));
    let events = rollouts.show("site").await.unwrap().rollout.history;
    let told: Vec<&str> = events.iter().map(|event| event.what.as_str()).collect();
    assert_eq!(told, ["activated", "canary begun", "activated", "rolled back", "activated", "confirmed"]);
}

#[tokio::test]
async fn a_rollout_survives_restarts_in_memory() {
    through_all_stages(World::new()).await;
}

#[tokio::test]
async fn a_rollout_survives_restarts_on_disk() {
    through_all_stages(World::on_disk()).await;
}

#[tokio::test]
async fn versions_serve_side_by_side_for_as_long_as_clusters_are_on_them() {
    let world = World::new();
    let rollouts = world.start().await;
    ready(&rollouts, 3).await;
    let first = world.cluster(Some(digest(1))).await;
    rollouts.activate(&digest(2), None, "operator").await.unwrap();
    let second = world.cluster(Some(digest(2))).await;
    rollouts.activate(&digest(3), None, "operator").await.unwrap();
    for (cluster, number) in [(&first, 1), (&second, 2)] {
        assert_eq!(served(&rollouts, cluster).await, Some(digest(number)));
        assert_eq!(*rollouts.for_upgrade(cluster).await.unwrap().digest(), digest(3), "an upgrade brings it to the latest");
    }
    let overview = rollouts.show("site").await.unwrap();
    assert!(matches!(overview.rollout.stage, Stage::Unconfirmed { previous, .. } if previous == digest(2)));
    assert_eq!(overview.versions.iter().map(|one| one.clusters).collect::<Vec<_>>(), [1, 1, 0]);
}

#[tokio::test]
async fn a_rollback_of_a_canary_leaves_nobody_on_it() {
    let world = World::new();
    let rollouts = world.start().await;
    ready(&rollouts, 2).await;
    rollouts.activate(&digest(2), Some(Canary::Share(50)), "operator").await.unwrap();
    let cluster = world.cluster(Some(digest(2))).await;
    assert_eq!(served(&rollouts, &cluster).await, Some(digest(2)));
    rollouts.rollback("site", "operator").await.unwrap();
    assert_eq!(served(&rollouts, &cluster).await, Some(digest(1)));
    let overview = rollouts.show("site").await.unwrap();
    assert_eq!(overview.versions.iter().map(|one| one.clusters).collect::<Vec<_>>(), [1, 0]);
}

#[tokio::test]
async fn what_cannot_be_done_says_what_to_do_instead() {
    let world = World::new();
    let rollouts = world.start().await;
    ready(&rollouts, 3).await;
    let said = |result: Result<_, RolloutError>| result.map(|_: jeroboam_model::driver::Rollout| ()).unwrap_err().to_string();
    assert!(said(rollouts.confirm("site", "o").await).contains("nothing to confirm"));
    assert!(said(rollouts.rollback("other", "o").await).contains("no driver other"));
    assert!(said(rollouts.activate(&digest(2), Some(Canary::Share(0)), "o").await).contains("1 to 99"));
    assert!(said(rollouts.activate(&digest(9), None, "o").await).contains("no version"));
    rollouts.activate(&digest(2), Some(Canary::Share(10)), "o").await.unwrap();
    assert!(said(rollouts.activate(&digest(3), None, "o").await).contains("roll it back first"));
    let refused = rollouts.activate(&digest(1), None, "o").await.unwrap_err().to_string();
    assert!(refused.contains("canary"), "{refused}");
}

//! Many requests at once.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod support;

use std::sync::atomic::Ordering;

use jeroboam_conductor::IntakeError;
use jeroboam_model::{OperationState, Status};
use support::{World, new_cluster};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_requests_for_the_last_place_exactly_one_gets_it() {
    const QUOTA: u32 = 3;
    let mut world = World::new().await;
    world.stop();
    for name in ["a", "b"] {
        world.create(name).await;
    }

    let requests = (0..20).map(|n| {
        let (intake, new) = (world.intake().clone(), new_cluster(&format!("c{n}"), &world.template, world.requester.clone()));
        tokio::spawn(async move { intake.create(new, QUOTA).await })
    });
    let outcomes = futures::future::join_all(requests).await;

    let accepted = outcomes.iter().filter(|outcome| outcome.as_ref().unwrap().is_ok()).count();
    let refused = outcomes
        .iter()
        .filter(|outcome| matches!(outcome.as_ref().unwrap(), Err(IntakeError::QuotaExceeded { limit: QUOTA })))
        .count();
    assert_eq!((accepted, refused), (1, 19));
    assert_eq!(world.store.operations().unfinished().await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_deleted_cluster_makes_room_for_another() {
    let world = World::new().await;
    let id = world.created("web").await;
    let next = || new_cluster("next", &world.template, world.requester.clone());
    assert!(matches!(world.intake().create(next(), 1).await, Err(IntakeError::QuotaExceeded { limit: 1 })));

    world.delete_all_of(id).await;

    world.intake().create(next(), 1).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_on_one_cluster_never_overlap_and_the_last_word_counts() {
    let world = World::new().await;
    let id = world.created("web").await;

    let resizes = (0..10u32).map(|n| world.resize(id, 1 + n % 5));
    for outcome in futures::future::join_all(resizes).await {
        outcome.unwrap();
    }
    world.resize(id, 3).await.unwrap();

    let cluster = world.settled(id).await.unwrap();
    assert_eq!(cluster.status, Status::UpdateComplete, "{:?}", cluster.status_reason);
    assert_eq!(world.workers(id).await.node_addresses.len(), 3);
    assert_eq!(world.driver.most_at_once.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn clusters_of_different_owners_are_worked_on_side_by_side() {
    let world = World::new().await;
    world.driver.close();
    let (a, b) = (world.create("a").await, world.create("b").await);

    world.until(async || (world.driver.definitions.load(Ordering::SeqCst) == 2).then_some(())).await;

    world.driver.open();
    for id in [a, b] {
        assert_eq!(world.settled(id).await.unwrap().status, Status::CreateComplete);
    }
}

#[tokio::test]
async fn a_deletion_takes_the_place_of_an_unfinished_creation() {
    let world = World::new().await;
    world.driver.close();
    let id = world.create("web").await;
    world.until(async || (world.driver.definitions.load(Ordering::SeqCst) == 1).then_some(())).await;

    world.delete(id).await;
    assert_eq!(world.cluster(id).await.unwrap().status, Status::DeleteInProgress);
    assert_eq!(world.operations(id).await[0].state, OperationState::Aborted);
    // The creation's step is still in flight, and goes on to make the stack.
    world.driver.open();

    assert_eq!(world.settled(id).await, None);
    world.nothing_is_left(id).await;
}

#[tokio::test]
async fn a_deletion_that_is_asked_for_twice_is_one() {
    let mut world = World::new().await;
    let id = world.created("web").await;
    world.stop();

    let (first, second) = (world.delete(id).await, world.delete(id).await);

    assert_eq!(first, second);
}

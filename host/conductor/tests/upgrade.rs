//! Upgrades: one change of a stack after the other, as the driver has planned them.

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
use jeroboam_model::driver::{StackScope, Value};
use jeroboam_model::{Fault, Status, Step};
use jeroboam_plugins::DriverError;
use support::World;

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

#[tokio::test]
async fn a_cluster_comes_to_another_template_step_by_step() {
    let world = World::new().await;
    let id = world.created("web").await;
    let next = world.template_of("v1.31.1").await;

    let operation = world.upgrade(id, next.uuid, None).await.unwrap();
    assert_eq!(world.workers(id).await.status, Status::UpdateInProgress);
    let cluster = world.settled(id).await.unwrap();

    assert_eq!(cluster.status, Status::UpdateComplete, "{:?}", cluster.status_reason);
    assert_eq!((cluster.cluster_template_id, cluster.upgrading_to), (next.uuid, None));
    assert_eq!(cluster.labels.get("kube_tag"), Some("v1.31.1"));
    assert_eq!(cluster.coe_version.as_deref(), Some("v1.31.1"));
    let workers = world.workers(id).await;
    assert_eq!((workers.image_id.as_str(), workers.labels.get("kube_tag")), ("image-v1.31.1", Some("v1.31.1")));
    let events: Vec<String> = world.operation(operation).await.events.into_iter().map(|event| event.message).collect();
    let expected =
        ["Warning: The API is away for a while", "1 of 2: Replacing masters", "2 of 2: Replacing workers, 1 at a time"];
    assert_eq!(events, expected);
    assert_eq!(world.store.plans().of_cluster(id).await.unwrap(), []);

    world.resize(id, 3).await.unwrap();
    world.settled(id).await;
    assert_eq!(world.defined(id, StackScope::Cluster, "master_tag").await, text("v1.31.1"));
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn a_further_group_is_upgraded_by_itself() {
    let world = World::new().await;
    let id = world.created("web").await;
    let group = world.created_group(id, "gpu").await;
    let next = world.template_of("v1.31.1").await;
    world.upgrade(id, next.uuid, None).await.unwrap();
    world.settled(id).await;
    assert_eq!(world.group_by_id(id, group).await.unwrap().labels.get("kube_tag"), None);

    world.upgrade(id, next.uuid, Some(group)).await.unwrap();

    assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateComplete);
    assert_eq!(world.group_by_id(id, group).await.unwrap().labels.get("kube_tag"), Some("v1.31.1"));
    assert_eq!(world.defined(id, StackScope::NodeGroup(group), "worker_tag").await, text("v1.31.1"));
}

#[tokio::test]
async fn an_upgrade_that_the_driver_refuses_changes_nothing() {
    let world = World::new().await;
    let id = world.created("web").await;
    let next = world.template_of("v1.31.1").await;
    *world.driver.refusal.lock().unwrap() = Some(DriverError::Unsupported("not that one".into()));

    let operation = world.upgrade(id, next.uuid, None).await.unwrap();
    let cluster = world.settled(id).await.unwrap();

    assert_eq!((cluster.status, cluster.upgrading_to), (Status::UpdateFailed, None));
    assert_eq!(cluster.cluster_template_id, world.template.uuid);
    let cause = world.operation(operation).await.cause.unwrap();
    assert_eq!((cause.fault, cause.step), (Fault::User, Step::Plan));
    *world.driver.refusal.lock().unwrap() = None;
    world.resize(id, 3).await.unwrap();
    assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateComplete);
}

#[tokio::test]
async fn a_cluster_that_is_half_upgraded_can_be_upgraded_again_and_nothing_else() {
    let world = World::new().await;
    let id = world.created("web").await;
    let next = world.template_of("v1.31.1").await;
    world.driver.spoils_plans.store(true, Ordering::SeqCst);

    world.upgrade(id, next.uuid, None).await.unwrap();
    let cluster = world.settled(id).await.unwrap();

    assert_eq!((cluster.status, cluster.upgrading_to), (Status::UpdateFailed, Some(next.uuid)));
    let reason = cluster.status_reason.unwrap();
    assert!(reason.starts_with("Step 2 of 2 of the upgrade (Replacing workers, 1 at a time) failed: "), "{reason}");
    assert_eq!(world.store.clusters().count_of_template(next.uuid).await.unwrap(), 1, "the template is in use");
    assert!(matches!(world.resize(id, 3).await, Err(IntakeError::HalfUpgraded)));
    assert!(matches!(world.rotate_ca(id).await, Err(IntakeError::HalfUpgraded)));

    world.driver.spoils_plans.store(false, Ordering::SeqCst);
    world.upgrade(id, next.uuid, None).await.unwrap();

    let cluster = world.settled(id).await.unwrap();
    assert_eq!((cluster.status, cluster.upgrading_to), (Status::UpdateComplete, None), "{:?}", cluster.status_reason);
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn a_resize_that_waits_for_an_upgrade_that_fails_does_not_take_it_back() {
    let mut world = World::new().await;
    let id = world.created("web").await;
    let next = world.template_of("v1.31.1").await;
    world.driver.spoils_plans.store(true, Ordering::SeqCst);
    world.stop();
    world.upgrade(id, next.uuid, None).await.unwrap();
    world.resize(id, 3).await.unwrap();

    world.restart(Default::default());
    let cluster = world.settled(id).await.unwrap();

    assert_eq!((cluster.status, cluster.upgrading_to), (Status::UpdateFailed, Some(next.uuid)));
    assert!(cluster.status_reason.unwrap().contains("half upgraded"));
    assert_eq!(world.defined(id, StackScope::Cluster, "master_tag").await, text("v1.31.1"));
    assert_eq!(world.workers(id).await.node_count, 2);
}

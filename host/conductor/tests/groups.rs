//! Further groups: each has a stack of its own.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_conductor::{IntakeError, NewGroup, Resize, ResizeVia};
use jeroboam_model::driver::{StackScope, Value};
use jeroboam_model::{External, Status};
use serde_json::json;
use support::{World, new_group};

#[tokio::test]
async fn a_group_comes_changes_and_goes_without_touching_the_clusters_stack() {
    let world = World::new().await;
    let id = world.created("web").await;
    let stacks = world.objects("stack").len();

    let group = world.create_group(id, "gpu").await;
    let busy = world.cluster(id).await.unwrap().status;
    assert_eq!(busy, Status::UpdateInProgress);
    assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateComplete);

    let made = world.group_by_id(id, group).await.unwrap();
    assert_eq!((made.status, made.node_addresses.len()), (Status::CreateComplete, 2));
    assert_ne!(made.stack_id, world.cluster(id).await.unwrap().stack_id);
    assert!(world.objects("stack").contains(&made.stack_name.unwrap().to_string()));
    assert_eq!(world.workers(id).await.status, Status::CreateComplete);

    let resize = Resize {
        cluster: id,
        group,
        node_count: 1,
        nodes_to_remove: Vec::new(),
        rollback: false,
        via: ResizeVia::Resize,
        requester: world.requester.clone(),
    };
    world.intake().resize(resize).await.unwrap();
    world.settled(id).await;
    let resized = world.group_by_id(id, group).await.unwrap();
    assert_eq!((resized.status, resized.node_addresses.len()), (Status::UpdateComplete, 1));
    assert_eq!(resized.node_addresses, made.node_addresses[1..], "the driver picked the first");
    assert_eq!(world.defined(id, StackScope::NodeGroup(group), "workers").await, Value::Number(1));
    assert_eq!(world.defined(id, StackScope::Cluster, "workers").await, Value::Number(2));

    world.delete_group(id, group).await.unwrap();
    assert_eq!(world.group_by_id(id, group).await.unwrap().status, Status::DeleteInProgress);
    assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateComplete);
    assert_eq!(world.group_by_id(id, group).await, None);
    assert_eq!(world.objects("stack").len(), stacks);
    let stacks_left = world.store.ledger().of_cluster(id).await.unwrap();
    assert_eq!(stacks_left.iter().filter(|entry| matches!(entry.object, External::Stack { .. })).count(), 1);
    assert!(matches!(world.delete_group(id, group).await, Err(IntakeError::GroupNotFound)));
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn groups_go_with_their_cluster() {
    let world = World::new().await;
    let id = world.created("web").await;
    world.created_group(id, "a").await;
    world.created_group(id, "b").await;

    world.delete_all_of(id).await;
}

#[tokio::test]
async fn two_groups_of_one_name_are_one_too_many() {
    let world = World::new().await;
    let id = world.created("web").await;
    world.created_group(id, "gpu").await;

    let group = new_group(&world.cluster(id).await.unwrap(), "gpu");
    let refused = world.intake().create_group(NewGroup { group, requester: world.requester.clone() }).await;

    assert!(matches!(refused, Err(IntakeError::GroupExists)), "{refused:?}");
}

#[tokio::test]
async fn a_group_that_fails_says_why_and_can_be_deleted() {
    let world = World::new().await;
    let id = world.created("web").await;
    world.fail_resource(
        json!({"resource_type": "OS::Neutron::Net", "action": "CREATE", "reason": "No network for you", "times": 1}),
    );

    let group = world.create_group(id, "gpu").await;
    let cluster = world.settled(id).await.unwrap();

    assert_eq!(cluster.status, Status::UpdateFailed);
    let failed = world.group_by_id(id, group).await.unwrap();
    assert_eq!(failed.status, Status::CreateFailed);
    assert!(failed.status_reason.unwrap().contains("No network for you"));
    assert_eq!(world.workers(id).await.status, Status::CreateComplete);

    world.delete_group(id, group).await.unwrap();
    assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateComplete);
    assert_eq!(world.group_by_id(id, group).await, None);
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn a_group_that_is_not_made_yet_can_be_deleted_instead() {
    let mut world = World::new().await;
    let id = world.created("web").await;
    world.stop();
    let group = world.create_group(id, "gpu").await;
    world.delete_group(id, group).await.unwrap();
    let again = world.delete_group(id, group).await.unwrap();
    assert_eq!(world.operations(id).await.last().unwrap().id, again, "a deletion under way goes on");

    world.restart(Default::default());

    assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateComplete);
    assert_eq!(world.group_by_id(id, group).await, None);
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn what_the_driver_remembers_of_the_cluster_is_kept() {
    let world = World::new().await;
    let id = world.created("web").await;
    let memory = world.cluster(id).await.unwrap().driver_memory;
    assert!(memory["network"].starts_with("net-"), "{memory:?}");

    world.created_group(id, "gpu").await;

    assert_eq!(world.cluster(id).await.unwrap().driver_memory, memory, "a group's stack does not change it");
}

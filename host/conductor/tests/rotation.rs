//! New authorities, and a new password, for a cluster.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_model::driver::{StackScope, Value};
use jeroboam_model::{CertificateRecord, ClusterId, Status};
use jeroboam_store::Stored;
use serde_json::json;
use support::World;

async fn certificates(world: &World, id: ClusterId) -> Vec<Stored<CertificateRecord>> {
    world.store.certificates().of_cluster(id).await.unwrap()
}

#[tokio::test]
async fn every_stack_hears_of_new_authorities_and_the_old_ones_go() {
    let world = World::new().await;
    let id = world.created("web").await;
    let group = world.created_group(id, "gpu").await;
    let before = certificates(&world, id).await;

    for generation in 1..=2u32 {
        world.rotate_ca(id).await.unwrap();
        assert_eq!(world.group_by_id(id, group).await.unwrap().status, Status::UpdateInProgress);
        let cluster = world.settled(id).await.unwrap();
        assert_eq!((cluster.status, cluster.ca_generation), (Status::UpdateComplete, generation));
        for scope in [StackScope::Cluster, StackScope::NodeGroup(group)] {
            assert_eq!(world.defined(id, scope, "ca_generation").await, Value::Text(generation.to_string()));
        }
    }

    let after = certificates(&world, id).await;
    assert_eq!(after.len(), before.len());
    for (old, new) in before.iter().zip(&after) {
        assert_ne!(old.pem, new.pem, "{:?}", new.slot);
        assert_eq!((new.generation, &new.former), (2, &None), "{:?}", new.slot);
    }
    assert_eq!(world.group_by_id(id, group).await.unwrap().status, Status::UpdateComplete);
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn a_rotation_that_fails_can_be_asked_for_again() {
    let world = World::new().await;
    let id = world.created("web").await;
    let before = certificates(&world, id).await;
    world.fail_request(json!({"service": "heat", "method": "PUT", "status": 400, "times": 1}));

    world.rotate_ca(id).await.unwrap();
    let cluster = world.settled(id).await.unwrap();
    assert_eq!((cluster.status, cluster.ca_generation), (Status::UpdateFailed, 1));
    let former: Vec<_> = certificates(&world, id).await.iter().map(|record| record.former.clone().unwrap().pem).collect();
    assert_eq!(former, before.iter().map(|record| record.pem.clone()).collect::<Vec<_>>(), "nodes may still have them");

    world.rotate_ca(id).await.unwrap();

    let cluster = world.settled(id).await.unwrap();
    assert_eq!((cluster.status, cluster.ca_generation), (Status::UpdateComplete, 2), "{:?}", cluster.status_reason);
    assert!(certificates(&world, id).await.iter().all(|record| record.former.is_none()));
}

#[tokio::test]
async fn another_password_reaches_every_stack_and_the_old_one_opens_nothing() {
    let world = World::new().await;
    let id = world.created("web").await;
    let group = world.created_group(id, "gpu").await;
    let (user, before) = world.login(id).await;
    assert!(world.logs_in(&user, &before).await);

    let operation = world.rotate_credential(id).await.unwrap();
    assert_eq!(world.cluster(id).await.unwrap().status, Status::UpdateInProgress);
    let cluster = world.settled(id).await.unwrap();

    assert_eq!(cluster.status, Status::UpdateComplete, "{:?}", cluster.status_reason);
    let (same_user, after) = world.login(id).await;
    assert_eq!(user, same_user);
    assert!(world.logs_in(&user, &after).await && !world.logs_in(&user, &before).await);
    let events: Vec<String> = world.operation(operation).await.events.into_iter().map(|event| event.message).collect();
    assert_eq!(events, ["1 of 2: A new password for the cluster", "2 of 2: A new password for node group gpu"]);
    assert_eq!(world.group_by_id(id, group).await.unwrap().status, Status::UpdateComplete);
    // What comes after it acts by the trust, with the new password.
    world.resize(id, 1).await.unwrap();
    assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateComplete);
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn a_password_that_nodes_have_not_heard_of_can_be_replaced_again() {
    let world = World::new().await;
    let id = world.created("web").await;
    world.fail_request(json!({"service": "heat", "method": "PUT", "status": 400, "times": 1}));
    world.rotate_credential(id).await.unwrap();
    assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateFailed);

    world.rotate_credential(id).await.unwrap();

    let cluster = world.settled(id).await.unwrap();
    assert_eq!(cluster.status, Status::UpdateComplete, "{:?}", cluster.status_reason);
    let (user, password) = world.login(id).await;
    assert!(world.logs_in(&user, &password).await);
}

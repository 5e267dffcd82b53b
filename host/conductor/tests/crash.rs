//! The process ends at every point of every operation, and the next one goes on.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_conductor::{KillPoint, KillSwitch};
use jeroboam_model::Status;
use support::World;

/// The points of one operation.
fn points(kind: &str) -> Vec<KillPoint> {
    KillPoint::all().filter(|point| point.to_string().starts_with(&format!("{kind}/"))).collect()
}

/// Runs into the point, and starts again without it.
async fn crash(world: &mut World, switch: &KillSwitch) {
    tokio::time::timeout(std::time::Duration::from_secs(30), switch.reached()).await.expect("the point was never reached");
    world.restart(KillSwitch::default());
}

#[tokio::test]
async fn a_creation_that_is_cut_off_anywhere_is_finished_once() {
    for point in points("create") {
        let mut world = World::new().await;
        let switch = KillSwitch::halting_at(point);
        world.restart(switch.clone());
        let id = world.create("web").await;

        crash(&mut world, &switch).await;

        let cluster = world.settled(id).await.unwrap();
        assert_eq!(cluster.status, Status::CreateComplete, "{point}: {:?}", cluster.status_reason);
        assert_eq!(world.objects("trust").len(), 1, "{point}");
        assert_eq!(world.objects("stack").iter().filter(|name| **name == cluster.stack_name.as_str()).count(), 1, "{point}");
        let trustees = world.objects("user").iter().filter(|name| **name == cluster.trustee_user_name()).count();
        assert_eq!(trustees, 1, "{point}");
        world.delete_all_of(id).await;
    }
}

#[tokio::test]
async fn a_resize_that_is_cut_off_anywhere_is_finished() {
    for point in points("resize") {
        let mut world = World::new().await;
        let id = world.created("web").await;
        let switch = KillSwitch::halting_at(point);
        world.restart(switch.clone());
        world.resize(id, 1).await.unwrap();

        crash(&mut world, &switch).await;

        assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateComplete, "{point}");
        assert_eq!(world.workers(id).await.nodes_to_remove, ["0"], "{point}");
        assert_eq!(world.workers(id).await.node_addresses.len(), 1, "{point}");
        world.delete_all_of(id).await;
    }
}

#[tokio::test]
async fn a_deletion_that_is_cut_off_anywhere_leaves_nothing() {
    for point in points("delete") {
        let mut world = World::new().await;
        let id = world.created("web").await;
        let switch = KillSwitch::halting_at(point);
        world.restart(switch.clone());
        world.delete(id).await;

        crash(&mut world, &switch).await;

        assert_eq!(world.settled(id).await.map(|cluster| cluster.status_reason), None, "{point}");
        world.nothing_is_left(id).await;
    }
}

#[tokio::test]
async fn a_group_that_is_cut_off_anywhere_is_made_once_and_taken_away_whole() {
    for (kind, deletes) in [("create-group", false), ("delete-group", true)] {
        for point in points(kind) {
            let mut world = World::new().await;
            let id = world.created("web").await;
            let made = if deletes { Some(world.created_group(id, "gpu").await) } else { None };
            let switch = KillSwitch::halting_at(point);
            world.restart(switch.clone());
            let group = match made {
                Some(group) => world.delete_group(id, group).await.map(|_| group).unwrap(),
                None => world.create_group(id, "gpu").await,
            };

            crash(&mut world, &switch).await;

            let cluster = world.settled(id).await.unwrap();
            assert_eq!(cluster.status, Status::UpdateComplete, "{point}: {:?}", cluster.status_reason);
            let own = world.objects("stack").iter().filter(|name| name.starts_with("web-gpu-")).count();
            // With those of its two nodes.
            assert_eq!(own, if deletes { 0 } else { 4 }, "{point}");
            assert_eq!(world.group_by_id(id, group).await.is_none(), deletes, "{point}");
            world.delete_all_of(id).await;
        }
    }
}

#[tokio::test]
async fn an_upgrade_that_is_cut_off_anywhere_goes_on_where_it_was() {
    for point in points("upgrade") {
        let mut world = World::new().await;
        let id = world.created("web").await;
        let next = world.template_of("v1.31.1").await;
        let switch = KillSwitch::halting_at(point);
        world.restart(switch.clone());
        let operation = world.upgrade(id, next.uuid, None).await.unwrap();

        crash(&mut world, &switch).await;

        let cluster = world.settled(id).await.unwrap();
        assert_eq!(cluster.status, Status::UpdateComplete, "{point}: {:?}", cluster.status_reason);
        assert_eq!((cluster.cluster_template_id, cluster.upgrading_to), (next.uuid, None), "{point}");
        let events = world.operation(operation).await.events;
        let changes: Vec<_> = events.iter().filter(|event| event.message.contains(" of 2: ")).collect();
        assert_eq!(changes.len(), 2, "{point}: {events:?}");
        world.delete_all_of(id).await;
    }
}

#[tokio::test]
async fn a_rotation_that_is_cut_off_anywhere_makes_one_generation() {
    for point in points("rotate-ca") {
        let mut world = World::new().await;
        let id = world.created("web").await;
        let switch = KillSwitch::halting_at(point);
        world.restart(switch.clone());
        world.rotate_ca(id).await.unwrap();

        crash(&mut world, &switch).await;

        let cluster = world.settled(id).await.unwrap();
        assert_eq!((cluster.status, cluster.ca_generation), (Status::UpdateComplete, 1), "{point}");
        let records = world.store.certificates().of_cluster(id).await.unwrap();
        assert!(records.iter().all(|record| record.generation == 1 && record.former.is_none()), "{point}");
        world.delete_all_of(id).await;
    }
}

#[tokio::test]
async fn another_password_that_is_cut_off_anywhere_is_the_users_in_the_end() {
    for point in points("rotate-credential") {
        let mut world = World::new().await;
        let id = world.created("web").await;
        let (user, before) = world.login(id).await;
        let switch = KillSwitch::halting_at(point);
        world.restart(switch.clone());
        world.rotate_credential(id).await.unwrap();

        crash(&mut world, &switch).await;

        let cluster = world.settled(id).await.unwrap();
        assert_eq!(cluster.status, Status::UpdateComplete, "{point}: {:?}", cluster.status_reason);
        let (_, after) = world.login(id).await;
        assert!(world.logs_in(&user, &after).await && !world.logs_in(&user, &before).await, "{point}");
        world.delete_all_of(id).await;
    }
}

#[tokio::test]
async fn a_creation_that_is_cut_off_anywhere_can_be_deleted_instead() {
    for point in points("create") {
        let mut world = World::new().await;
        let switch = KillSwitch::halting_at(point);
        world.restart(switch.clone());
        let id = world.create("web").await;
        tokio::time::timeout(std::time::Duration::from_secs(30), switch.reached()).await.expect("the point was never reached");
        world.stop();
        world.delete(id).await;

        world.restart(KillSwitch::default());

        assert_eq!(world.settled(id).await.map(|cluster| cluster.status_reason), None, "{point}");
        world.nothing_is_left(id).await;
    }
}

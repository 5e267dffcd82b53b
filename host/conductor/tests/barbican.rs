//! Clusters whose private keys are in Barbican: made, cut off, and gone without a trace.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_certificates::Backend;
use jeroboam_conductor::{KillPoint, KillSwitch};
use jeroboam_model::{Fault, Status};
use serde_json::json;
use support::World;

async fn world(kill: KillSwitch) -> World {
    let mut world = World::new().await;
    world.keys = Backend::Barbican;
    world.restart(kill);
    world
}

fn points(step: &str) -> Vec<KillPoint> {
    KillPoint::all().filter(|point| point.to_string().starts_with(&format!("{step}/"))).collect()
}

async fn crash(world: &mut World, switch: &KillSwitch) {
    tokio::time::timeout(std::time::Duration::from_secs(30), switch.reached()).await.expect("the point was never reached");
    world.restart(KillSwitch::default());
}

#[tokio::test]
async fn a_cluster_has_one_secret_for_each_key_and_leaves_none() {
    let world = world(KillSwitch::default()).await;
    let id = world.created("web").await;
    assert_eq!(world.objects("secret"), vec![format!("jeroboam-{id}"); 5]);
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn a_creation_that_is_cut_off_while_it_makes_keys_makes_each_once() {
    for point in points("create/certificates") {
        let switch = KillSwitch::halting_at(point);
        let mut world = world(switch.clone()).await;
        let id = world.create("web").await;
        crash(&mut world, &switch).await;
        assert_eq!(world.settled(id).await.unwrap().status, Status::CreateComplete, "{point}");
        assert_eq!(world.objects("secret").len(), 5, "{point}");
        world.delete_all_of(id).await;
    }
}

#[tokio::test]
async fn a_deletion_that_is_cut_off_while_it_removes_keys_leaves_none() {
    for point in points("delete/delete-certificates") {
        let mut world = world(KillSwitch::default()).await;
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
async fn an_outage_of_barbican_delays_a_creation_and_a_deletion() {
    let world = world(KillSwitch::default()).await;
    world.fail_request(json!({"service": "barbican", "status": 503, "times": 4}));
    let id = world.created("web").await;
    world.fail_request(json!({"service": "barbican", "drop_connection": true, "times": 4}));
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn a_refusal_of_barbican_is_the_operators_to_mend() {
    let world = world(KillSwitch::default()).await;
    world.fail_request(json!({"service": "barbican", "status": 403}));
    let id = world.create("web").await;
    assert_eq!(world.settled(id).await.unwrap().status, Status::CreateFailed);
    let cause = world.operations(id).await[0].cause.clone().unwrap();
    assert_eq!(cause.fault, Fault::Host, "{cause:?}");
    assert!(cause.message.contains("Barbican") && cause.advice.unwrap().contains("[keystone_auth]"), "{}", cause.message);
    world.devcloud.faults().clear();
    world.delete_all_of(id).await;
}

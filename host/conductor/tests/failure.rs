//! What goes wrong outside, and what users are told of it.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_cloud::heat::StackRequest;
use jeroboam_conductor::IntakeError;
use jeroboam_devcloud::Who;
use jeroboam_model::{Cause, Fault, OperationState, Status, Step};
use jeroboam_plugins::DriverError;
use serde_json::json;
use support::{World, new_cluster};
use time::{Duration, OffsetDateTime};

async fn cause_of(world: &World, id: jeroboam_model::ClusterId) -> Cause {
    world.operations(id).await.last().unwrap().cause.clone().unwrap()
}

#[tokio::test]
async fn a_failed_stack_is_told_by_its_leaf() {
    let world = World::new().await;
    world.fail_resource(json!({"resource_type": "OS::Neutron::Net", "resource_name": "kube-minion", "action": "CREATE", "reason": "No valid host was found.", "times": 1}));

    let id = world.create("web").await;
    let cluster = world.settled(id).await.unwrap();

    assert_eq!(cluster.status, Status::CreateFailed);
    let reason = cluster.status_reason.unwrap();
    assert!(reason.contains("No valid host was found"), "{reason}");
    let cause = cause_of(&world, id).await;
    let resource = cause.resource.unwrap();
    assert!(resource.starts_with("kube_minions/") && resource.ends_with("/kube-minion"), "{resource}");
    assert!(cause.advice.unwrap().contains("capacity"));
    assert_eq!(world.workers(id).await.status, Status::CreateFailed);
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn an_update_that_fails_keeps_the_size_that_was_asked_for_and_can_be_repeated() {
    let world = World::new().await;
    let id = world.created("web").await;
    world.fail_resource(json!({"resource_type": "OS::Neutron::Net", "action": "CREATE", "reason": "Quota exceeded", "times": 1}));

    world.resize(id, 3).await.unwrap();
    assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateFailed);
    assert_eq!(world.workers(id).await.node_count, 3);
    assert_eq!(cause_of(&world, id).await.fault, Fault::User);

    world.resize(id, 3).await.unwrap();
    assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateComplete);
    assert_eq!(world.workers(id).await.node_addresses.len(), 3);
}

#[tokio::test]
async fn a_size_that_the_driver_refuses_is_taken_back() {
    let world = World::new().await;
    let id = world.created("web").await;
    *world.driver.refusal.lock().unwrap() = Some(DriverError::Unsupported("no more than two workers".into()));

    world.resize(id, 1).await.unwrap();
    let cluster = world.settled(id).await.unwrap();

    assert_eq!((cluster.status, cluster.status_reason.as_deref()), (Status::UpdateFailed, Some("no more than two workers")));
    let workers = world.workers(id).await;
    assert_eq!((workers.node_count, workers.nodes_to_remove.len()), (2, 0));
}

#[tokio::test]
async fn an_expired_token_is_named_as_the_cause() {
    let world = World::new().await;
    let mut new = new_cluster("web", &world.template, world.requester.clone());
    new.requester.token_expires_at = OffsetDateTime::now_utc() - Duration::SECOND;
    let id = new.cluster.uuid;
    world.intake().create(new, 10).await.unwrap();

    let cluster = world.settled(id).await.unwrap();

    assert_eq!(cluster.status, Status::CreateFailed);
    assert!(cluster.status_reason.unwrap().contains("expired"));
    let cause = cause_of(&world, id).await;
    assert_eq!((cause.step, cause.fault), (Step::Trust, Fault::User));
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn a_cluster_survives_a_keystone_that_is_down_for_a_while() {
    let world = World::new().await;
    world.fail_request(json!({"service": "keystone", "status": 503, "times": 5}));

    let id = world.created("web").await;

    let operation = world.operations(id).await.remove(0).value;
    assert!(operation.events.iter().any(|event| event.message.contains("503")), "{:?}", operation.events);
}

#[tokio::test]
async fn a_heat_that_breaks_off_once_still_makes_one_stack() {
    let world = World::new().await;
    world.fail_request(json!({"service": "heat", "method": "POST", "drop_connection": true, "times": 1}));

    let id = world.created("web").await;

    assert_eq!(world.objects("stack").len(), 1 + 2 + 1);
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn a_deletion_that_fails_can_be_repeated() {
    let world = World::new().await;
    let id = world.created("web").await;
    world.fail_resource(json!({"resource_type": "OS::Neutron::Net", "action": "DELETE", "reason": "One or more ports are still in use", "times": 1}));

    world.delete(id).await;
    let cluster = world.settled(id).await.unwrap();
    assert_eq!(cluster.status, Status::DeleteFailed);
    assert!(cluster.status_reason.unwrap().contains("still in use"));
    assert_eq!(world.store.ledger().of_cluster(id).await.unwrap().len(), 3);

    world.delete_all_of(id).await;
}

#[tokio::test]
async fn leftovers_that_do_not_go_fail_the_deletion_after_the_operators_limit() {
    let world = World::with(|config| config.pre_delete_lb_timeout = std::time::Duration::from_millis(50)).await;
    let id = world.created("web").await;
    world.driver.leftovers.store(u32::MAX, std::sync::atomic::Ordering::SeqCst);

    world.delete(id).await;

    let cluster = world.settled(id).await.unwrap();
    assert_eq!(cluster.status, Status::DeleteFailed);
    assert!(cluster.status_reason.unwrap().contains("load balancers"));
}

#[tokio::test]
async fn a_cluster_whose_driver_is_gone_can_be_deleted() {
    let world = World::new().await;
    let id = world.created("web").await;
    let mut cluster = world.store.clusters().get(id).await.unwrap().unwrap();
    cluster.value.driver = "gone".into();
    let mut tx = world.store.begin();
    tx.update(&cluster);
    tx.commit().await.unwrap();

    world.delete_all_of(id).await;
}

#[tokio::test]
async fn without_an_administrator_of_the_trustee_domain_the_operator_is_told_what_to_set() {
    let world = World::with(|config| config.trust.domain_admin = None).await;

    let id = world.create("web").await;

    assert_eq!(world.settled(id).await.unwrap().status, Status::CreateFailed);
    let cause = cause_of(&world, id).await;
    assert_eq!((cause.step, cause.fault), (Step::Trustee, Fault::Host));
    assert!(cause.advice.unwrap().contains("trustee_domain_admin_name"));
}

#[tokio::test]
async fn an_operation_fails_at_its_deadline_and_says_what_it_waited_for() {
    let mut world = World::new().await;
    world.stop();
    let id = world.create("web").await;
    let mut operation = world.operations(id).await.remove(0);
    operation.value.deadline = OffsetDateTime::now_utc();
    let mut tx = world.store.begin();
    tx.update(&operation);
    tx.commit().await.unwrap();
    world.fail_request(json!({"service": "keystone", "status": 503}));

    world.restart(Default::default());

    assert_eq!(world.settled(id).await.unwrap().status, Status::CreateFailed);
    let operation = world.operations(id).await.remove(0);
    assert_eq!(operation.state, OperationState::Failed);
    assert!(operation.cause.as_ref().unwrap().message.contains("deadline"));
}

#[tokio::test]
async fn an_administrator_of_another_project_deletes_by_the_clusters_trust() {
    let world = World::new().await;
    let id = world.created("web").await;
    let requester = support::requester(&world.cloud, &world.devcloud.credentials(Who::Admin)).await;
    assert_ne!(requester.project_id, world.requester.project_id);

    world.intake().delete(jeroboam_conductor::Delete { cluster: id, requester }).await.unwrap();

    assert_eq!(world.settled(id).await, None);
    world.nothing_is_left(id).await;
}

#[tokio::test]
async fn a_cluster_that_is_not_there_is_not_accepted_for_anything() {
    let world = World::new().await;
    let nobody = jeroboam_model::ClusterId::random();
    let delete = jeroboam_conductor::Delete { cluster: nobody, requester: world.requester.clone() };
    assert!(matches!(world.intake().delete(delete).await, Err(IntakeError::NotFound)));
}

#[tokio::test]
async fn a_stack_of_the_same_name_that_is_not_the_clusters_is_not_taken_nor_deleted() {
    let world = World::new().await;
    let new = new_cluster("web", &world.template, world.requester.clone());
    let (id, name) = (new.cluster.uuid, new.cluster.stack_name.to_string());
    let owner = world.cloud.session(support::identity(&world.devcloud.credentials(Who::Demo)));
    let foreign = StackRequest { template: "heat_template_version: 2018-08-31".into(), ..StackRequest::default() };
    owner.heat().create(&name, &foreign).await.unwrap();

    world.intake().create(new, 10).await.unwrap();
    let cluster = world.settled(id).await.unwrap();
    assert_eq!(cluster.status, Status::CreateFailed);
    assert!(cluster.status_reason.unwrap().contains("not this cluster's"));

    world.delete(id).await;
    assert_eq!(world.settled(id).await, None);
    assert!(owner.heat().find(&name).await.unwrap().is_some());
}

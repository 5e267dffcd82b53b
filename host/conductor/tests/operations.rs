//! Operations that are tried again, and such as are stopped.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_conductor::{Abort, IntakeError, KillPoint, KillSwitch, OperationError, Retry};
use jeroboam_devcloud::Who;
use jeroboam_model::{CauseKind, ClusterId, Operation, OperationId, OperationState, Remedy, Status, Step};
use serde_json::json;
use support::World;

async fn last(world: &World, cluster: ClusterId) -> Operation {
    world.operations(cluster).await.pop().unwrap().value
}

async fn retry(world: &World, operation: OperationId) -> Result<(), IntakeError> {
    world.intake().retry(Retry { operation, requester: world.requester.clone() }).await
}

async fn abort(world: &World, operation: OperationId) -> Result<(), IntakeError> {
    world.intake().abort(Abort { operation, requester: world.requester.clone() }).await
}

#[track_caller]
fn refusal<T: std::fmt::Debug>(outcome: Result<T, IntakeError>) -> OperationError {
    match outcome {
        Err(IntakeError::Operation(error)) => error,
        other => panic!("{other:?}"),
    }
}

/// Has nodes fail to come up once.
fn fail_once(world: &World) {
    world.fail_resource(json!({"resource_type": "OS::Neutron::Net", "resource_name": "kube-minion", "action": "CREATE", "reason": "No valid host was found.", "times": 1}));
}

/// A world whose worker stops at a point of what is asked for next.
async fn halted(world: &mut World, point: &KillPoint) -> KillSwitch {
    let switch = KillSwitch::halting_at(*point);
    world.restart(switch.clone());
    switch
}

fn points(kind: &str) -> Vec<KillPoint> {
    KillPoint::all().filter(|point| point.to_string().starts_with(&format!("{kind}/"))).collect()
}

async fn reached(switch: &KillSwitch) {
    tokio::time::timeout(std::time::Duration::from_secs(30), switch.reached()).await.expect("the point was never reached");
}

#[tokio::test]
async fn the_cause_names_the_leaf_with_its_type_and_whether_a_retry_may_help() {
    let world = World::new().await;
    fail_once(&world);
    let id = world.create("web").await;
    world.settled(id).await;

    let cause = last(&world, id).await.cause.unwrap();

    assert_eq!((cause.kind, cause.kind.remedy()), (CauseKind::Capacity, Remedy::Retry));
    assert_eq!(cause.resource_type.as_deref(), Some("OS::Neutron::Net"));
    assert!(cause.resource.unwrap().ends_with("/kube-minion"));
}

#[tokio::test]
async fn a_creation_that_failed_is_made_whole_by_a_retry() {
    let world = World::new().await;
    fail_once(&world);
    let id = world.create("web").await;
    assert_eq!(world.settled(id).await.unwrap().status, Status::CreateFailed);
    let failed = last(&world, id).await;

    retry(&world, failed.id).await.unwrap();
    assert_ne!(world.cluster(id).await.unwrap().status, Status::CreateFailed, "the first look shows that it goes on");

    let cluster = world.settled(id).await.unwrap();
    let operation = last(&world, id).await;
    assert_eq!(cluster.status, Status::CreateComplete, "{operation:?}");
    assert_eq!((operation.id, operation.state, operation.retries), (failed.id, OperationState::Done, 1));
    assert_eq!((operation.cause, operation.requester.token), (None, None));
    assert_eq!(world.workers(id).await.node_addresses.len(), 2);
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn a_resize_is_retried_to_the_size_that_was_asked_for() {
    let world = World::new().await;
    let id = world.created("web").await;
    *world.driver.refusal.lock().unwrap() = Some(jeroboam_plugins::DriverError::Unsupported("not now".into()));
    let operation = world.resize(id, 1).await.unwrap();
    assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateFailed);
    assert_eq!(world.workers(id).await.node_count, 2, "what the driver refused was taken back");
    *world.driver.refusal.lock().unwrap() = None;

    retry(&world, operation).await.unwrap();

    assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateComplete);
    let workers = world.workers(id).await;
    assert_eq!((workers.node_count, workers.nodes_to_remove.len(), workers.node_addresses.len()), (1, 1, 1));
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn an_update_that_heat_failed_is_retried_without_more_nodes_leaving() {
    let world = World::new().await;
    let id = world.created("web").await;
    fail_once(&world);
    let operation = world.resize(id, 3).await.unwrap();
    assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateFailed);

    retry(&world, operation).await.unwrap();

    assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateComplete);
    let workers = world.workers(id).await;
    assert_eq!((workers.node_addresses.len(), workers.nodes_to_remove.len()), (3, 0));
}

#[tokio::test]
async fn every_kind_of_operation_ends_well_when_it_is_retried() {
    let world = World::new().await;
    let id = world.created("web").await;
    let next = world.template_of("v1.31.1").await;
    let ended_well = async |kind: &str| {
        assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateFailed, "{kind}");
        let failed = last(&world, id).await;
        assert_eq!((failed.kind.name(), failed.state), (kind, OperationState::Failed));
        retry(&world, failed.id).await.unwrap();
        let cluster = world.settled(id).await.unwrap();
        assert_eq!(cluster.status, Status::UpdateComplete, "{kind}: {:?}", cluster.status_reason);
        cluster
    };
    let refuse = || world.fail_request(json!({"service": "heat", "method": "PUT", "status": 400, "times": 1}));

    refuse();
    world.upgrade(id, next.uuid, None).await.unwrap();
    assert_eq!(ended_well("upgrade").await.cluster_template_id, next.uuid);
    refuse();
    world.rotate_ca(id).await.unwrap();
    assert_eq!(ended_well("rotate-ca").await.ca_generation, 1);
    refuse();
    world.rotate_credential(id).await.unwrap();
    ended_well("rotate-credential").await;
    fail_once(&world);
    world.create_group(id, "gpu").await;
    ended_well("create-group").await;
    world.fail_request(json!({"service": "heat", "method": "POST", "status": 400, "times": 1}));
    let group = world.create_group(id, "arm").await;
    ended_well("create-group").await;
    world.fail_resource(json!({"resource_type": "OS::Neutron::Net", "action": "DELETE", "reason": "still in use", "times": 1}));
    world.delete_group(id, group).await.unwrap();
    ended_well("delete-group").await;
    let rest = world.store.node_groups().by_name(id, "gpu").await.unwrap().unwrap().uuid;
    world.delete_group(id, rest).await.unwrap();
    world.settled(id).await;
    world.fail_resource(json!({"resource_type": "OS::Neutron::Net", "action": "DELETE", "reason": "still in use", "times": 1}));
    let deletion = world.delete(id).await;
    assert_eq!(world.settled(id).await.unwrap().status, Status::DeleteFailed);
    retry(&world, deletion).await.unwrap();
    assert_eq!(world.settled(id).await.map(|cluster| cluster.status_reason), None);
    world.nothing_is_left(id).await;
}

#[tokio::test]
async fn what_cannot_be_retried_is_refused_with_the_reason() {
    let mut world = World::new().await;
    let id = world.created("web").await;
    let creation = last(&world, id).await;
    assert_eq!(refusal(retry(&world, creation.id).await), OperationError::Done);
    assert_eq!(refusal(retry(&world, OperationId::random()).await), OperationError::Gone);

    fail_once(&world);
    let first = world.resize(id, 3).await.unwrap();
    world.settled(id).await;
    world.stop();
    let second = world.resize(id, 3).await.unwrap();
    assert_eq!(refusal(retry(&world, first).await), OperationError::Superseded { by: second, kind: "resize" });
    assert_eq!(refusal(retry(&world, second).await), OperationError::UnderWay(OperationState::Queued));

    world.restart(KillSwitch::default());
    world.settled(id).await;
    let deletion = world.delete(id).await;
    world.settled(id).await;
    assert_eq!(refusal(retry(&world, first).await), OperationError::ClusterGone);
    assert_eq!(refusal(retry(&world, deletion).await), OperationError::Done);
    assert_eq!(refusal(abort(&world, deletion).await), OperationError::Over(OperationState::Done));
}

#[tokio::test]
async fn only_its_owner_can_retry_a_creation_that_got_no_trust() {
    let world = World::new().await;
    world.fail_request(
        json!({"service": "keystone", "path_contains": "/OS-TRUST/trusts", "method": "POST", "status": 403, "times": 1}),
    );
    let id = world.create("web").await;
    assert_eq!(world.settled(id).await.unwrap().status, Status::CreateFailed);
    let failed = last(&world, id).await;
    assert_eq!(failed.cause.as_ref().unwrap().step, Step::Trust);

    let admin = support::requester(&world.cloud, &world.devcloud.credentials(Who::Admin)).await;
    let outcome = world.intake().retry(Retry { operation: failed.id, requester: admin }).await;
    assert_eq!(refusal(outcome), OperationError::OwnerOnly);

    retry(&world, failed.id).await.unwrap();
    assert_eq!(world.settled(id).await.unwrap().status, Status::CreateComplete);
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn an_operation_that_is_stopped_at_any_point_leaves_nothing_that_a_deletion_would_not_remove() {
    for point in points("create") {
        let mut world = World::new().await;
        let switch = halted(&mut world, &point).await;
        let id = world.create("web").await;
        reached(&switch).await;
        let operation = last(&world, id).await;
        let outcome = abort(&world, operation.id).await;
        // The wish outlives the process.
        world.restart(KillSwitch::default());

        let cluster = world.settled(id).await.unwrap();
        if operation.state.is_over() {
            assert!(outcome.is_err(), "{point}");
        } else {
            outcome.unwrap();
            assert_eq!(cluster.status, Status::CreateFailed, "{point}");
            let ended = last(&world, id).await;
            assert_eq!(ended.state, OperationState::Aborted, "{point}");
            let cause = ended.cause.unwrap();
            assert_eq!(cause.kind, CauseKind::Aborted, "{point}");
            assert!(cause.message.contains(&world.requester.user_name), "{point}: {}", cause.message);
            assert_eq!(cluster.status_reason, Some(cause.message), "{point}");
        }
        world.delete_all_of(id).await;
    }
}

#[tokio::test]
async fn an_operation_that_was_stopped_at_any_point_ends_well_when_it_is_retried() {
    for kind in ["create", "resize", "rotate-ca", "upgrade"] {
        for point in points(kind) {
            let mut world = World::new().await;
            let made = if kind == "create" { None } else { Some(world.created("web").await) };
            let next = world.template_of("v1.31.1").await;
            let switch = halted(&mut world, &point).await;
            let id = match made {
                None => world.create("web").await,
                Some(id) => {
                    _ = match kind {
                        "resize" => world.resize(id, 1).await.unwrap(),
                        "upgrade" => world.upgrade(id, next.uuid, None).await.unwrap(),
                        _ => world.rotate_ca(id).await.unwrap(),
                    };
                    id
                }
            };
            reached(&switch).await;
            let operation = last(&world, id).await;
            let outcome = abort(&world, operation.id).await;
            world.restart(KillSwitch::default());
            world.settled(id).await;
            if outcome.is_ok() {
                assert_eq!(last(&world, id).await.state, OperationState::Aborted, "{point}");
                retry(&world, operation.id).await.unwrap();
            }

            let cluster = world.settled(id).await.unwrap();
            let whole = if kind == "create" { Status::CreateComplete } else { Status::UpdateComplete };
            assert_eq!(cluster.status, whole, "{point}: {:?}", cluster.status_reason);
            let nodes = if kind == "resize" { 1 } else { 2 };
            assert_eq!(world.workers(id).await.node_addresses.len(), nodes, "{point}");
            world.delete_all_of(id).await;
        }
    }
}

#[tokio::test]
async fn heat_is_asked_to_leave_off_what_was_stopped() {
    let world = World::new().await;
    world.driver.slow.store(true, std::sync::atomic::Ordering::SeqCst);
    let id = world.create("web").await;
    world.until(async || (last(&world, id).await.step == Step::Wait).then_some(())).await;

    abort(&world, last(&world, id).await.id).await.unwrap();

    let cluster = world.settled(id).await.unwrap();
    assert_eq!(cluster.status, Status::CreateFailed);
    let owner = world.cloud.session(support::identity(&world.devcloud.credentials(Who::Demo)));
    let stack = owner.heat().find(cluster.stack_name.as_str()).await.unwrap().unwrap();
    let shown = owner.heat().show(&stack, jeroboam_cloud::heat::Outputs::Skip).await.unwrap().unwrap();
    assert!(shown.status.is_failed(), "{}", shown.status);

    world.driver.slow.store(false, std::sync::atomic::Ordering::SeqCst);
    retry(&world, last(&world, id).await.id).await.unwrap();
    assert_eq!(world.settled(id).await.unwrap().status, Status::CreateComplete);
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn a_deletion_that_is_stopped_can_be_begun_again() {
    for point in points("delete") {
        let mut world = World::new().await;
        let id = world.created("web").await;
        let switch = halted(&mut world, &point).await;
        let deletion = world.delete(id).await;
        reached(&switch).await;
        let outcome = abort(&world, deletion).await;
        world.restart(KillSwitch::default());

        match world.settled(id).await {
            Some(cluster) => {
                assert_eq!(cluster.status, Status::DeleteFailed, "{point}");
                world.delete_all_of(id).await;
            }
            None => {
                assert!(outcome.is_err(), "{point}");
                world.nothing_is_left(id).await;
            }
        }
    }
}

#[tokio::test]
async fn an_operation_that_waits_for_another_ends_at_once_and_leaves_that_one_alone() {
    let mut world = World::new().await;
    let id = world.created("web").await;
    let switch = halted(&mut world, &"rotate-ca/stack/before".parse().unwrap()).await;
    let first = world.rotate_ca(id).await.unwrap();
    reached(&switch).await;
    let second = world.resize(id, 1).await.unwrap();

    abort(&world, second).await.unwrap();

    assert_eq!(world.operation(second).await.state, OperationState::Aborted);
    assert_eq!(world.workers(id).await.node_count, 2, "what nobody has begun is taken back");
    assert_eq!(world.cluster(id).await.unwrap().status, Status::UpdateInProgress);
    world.restart(KillSwitch::default());
    world.settled(id).await;
    assert_eq!(world.operation(first).await.state, OperationState::Done);
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn stopping_twice_is_stopping_once() {
    let mut world = World::new().await;
    world.stop();
    let id = world.create("web").await;
    let operation = last(&world, id).await.id;
    abort(&world, operation).await.unwrap();
    let wish = world.operation(operation).await.abort;
    abort(&world, operation).await.unwrap();
    assert_eq!(world.operation(operation).await.abort, wish);
    world.restart(KillSwitch::default());
    assert_eq!(world.settled(id).await.unwrap().status, Status::CreateFailed);
    assert_eq!(world.objects("trust").len(), 0, "nothing was begun");
}

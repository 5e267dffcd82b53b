//! Clusters come, change and go, and leave nothing behind.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_certificates::{Certificates, CertificatesConfig};
use jeroboam_conductor::{IntakeError, Resize, ResizeVia};
use jeroboam_model::{Authority, Container, ContainerId, OperationState, Status, X509KeyPair, X509KeyPairId};
use support::World;

#[tokio::test]
async fn a_cluster_is_created_resized_and_deleted_without_a_trace() {
    let world = World::new().await;
    let id = world.created("web").await;

    let cluster = world.cluster(id).await.unwrap();
    assert_eq!(cluster.api_address.as_deref(), Some("https://203.0.113.7:6443"));
    assert!(cluster.stack_id.is_some());
    assert_eq!(world.workers(id).await.node_addresses.len(), 2);
    assert_eq!(world.workers(id).await.status, Status::CreateComplete);
    assert_eq!(world.objects("trust").len(), 1);

    world.resize(id, 4).await.unwrap();
    assert_eq!(world.cluster(id).await.unwrap().status, Status::UpdateInProgress);
    assert_eq!(world.settled(id).await.unwrap().status, Status::UpdateComplete);
    assert_eq!(world.workers(id).await.node_addresses.len(), 4);

    world.delete_all_of(id).await;
    let states: Vec<_> = world.operations(id).await.iter().map(|operation| operation.state).collect();
    assert_eq!(states, [OperationState::Done; 3]);
}

#[tokio::test]
async fn what_is_on_record_of_a_bay_goes_with_it() {
    let world = World::new().await;
    let bay = world.created("web").await;
    let cluster = world.cluster(bay).await.unwrap();
    let (project_id, user_id, created_at) = (cluster.project_id.clone(), cluster.user_id.clone(), cluster.created_at);
    let container = Container {
        uuid: ContainerId::random(),
        name: "c".to_owned(),
        project_id: project_id.clone(),
        user_id: user_id.clone(),
        cluster: bay,
        image: "i".to_owned(),
        command: None,
        memory: None,
        environment: Default::default(),
        container_id: None,
        created_at,
        updated_at: None,
    };
    let pair = X509KeyPair {
        uuid: X509KeyPairId::random(),
        name: "p".to_owned(),
        project_id,
        user_id,
        cluster: bay,
        ca_cert: None,
        certificate: None,
        private_key: None,
        created_at,
        updated_at: None,
    };
    let mut tx = world.store.begin();
    tx.insert(&container);
    tx.insert(&pair);
    tx.commit().await.unwrap();
    world.delete_all_of(bay).await;
}

#[tokio::test]
async fn a_clusters_private_keys_are_kept_out_of_what_its_driver_says() {
    let world = World::new().await;
    let id = world.created("web").await;

    let certificates = Certificates::new(world.store.clone(), world.vault.clone(), CertificatesConfig::default());
    let mut keys = vec![certificates.service_account(&id).await.unwrap().1, certificates.client(&id).await.unwrap().private_key];
    for authority in [Authority::Kubernetes, Authority::Etcd, Authority::FrontProxy] {
        keys.push(certificates.ca_private_key(&id, authority).await.unwrap());
    }
    let kept_out = world.driver.kept_out.lock().unwrap().clone();
    for key in keys {
        // In any wrapping: line by line.
        let line = key.expose().lines().nth(1).unwrap();
        assert_eq!(kept_out.redact(&format!("it says {line}")), "it says ***");
    }
    let public = certificates.ca(&id, Authority::Kubernetes).await.unwrap();
    assert_eq!(kept_out.redact(&public), public);
}

#[tokio::test]
async fn a_group_that_shrinks_gives_up_the_nodes_that_the_driver_picked() {
    let world = World::new().await;
    let id = world.created("web").await;
    let before = world.workers(id).await.node_addresses;

    world.resize(id, 1).await.unwrap();
    world.settled(id).await;

    let workers = world.workers(id).await;
    assert_eq!(workers.nodes_to_remove, ["0"]);
    assert_eq!(workers.node_addresses, before[1..]);
}

#[tokio::test]
async fn a_group_that_shrinks_gives_up_the_nodes_that_the_user_named() {
    let world = World::new().await;
    let id = world.created("web").await;
    let before = world.workers(id).await;
    let resize = Resize {
        cluster: id,
        group: before.uuid,
        node_count: 1,
        nodes_to_remove: vec!["1".into()],
        rollback: false,
        via: ResizeVia::Resize,
        requester: world.requester.clone(),
    };

    world.intake().resize(resize).await.unwrap();
    world.settled(id).await;

    assert_eq!(world.workers(id).await.node_addresses, before.node_addresses[..1]);
}

#[tokio::test]
async fn a_cluster_that_is_being_created_cannot_be_resized() {
    let world = World::new().await;
    world.driver.close();
    let id = world.create("web").await;

    let refused = world.resize(id, 3).await;

    assert!(matches!(refused, Err(IntakeError::NotAllowed { status: Status::CreateInProgress })), "{refused:?}");
    assert_eq!(world.workers(id).await.node_count, 2);
}

#[tokio::test]
async fn what_the_cluster_made_for_itself_goes_before_its_stack() {
    let world = World::new().await;
    let id = world.created("web").await;
    world.driver.leftovers.store(3, std::sync::atomic::Ordering::SeqCst);

    world.delete_all_of(id).await;

    assert_eq!(world.driver.leftovers.load(std::sync::atomic::Ordering::SeqCst), 0);
}

#[tokio::test]
async fn the_requesters_token_is_kept_only_until_the_stack_is_asked_for() {
    let world = World::new().await;
    world.driver.close();
    let id = world.create("web").await;
    world.until(async || (world.driver.definitions.load(std::sync::atomic::Ordering::SeqCst) == 1).then_some(())).await;
    assert!(world.operations(id).await[0].requester.token.is_some());

    world.driver.open();
    world.settled(id).await;

    assert!(world.operations(id).await[0].requester.token.is_none());
}

#[tokio::test]
async fn work_that_was_accepted_is_taken_up_after_a_start() {
    let mut world = World::new().await;
    world.stop();
    let id = world.create("web").await;

    world.restart(Default::default());

    assert_eq!(world.settled(id).await.unwrap().status, Status::CreateComplete);
}

#[tokio::test]
async fn a_drained_conductor_begins_no_more_steps() {
    let mut world = World::new().await;
    let conductor = world.conductor();
    conductor.drain(std::time::Duration::from_secs(10)).await;
    let id = world.create("web").await;
    assert_eq!(world.operations(id).await[0].state, OperationState::Queued);

    world.restart(Default::default());

    assert_eq!(world.settled(id).await.unwrap().status, Status::CreateComplete);
}

//! What goes wrong: bad versions, revoked ones, handles that are too old, and two who change the same.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod support;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use futures::future::BoxFuture;
use jeroboam_model::{
    ClusterView, RequestId,
    driver::{Origin, StackScope, VersionState},
    samples,
};
use jeroboam_plugins::{CallContext, CallError, Driver, Limits, Sources};
use jeroboam_rollout::{ErrorBudget, RolloutError, Which};
use jeroboam_store::{Backend, BackendError, Batch, CommitFailure, Entry, MemoryBackend, Read, Revision, Store};
use support::{World, digest, install, new_on, ready, served, site, state, template, until};

/// `define-stack`, which traps in these guests.
async fn call(driver: &Driver) -> Result<(), CallError> {
    let template = template();
    let cluster = samples::cluster("c", &template);
    let view = ClusterView { cluster, template, groups: Vec::new() };
    let context = CallContext { request_id: RequestId::random(), sources: Sources::none() };
    driver.define_stack(&view, StackScope::Cluster, context).await.map(|_| ())
}

#[tokio::test]
async fn a_version_on_trial_that_fails_too_often_is_rolled_back_and_says_why() {
    let mut world = World::new();
    world.config.error_budget = ErrorBudget { calls: 5, ..ErrorBudget::default() };
    let rollouts = world.start().await;
    ready(&rollouts, 2).await;
    rollouts.activate(&digest(2), None, "operator").await.unwrap();
    let driver = rollouts.for_new(&support::site_type(), None, &support::newcomer("p")).unwrap();
    for _ in 0..5 {
        assert!(matches!(call(&driver).await, Err(CallError::Stopped { .. })));
    }
    until("it is rolled back", || async { new_on(&rollouts, "p") == Some(digest(1)) }).await;
    let version = rollouts.version(&digest(2)).await.unwrap();
    let VersionState::Failed(reason) = version.state else { panic!("{version:?}") };
    assert!(reason.operator.contains("5 of 5 calls failed"), "{reason:?}");
    let rollout = rollouts.show("site").await.unwrap().rollout;
    assert_eq!(rollout.history.last().unwrap().by, "error budget");
    assert!(rollout.why.unwrap().contains("error budget"));
}

#[tokio::test]
async fn a_confirmed_version_stays_whatever_its_calls_come_to() {
    let mut world = World::new();
    world.config.error_budget = ErrorBudget { calls: 1, ..ErrorBudget::default() };
    let rollouts = world.start().await;
    ready(&rollouts, 1).await;
    let driver = rollouts.for_new(&support::site_type(), None, &support::newcomer("p")).unwrap();
    for _ in 0..10 {
        assert!(call(&driver).await.is_err());
    }
    assert_eq!(driver.tally(Duration::from_secs(60)).failed, 10);
    assert_eq!(state(&rollouts, 1).await, "active");
}

#[tokio::test]
async fn a_handle_from_before_a_switch_begins_no_call_after_the_deadline() {
    let limits = Limits { wall: Duration::from_millis(300), ..Limits::default() };
    let world = World::limited(Store::in_memory(), limits);
    let rollouts = world.start().await;
    ready(&rollouts, 2).await;
    let cluster = world.cluster(Some(digest(1))).await;
    let held = rollouts.for_cluster(&cluster).await.unwrap();
    rollouts.activate(&digest(2), None, "operator").await.unwrap();
    let shown = rollouts.show("site").await.unwrap();
    assert!(shown.versions[0].in_flight.deadline.is_some());
    until("the deadline passes", || async { matches!(call(&held).await, Err(CallError::Superseded { .. })) }).await;
    let pinned = rollouts.for_cluster(&cluster).await.unwrap();
    assert_eq!(*pinned.digest(), digest(1), "the cluster is still on it, and a new handle can be called");
    assert!(matches!(call(&pinned).await, Err(CallError::Stopped { .. })));
    let shown = rollouts.show("site").await.unwrap();
    assert_eq!(shown.versions[0].in_flight.deadline, None);
}

#[tokio::test]
async fn a_revoked_component_never_comes_back_and_its_clusters_are_named() {
    let mut world = World::new();
    let rollouts = world.start().await;
    ready(&rollouts, 2).await;
    rollouts.activate(&digest(2), None, "operator").await.unwrap();
    let cluster = world.cluster(Some(digest(2))).await;
    for _ in 0..2 {
        let revoked = rollouts.revoke(&digest(2), "it mines coins", "operator").await.unwrap();
        assert_eq!(revoked.clusters, [cluster.uuid]);
        assert_eq!(revoked.version.unwrap().revoked.as_deref(), Some("it mines coins"));
    }
    let rollouts = world.restart(rollouts).await;
    assert_eq!(new_on(&rollouts, "p"), Some(digest(1)));
    assert_eq!(served(&rollouts, &cluster).await, Some(digest(1)));
    assert_eq!(rollouts.loaded_versions(), [digest(1)]);
    assert!(matches!(rollouts.activate(&digest(2), None, "o").await, Err(RolloutError::Revoked { .. })));
    rollouts.remove(&digest(2)).await.unwrap();
    let again = rollouts.install(site(2), "site", Origin::Installed).await;
    assert!(matches!(&again, Err(error @ RolloutError::Revoked { .. }) if error.to_string().contains("mines")), "{again:?}");
    let unknown = rollouts.revoke(&digest(9), "known elsewhere", "operator").await.unwrap();
    assert_eq!(unknown.version, None);
    assert!(matches!(rollouts.install(site(9), "site", Origin::Installed).await, Err(RolloutError::Revoked { .. })));
}

#[tokio::test]
async fn an_active_version_whose_bytes_are_gone_has_failed_and_stops_no_other() {
    let mut world = World::new();
    let rollouts = world.start().await;
    ready(&rollouts, 2).await;
    rollouts.activate(&digest(2), None, "operator").await.unwrap();
    world.store.components().forget(digest(2)).await.unwrap();
    let rollouts = world.restart(rollouts).await;
    assert_eq!(state(&rollouts, 2).await, "failed");
    assert_eq!(new_on(&rollouts, "p"), None);
    rollouts.rollback("site", "operator").await.unwrap();
    assert_eq!(new_on(&rollouts, "p"), Some(digest(1)));
}

type Meddle = Box<dyn FnOnce() -> BoxFuture<'static, ()> + Send>;

/// A store in which somebody else is always a moment faster.
struct Meddled {
    inner: Arc<MemoryBackend>,
    meddle: Arc<Mutex<Option<Meddle>>>,
}

#[async_trait]
impl Backend for Meddled {
    async fn get(&self, key: &[u8]) -> Result<Option<(bytes::Bytes, Revision)>, BackendError> {
        self.inner.get(key).await
    }

    async fn read(&self, reads: &[Read]) -> Result<Vec<Vec<Entry>>, BackendError> {
        self.inner.read(reads).await
    }

    async fn commit(&self, batch: Batch) -> Result<Revision, CommitFailure> {
        let meddle = self.meddle.lock().unwrap().take();
        if let Some(meddle) = meddle {
            meddle().await;
        }
        self.inner.commit(batch).await
    }
}

#[tokio::test]
async fn of_two_hosts_that_change_a_rollout_at_once_one_is_told_to_look_again() {
    let inner = Arc::new(MemoryBackend::new());
    let other = World::over(Store::over(inner.clone(), 1 << 20)).start().await;
    ready(&other, 3).await;
    let meddle: Arc<Mutex<Option<Meddle>>> = Arc::default();
    let slow = World::over(Store::over(Arc::new(Meddled { inner, meddle: meddle.clone() }), 1 << 20)).start().await;

    let faster = other.clone();
    *meddle.lock().unwrap() = Some(Box::new(move || {
        Box::pin(async move {
            faster.activate(&digest(2), None, "faster").await.unwrap();
        })
    }));
    let error = slow.activate(&digest(3), None, "slower").await.unwrap_err();
    assert!(matches!(error, RolloutError::Conflict { .. }), "{error:?}");
    assert!(error.to_string().contains("driver show"), "{error}");
    assert_eq!(new_on(&slow, "p"), Some(digest(2)), "it goes by what the store says now");
    slow.activate(&digest(3), None, "slower").await.unwrap();
    assert_eq!(install(&slow, site(3)).await.state, VersionState::Active);
}

#[tokio::test]
async fn clusters_on_a_revoked_version_that_nothing_stands_in_for_stay_in_sight_until_they_are_moved() {
    let world = World::new();
    let rollouts = world.start().await;
    ready(&rollouts, 2).await;
    let cluster = world.cluster(Some(digest(1))).await;
    rollouts.revoke(&digest(1), "it mines coins", "operator").await.unwrap();
    let left = async || {
        let shown = rollouts.show("site").await.unwrap();
        shown.versions.iter().find(|shown| shown.version.digest == digest(1)).unwrap().clusters
    };
    assert_eq!(left().await, 1);
    let nowhere = rollouts.move_clusters("site", Which::All).await.unwrap_err();
    assert!(nowhere.to_string().contains("activate one first"), "{nowhere}");
    rollouts.activate(&digest(2), None, "operator").await.unwrap();
    assert_eq!((left().await, served(&rollouts, &cluster).await), (1, Some(digest(2))));
    assert_eq!(rollouts.move_clusters("site", Which::All).await.unwrap().len(), 1);
    assert_eq!(left().await, 0);
}

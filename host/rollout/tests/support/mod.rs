//! Versions of a driver named `site`, a store that they are kept in, and processes that start and end over it.
#![allow(dead_code, reason = "each test file uses a part of it")]

#[path = "../../../plugins/tests/support/guest.rs"]
pub mod guest;
pub mod planner;

use std::{borrow::Cow, sync::Arc, time::Duration};

use jeroboam_model::{
    Cluster, ClusterId, ClusterTemplate, Coe, ServerType,
    driver::{ClusterType, Digest, DriverVersion, Origin, VersionState},
    samples,
};
use jeroboam_plugins::{Bundled, Host, Limits};
use jeroboam_rollout::{Newcomer, Planning, RolloutConfig, RolloutParts, Rollouts, SelfTests};
use jeroboam_store::{Store, StoreConfig, digest_of};
use tempfile::TempDir;

use guest::Guest;

/// A host of the service.
pub struct World {
    pub store: Store,
    pub host: Host,
    pub bundled: Vec<Bundled>,
    pub planner: Option<Arc<dyn Planning>>,
    pub config: RolloutConfig,
    folder: Option<TempDir>,
}

impl World {
    pub fn new() -> Self {
        Self::over(Store::in_memory())
    }

    /// On a disk.
    pub fn on_disk() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let world = Self::over(open(&folder).unwrap());
        Self { folder: Some(folder), ..world }
    }

    pub fn over(store: Store) -> Self {
        Self::limited(store, Limits::default())
    }

    pub fn limited(store: Store, limits: Limits) -> Self {
        let host = Host::new(None, limits).unwrap();
        // Guests of these tests answer little.
        let config = RolloutConfig { self_test: SelfTests::Report, ..RolloutConfig::default() };
        Self { store, host, bundled: Vec::new(), planner: None, config, folder: None }
    }

    pub async fn start(&self) -> Rollouts {
        let rollouts = Rollouts::start(RolloutParts {
            store: self.store.clone(),
            plugins: self.host.clone(),
            bundled: self.bundled.clone(),
            planner: self.planner.clone(),
            config: self.config.clone(),
        });
        let rollouts = rollouts.await.unwrap();
        rollouts.settled().await;
        rollouts
    }

    /// Another process over the same store.
    pub async fn restart(&mut self, before: Rollouts) -> Rollouts {
        drop(before);
        if let Some(folder) = &self.folder {
            self.store = Store::in_memory();
            // What runs in the background lets the store go when it next looks.
            self.store = loop {
                match open(folder) {
                    Some(store) => break store,
                    None => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            };
        }
        self.start().await
    }

    /// As if it had been made by a version.
    pub async fn cluster(&self, on: Option<Digest>) -> Cluster {
        let cluster = Cluster { driver: "site".into(), driver_digest: on, ..samples::cluster("c", &template()) };
        let mut tx = self.store.begin();
        tx.insert(&cluster);
        tx.commit().await.unwrap();
        cluster
    }

    pub async fn on(&self, cluster: ClusterId) -> Option<Digest> {
        self.store.clusters().get(cluster).await.unwrap().unwrap().driver_digest
    }
}

fn open(folder: &TempDir) -> Option<Store> {
    Store::open(StoreConfig { path: folder.path().join("store"), ..StoreConfig::default() }).ok()
}

/// A component that calls itself `site`; every number is another one.
pub fn site(number: u32) -> Vec<u8> {
    variant("site", number).component()
}

pub fn variant(name: &str, number: u32) -> Guest {
    Guest::new(name).item(&format!("(data (i32.const 60000) \"version {number}\")"))
}

pub fn digest(number: u32) -> Digest {
    digest_of(&site(number))
}

pub fn bundled(file_name: &str, bytes: Vec<u8>) -> Bundled {
    Bundled { file_name: file_name.into(), bytes: Cow::Owned(bytes) }
}

pub async fn install(rollouts: &Rollouts, bytes: Vec<u8>) -> DriverVersion {
    let version = rollouts.install(bytes, "site", Origin::Installed).await.unwrap();
    rollouts.settled().await;
    rollouts.version(&version.digest).await.unwrap()
}

/// Versions 1 to `count` are installed, and the first is active.
pub async fn ready(rollouts: &Rollouts, count: u32) {
    for number in 1..=count {
        let version = install(rollouts, site(number)).await;
        assert_eq!(version.state, VersionState::Checked);
    }
    rollouts.activate(&digest(1), None, "operator").await.unwrap();
}

pub fn site_type() -> ClusterType {
    ClusterType { server_type: ServerType::Vm, os_distro: "site".into(), coe: Coe::Kubernetes }
}

pub fn template() -> ClusterTemplate {
    samples::template("t")
}

pub fn newcomer(project: &str) -> Newcomer {
    Newcomer { project: project.into(), template: None, cluster: None }
}

/// The version that a new cluster of the project gets.
pub fn new_on(rollouts: &Rollouts, project: &str) -> Option<Digest> {
    rollouts.for_new(&site_type(), None, &newcomer(project)).ok().map(|driver| *driver.digest())
}

/// The version that serves a cluster.
pub async fn served(rollouts: &Rollouts, cluster: &Cluster) -> Option<Digest> {
    rollouts.for_cluster(cluster).await.ok().map(|driver| *driver.digest())
}

pub async fn state(rollouts: &Rollouts, number: u32) -> &'static str {
    rollouts.version(&digest(number)).await.unwrap().state.as_str()
}

/// Waits for what happens by itself.
pub async fn until<F: Future<Output = bool>>(what: &str, holds: impl Fn() -> F) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(60), wait).await.is_ok(), "{what}");
}

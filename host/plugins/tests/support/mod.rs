//! What tests of drivers have in common: guests written by hand, values to call them with, and sources that count.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod guest;
pub mod samples;
pub mod whole;

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use jeroboam_model::{RequestId, driver::Platform};
use jeroboam_plugins::{
    Bundled, CallContext, CallError, Driver, DriverState, Flavor, Image, Keypair, Lookup, Network, Plugins, PluginsConfig,
    Settings, SourceError, Sources, StopReason, Subnet, VolumeType,
};

/// Counts what it is asked, and never answers about the flavor `slow`.
#[derive(Clone, Default)]
pub struct Counting(pub Arc<AtomicUsize>);

impl Counting {
    pub fn asked(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    fn no<T>(&self) -> Result<T, SourceError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Err(SourceError::NotFound("there is nothing".into()))
    }
}

#[async_trait]
impl Settings for Counting {
    async fn get_platform(&self) -> Platform {
        self.0.fetch_add(1, Ordering::SeqCst);
        Platform { region: "RegionOne".into(), ..Platform::default() }
    }

    async fn get(&self, driver: &str, name: &str) -> Option<String> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Some(format!("{driver}/{name}"))
    }
}

#[async_trait]
impl Lookup for Counting {
    async fn get_image(&self, _: &str) -> Result<Image, SourceError> {
        self.no()
    }
    async fn get_flavor(&self, name_or_id: &str) -> Result<Flavor, SourceError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        if name_or_id == "slow" {
            std::future::pending::<()>().await;
        }
        Ok(Flavor { id: "1".into(), name: name_or_id.into(), vcpus: 1, ram: 2048, disk: 20 })
    }
    async fn get_network(&self, _: &str) -> Result<Network, SourceError> {
        self.no()
    }
    async fn get_external_network(&self, _: &str) -> Result<Network, SourceError> {
        self.no()
    }
    async fn get_subnet(&self, _: &str) -> Result<Subnet, SourceError> {
        self.no()
    }
    async fn list_volume_types(&self) -> Result<Vec<VolumeType>, SourceError> {
        self.no()
    }
    async fn get_keypair(&self, _: &str) -> Result<Keypair, SourceError> {
        self.no()
    }
    async fn list_regions(&self) -> Result<Vec<String>, SourceError> {
        self.no()
    }
}

/// A call with no sources.
pub fn context() -> CallContext {
    CallContext { request_id: RequestId::random(), sources: Sources::none() }
}

pub fn context_with(counting: &Counting) -> CallContext {
    CallContext { sources: Sources::none().with_settings(counting.clone()).with_lookup(counting.clone()), ..context() }
}

pub fn bundled(file_name: &str, bytes: Vec<u8>) -> Bundled {
    Bundled { file_name: file_name.into(), bytes: Cow::Owned(bytes) }
}

/// Loads one component; it has to be one that serves.
pub async fn load(bytes: Vec<u8>, config: PluginsConfig) -> Driver {
    let plugins = Plugins::start(PluginsConfig { bundled: vec![bundled("guest.wasm", bytes)], ..config }).await.unwrap();
    let record = plugins.records().remove(0);
    assert_eq!(record.state, DriverState::Active);
    plugins.by_name(&record.name).unwrap()
}

/// Why a component is not served.
pub fn failure(plugins: &Plugins, index: usize) -> String {
    match &plugins.records()[index].state {
        DriverState::Failed(reason) => reason.clone(),
        DriverState::Active => panic!("it is served"),
    }
}

pub fn stopped<T: std::fmt::Debug>(result: Result<T, CallError>) -> StopReason {
    match result {
        Err(CallError::Stopped { reason, .. }) => reason,
        other => panic!("it was not stopped: {other:?}"),
    }
}

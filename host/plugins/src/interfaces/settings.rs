//! `settings`: what the operator has decided. Recorded.

use async_trait::async_trait;
use jeroboam_model::driver::Platform;

use crate::{
    Interface, Phase,
    bindings::jeroboam::coe::settings::{Host, Platform as WitPlatform},
    error::StopReason,
    phase::Rule,
    source::{HostError, Nothing},
    state::CallState,
};

/// Where [`settings`](self) come from.
#[async_trait]
pub trait Settings: Send + Sync {
    async fn get_platform(&self) -> Platform;

    /// An option of the section of the driver with this name.
    async fn get(&self, driver: &str, name: &str) -> Option<String>;
}

#[async_trait]
impl Settings for Nothing {
    async fn get_platform(&self) -> Platform {
        Platform::default()
    }

    async fn get(&self, _: &str, _: &str) -> Option<String> {
        None
    }
}

pub(crate) const fn rule(phase: Phase) -> Rule {
    if matches!(phase, Phase::Describe) { Rule::Trap } else { Rule::Allow }
}

impl Host for CallState {
    async fn get_platform(&mut self) -> wasmtime::Result<WitPlatform> {
        let source = self.sources.settings.clone();
        let answer = self.read(Interface::Settings, "get-platform", "", async move { Ok(source.get_platform().await) }).await;
        answer.map(|platform: Platform| platform.into()).map_err(stop)
    }

    async fn get(&mut self, name: String) -> wasmtime::Result<Option<String>> {
        let source = self.sources.settings.clone();
        let driver = self.about.driver.name.clone();
        let question = name.clone();
        self.read(Interface::Settings, "get", &question, async move { Ok(source.get(&driver, &name).await) }).await.map_err(stop)
    }
}

/// Settings always have an answer; a record that says otherwise was not made here.
fn stop(error: HostError) -> wasmtime::Error {
    match error {
        HostError::Stop(reason) => wasmtime::Error::new(reason),
        HostError::Answer(error) => wasmtime::Error::new(StopReason::Trap(error.to_string())),
    }
}

impl From<Platform> for WitPlatform {
    fn from(platform: Platform) -> Self {
        Self {
            identity_url: platform.identity_url,
            container_infra_url: platform.container_infra_url,
            region: platform.region,
            verify_ca: platform.verify_ca,
            openstack_ca: platform.openstack_ca,
            load_balancers: platform.load_balancers,
            cluster_user_trust: platform.cluster_user_trust,
            affinity_policy: platform.affinity_policy,
            docker_volume_type: platform.docker_volume_type,
            etcd_volume_type: platform.etcd_volume_type,
            boot_volume_type: platform.boot_volume_type,
            boot_volume_size: platform.boot_volume_size,
            extras: Vec::new(),
        }
    }
}

//! `settings`: what the operator has decided.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use jeroboam_model::driver::Platform;
use jeroboam_plugins::Settings;

/// The sections `[driver:<name>]`: options by driver and name.
type Sections = BTreeMap<String, BTreeMap<String, String>>;

/// The platform, and the sections of drivers. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct OperatorSettings {
    platform: Arc<Platform>,
    drivers: Arc<Sections>,
}

impl OperatorSettings {
    /// `drivers`: options by driver and name.
    pub fn new(platform: Platform, drivers: BTreeMap<String, BTreeMap<String, String>>) -> Self {
        Self { platform: Arc::new(platform), drivers: Arc::new(drivers) }
    }

    pub fn platform(&self) -> &Platform {
        &self.platform
    }
}

#[async_trait]
impl Settings for OperatorSettings {
    async fn get_platform(&self) -> Platform {
        Platform::clone(&self.platform)
    }

    async fn get(&self, driver: &str, name: &str) -> Option<String> {
        self.drivers.get(driver)?.get(name).cloned()
    }
}

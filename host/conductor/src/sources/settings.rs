//! `settings`: what the operator has decided.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use jeroboam_model::driver::Platform;
use jeroboam_plugins::Settings;

/// The platform, and the sections `[driver:<name>]`. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct OperatorSettings(Arc<(Platform, BTreeMap<String, BTreeMap<String, String>>)>);

impl OperatorSettings {
    /// `drivers`: options by driver and name.
    pub fn new(platform: Platform, drivers: BTreeMap<String, BTreeMap<String, String>>) -> Self {
        Self(Arc::new((platform, drivers)))
    }
}

#[async_trait]
impl Settings for OperatorSettings {
    async fn get_platform(&self) -> Platform {
        self.0.0.clone()
    }

    async fn get(&self, driver: &str, name: &str) -> Option<String> {
        self.0.1.get(driver)?.get(name).cloned()
    }
}

//! All that can be scraped.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use prometheus_client::{encoding::text, registry};

/// Collects tables of metrics. Clones are the same registry.
#[derive(Clone, Default)]
pub struct Registry(Arc<Mutex<registry::Registry>>);

impl Registry {
    /// The media type of [`Registry::text`].
    pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    pub(super) fn add(&self, name: &str, help: &str, metric: impl registry::Metric) {
        // The exposition ends the sentence itself.
        self.lock().register(name, help.trim_end_matches('.'), metric);
    }

    /// Every series as it is now, in OpenMetrics' text format.
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = text::encode(&mut out, &self.lock());
        out
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, registry::Registry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Registry")
    }
}

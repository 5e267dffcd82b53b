//! The rules in force.

use std::sync::{Arc, PoisonError, RwLock};

use crate::{
    Loaded, PolicyMetrics, PolicyOptions, Refused, Rules, load,
    watch::{self, Seen},
};

/// The rules in force, for whoever decides and for whoever changes them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Policy(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    options: PolicyOptions,
    metrics: PolicyMetrics,
    rules: RwLock<Arc<Rules>>,
    /// What was there before the files were read for the first time.
    seen: Seen,
}

impl Policy {
    /// Reads the files for the first time: without rules nobody could be answered, so what is wrong with them is an error here.
    pub fn start(options: PolicyOptions, metrics: PolicyMetrics) -> Result<Self, Refused> {
        let seen = watch::see(&options);
        let loaded = load(&options)?;
        metrics.loads.of(["used"]).inc();
        say(&loaded);
        Ok(Self(Arc::new(Inner { options, metrics, rules: RwLock::new(Arc::new(loaded.rules)), seen })))
    }

    /// Those of this moment. A request keeps them until it is answered.
    pub fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.0.rules.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn options(&self) -> &PolicyOptions {
        &self.0.options
    }

    pub(crate) fn seen(&self) -> &Seen {
        &self.0.seen
    }

    /// Reads the files again. If they cannot be used, the rules stay as they are.
    pub fn reload(&self) -> Result<(), Refused> {
        let outcome = load(&self.0.options);
        self.0.metrics.loads.of([if outcome.is_ok() { "used" } else { "refused" }]).inc();
        let loaded = outcome?;
        say(&loaded);
        *self.0.rules.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(loaded.rules);
        Ok(())
    }
}

impl Default for Policy {
    /// The defaults, for ever.
    fn default() -> Self {
        let options = PolicyOptions { dirs: Vec::new(), ..PolicyOptions::default() };
        Self(Arc::new(Inner { options, metrics: PolicyMetrics::default(), rules: RwLock::default(), seen: Seen::default() }))
    }
}

fn say(loaded: &Loaded) {
    for notice in &loaded.notices {
        tracing::warn!("policy: {notice}");
    }
    let files: Vec<String> = loaded.files.iter().map(|file| file.display().to_string()).collect();
    match files.as_slice() {
        [] => tracing::info!("policy: the defaults hold"),
        files => tracing::info!(files = files.join(" "), "policy: files are in force"),
    }
}

//! Host calls as operators see them: timed, traced, and those with an effect on record.
//!
//! A [`Watch`] stands between an interface and its source. It changes no answer.

mod effect;
mod sources;

use std::{sync::Arc, time::Instant};

use tracing::Instrument;

use crate::{AuditTrail, Interface, notices::About};

/// Who is watched, and what for.
pub(crate) struct Watch {
    about: About,
    /// Where effects are written down; `None`: only in the log.
    audit: Option<AuditTrail>,
}

/// A source, watched.
struct Watched<S: ?Sized> {
    source: Arc<S>,
    watch: Arc<Watch>,
}

impl Watch {
    pub(crate) fn of(about: &About, audit: Option<AuditTrail>) -> Self {
        Self { about: about.clone(), audit }
    }

    async fn time<T>(&self, interface: Interface, function: &'static str, answer: impl Future<Output = T> + Send) -> T {
        let span = tracing::info_span!(
            target: jeroboam_telemetry::traces::TARGET,
            "host_call",
            interface = interface.as_str(),
            function,
            request_id = %self.about.request_id,
        );
        let began = Timer { watch: self, interface, began: Instant::now() };
        let answer = answer.instrument(span).await;
        drop(began);
        answer
    }
}

/// Counts time when it is dropped, so that what is cut off counts too.
struct Timer<'a> {
    watch: &'a Watch,
    interface: Interface,
    began: Instant,
}

impl Drop for Timer<'_> {
    fn drop(&mut self) {
        self.watch.about.counted.host_call_took(self.interface, self.began.elapsed());
    }
}

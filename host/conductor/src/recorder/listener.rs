//! What the sources of one call hand its record to.

use jeroboam_model::{CallRecord, ClusterId};
use jeroboam_plugins::RecorderSink;
use tokio::sync::oneshot;

use super::{Known, Recorder};

/// Of one context: it knows which secrets are near.
pub struct Listener {
    recorder: Recorder,
    known: Known,
}

/// A record on its way to the store.
pub(super) struct Pending {
    pub record: CallRecord,
    pub known: Known,
}

/// What the writer is told.
pub(super) enum Queued {
    Record(Box<Pending>),
    /// To say when everything before this is written.
    Settle(oneshot::Sender<()>),
}

impl Listener {
    pub(super) fn new(recorder: Recorder, known: Known) -> Self {
        Self { recorder, known }
    }
}

impl RecorderSink for Listener {
    fn wants(&self, driver: &str, cluster: Option<ClusterId>) -> bool {
        self.recorder.wants(driver, cluster)
    }

    fn record_bytes(&self) -> usize {
        self.recorder.0.limits.bytes
    }

    fn keep(&self, record: CallRecord) {
        self.recorder.queue(Pending { record, known: self.known.clone() });
    }
}

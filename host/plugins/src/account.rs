//! What one call has used up, counted when it is over: also if it was cut off, by the wall clock or by whoever made it.

use std::{sync::Arc, time::Duration};

use crate::{Interface, clock::CpuClock, meter::Meter, notices::About};

/// How much an interface was used.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Used {
    pub(crate) calls: u32,
    pub(crate) bytes: u64,
}

/// The account of a call. It is closed by being dropped.
pub(crate) struct Account {
    pub(crate) meter: Meter,
    /// By the place in [`Interface::ALL`].
    used: [Used; Interface::ALL.len()],
    /// Whose it is, and the processor time; `None`: nothing is counted.
    bill: Option<(About, Arc<CpuClock>)>,
}

impl Account {
    pub(crate) fn open(meter: Meter, about: &About, clock: Arc<CpuClock>) -> Self {
        Self { meter, used: Default::default(), bill: Some((about.clone(), clock)) }
    }

    /// Counts nothing.
    pub(crate) fn uncounted(meter: Meter) -> Self {
        Self { meter, used: Default::default(), bill: None }
    }

    pub(crate) fn memory_peak(&self) -> usize {
        self.meter.memory_peak()
    }

    /// In polls of the call that have ended.
    pub(crate) fn computed(&self) -> Duration {
        self.bill.as_ref().map(|(_, clock)| clock.spent()).unwrap_or_default()
    }

    #[expect(clippy::indexing_slicing, reason = "an interface's place, in an array as long as the list of them")]
    pub(crate) fn of(&mut self, interface: Interface) -> &mut Used {
        &mut self.used[interface as usize]
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        let Some((about, clock)) = &self.bill else { return };
        about.counted.used(about.phase, clock.spent(), self.meter.memory_peak());
        for (interface, used) in Interface::ALL.iter().zip(&self.used).filter(|(_, used)| used.calls > 0) {
            about.counted.host_calls(*interface, used.calls, used.bytes);
        }
        about.dropped(self.meter.log_lines_dropped());
        self.meter.over().iter().for_each(|limit| about.over(*limit));
    }
}

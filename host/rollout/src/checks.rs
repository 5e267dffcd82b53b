//! Checks that wait, and the one that is under way: compiling and trying a component takes a processor, which requests need.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use jeroboam_model::driver::Digest;
use tokio::sync::{Semaphore, watch};

use crate::{Rollouts, check::Depth};

/// Checks at the same time.
const AT_ONCE: usize = 1;

pub(crate) struct Checks {
    places: Semaphore,
    waiting: Mutex<HashSet<Digest>>,
    /// How many wait or are under way.
    left: watch::Sender<usize>,
}

impl Default for Checks {
    fn default() -> Self {
        Self { places: Semaphore::new(AT_ONCE), waiting: Mutex::default(), left: watch::Sender::new(0) }
    }
}

impl Rollouts {
    /// Has the version looked at when there is time. One that waits already is looked at once.
    pub(crate) fn enqueue(&self, digest: Digest) {
        let checks = &self.0.checks;
        if !checks.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(digest) {
            return;
        }
        checks.left.send_modify(|left| *left += 1);
        let weak = self.weak();
        tokio::spawn(async move {
            let Some(rollouts) = weak.upgrade().map(Rollouts) else { return };
            let checks = &rollouts.0.checks;
            // The places are never closed.
            let _place = checks.places.acquire().await;
            checks.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&digest);
            rollouts.look_at(&digest, Depth::SelfTest).await;
            checks.left.send_modify(|left| *left = left.saturating_sub(1));
        });
    }

    /// Returns once no check waits or is under way.
    pub async fn settled(&self) {
        // The sender is held by `self`, so waiting cannot fail.
        _ = self.0.checks.left.subscribe().wait_for(|left| *left == 0).await;
    }
}

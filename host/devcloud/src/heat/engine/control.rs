//! How a running operation is told to stop. It stops where it waits, never in the middle of a request.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use crate::heat::error::Failure;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Another operation takes over.
    Superseded,
    /// The stack's timeout.
    Timeout,
    /// A sibling failed.
    Sibling,
}

/// A flag, and the flags of the operations around it.
#[derive(Clone, Debug, Default)]
pub struct Control {
    flags: Vec<Arc<AtomicU8>>,
    /// How long what is under way may go on after something beside it has failed.
    grace: Duration,
}

impl Control {
    #[must_use]
    pub fn new(grace: Duration) -> Self {
        Self { flags: vec![Arc::default()], grace }
    }

    #[must_use]
    pub fn grace(&self) -> Duration {
        self.grace
    }

    /// A part of this operation that can be stopped on its own.
    #[must_use]
    pub fn part(&self) -> Self {
        let mut flags = self.flags.clone();
        flags.push(Arc::default());
        Self { flags, grace: self.grace }
    }

    pub fn stop(&self, stop: Stop) {
        let code = match stop {
            Stop::Superseded => 1,
            Stop::Timeout => 2,
            Stop::Sibling => 3,
        };
        if let Some(flag) = self.flags.last() {
            let _ = flag.compare_exchange(0, code, Ordering::SeqCst, Ordering::SeqCst);
        }
    }

    #[must_use]
    pub fn stopped(&self) -> Option<Stop> {
        self.flags.iter().find_map(|flag| match flag.load(Ordering::SeqCst) {
            1 => Some(Stop::Superseded),
            2 => Some(Stop::Timeout),
            3 => Some(Stop::Sibling),
            _ => None,
        })
    }

    pub fn check(&self) -> Result<(), Failure> {
        match self.stopped() {
            None => Ok(()),
            Some(Stop::Superseded) => Err(Failure::stopped("aborted (user triggered cancel)")),
            Some(Stop::Timeout) => Err(Failure::stopped("aborted (Timed out)")),
            Some(Stop::Sibling) => Err(Failure::stopped("aborted (another resource failed)")),
        }
    }
}

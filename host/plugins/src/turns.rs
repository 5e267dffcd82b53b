//! Whose turn it is to compute.
//!
//! Nearly all calls compute for a few milliseconds, and none of them may wait for one that computes until it is stopped. So a call that has computed for longer
//! goes on only in turns, of which there are half as many as processors: the other half is always free for the short ones.

use std::{
    num::NonZeroUsize,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What every call may compute without waiting for a turn.
pub(crate) const FREE: Duration = Duration::from_millis(4);

pub(crate) struct Turns(Arc<Semaphore>);

/// The turn of one call: held while it computes, given back at each tick and whenever it asks the host for something.
#[derive(Clone)]
pub(crate) struct Turn {
    turns: Arc<Semaphore>,
    held: Arc<Mutex<Option<OwnedSemaphorePermit>>>,
}

impl Turns {
    pub(crate) fn new() -> Self {
        let processors = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self(Arc::new(Semaphore::new((processors / 2).max(1))))
    }

    pub(crate) fn turn(&self) -> Turn {
        Turn { turns: Arc::clone(&self.0), held: Arc::default() }
    }
}

impl Turn {
    /// Lets others go first, and then waits for a turn. Who has waited longest is next.
    pub(crate) fn next(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.give_back();
        let turn = self.clone();
        Box::pin(async move {
            tokio::task::yield_now().await;
            // There is always one to be had in the end: nobody closes the semaphore.
            let permit = turn.turns.clone().acquire_owned().await.ok();
            turn.hold(permit);
        })
    }

    pub(crate) fn give_back(&self) {
        self.hold(None);
    }

    fn hold(&self, permit: Option<OwnedSemaphorePermit>) {
        let before = std::mem::replace(&mut *self.held.lock().unwrap_or_else(PoisonError::into_inner), permit);
        drop(before);
    }
}

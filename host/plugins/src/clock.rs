//! How long a call has computed: processor time of whichever thread polls it, so that neither waiting nor a busy machine
//! counts.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use rustix::time::{ClockId, clock_gettime};

/// Shared by a call's future, which is measured, and its guest, which is stopped.
#[derive(Debug, Default)]
pub(crate) struct CpuClock {
    /// Nanoseconds of polls that have ended.
    spent: AtomicU64,
    /// The thread's clock when the present poll began.
    began: AtomicU64,
}

/// A future whose polls are measured.
pub(crate) struct Measured<F> {
    inner: Pin<Box<F>>,
    clock: Arc<CpuClock>,
}

fn thread_time() -> u64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    u64::try_from(now.tv_sec)
        .unwrap_or_default()
        .saturating_mul(1_000_000_000)
        .saturating_add(u64::try_from(now.tv_nsec).unwrap_or_default())
}

impl CpuClock {
    /// Only from within a poll.
    pub(crate) fn elapsed(&self) -> Duration {
        let present = thread_time().saturating_sub(self.began.load(Ordering::Relaxed));
        Duration::from_nanos(self.spent.load(Ordering::Relaxed).saturating_add(present))
    }

    /// In polls that have ended.
    pub(crate) fn spent(&self) -> Duration {
        Duration::from_nanos(self.spent.load(Ordering::Relaxed))
    }

    pub(crate) fn measure<F: Future>(self: &Arc<Self>, inner: F) -> Measured<F> {
        Measured { inner: Box::pin(inner), clock: Arc::clone(self) }
    }
}

impl<F: Future> Future for Measured<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let began = thread_time();
        self.clock.began.store(began, Ordering::Relaxed);
        let poll = self.inner.as_mut().poll(context);
        self.clock.spent.fetch_add(thread_time().saturating_sub(began), Ordering::Relaxed);
        poll
    }
}

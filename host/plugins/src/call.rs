//! One call of a driver: a new store, its limits, an instance, the export, and the end of all of them.

use std::{
    panic::AssertUnwindSafe,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{FutureExt, future::BoxFuture};
use jeroboam_model::{NodeGroupId, RequestId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::Instrument;
use wasmtime::{Store, StoreContextMut, Trap, UpdateDeadline, WasmBacktrace};

use crate::{
    CallContext, Limits, Phase, Redactor, Sources, StopReason,
    account::Account,
    bindings::{CoeDriver, CoeDriverPre, exports::jeroboam::coe::driver::Guest},
    clock::CpuClock,
    engine::Engine,
    limits::{BACKSTOP, Enforcement, Limit},
    meter::Meter,
    metrics::{Counted, Occupancy},
    notices::About,
    record::RecordedRead,
    state::{CallState, Identity},
    turns,
    watch::Watch,
};

/// A component that can be called: compiled, linked with what it was granted.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(crate) engine: Arc<Engine>,
    pub(crate) pre: CoeDriverPre<CallState>,
    pub(crate) identity: Identity,
    pub(crate) counted: Arc<Counted>,
    /// Its part of the engine's places.
    pub(crate) share: Arc<Semaphore>,
    /// Where it exports `coe-resources`, if it does.
    pub(crate) resources: Option<crate::coe_resources::Export>,
    #[cfg(feature = "coe-0-3")]
    pub(crate) advice: Option<crate::advice::Export>,
}

/// What a call is about.
pub(crate) struct Call {
    pub(crate) phase: Phase,
    pub(crate) request_id: RequestId,
    pub(crate) sources: Sources,
    pub(crate) groups: Vec<NodeGroupId>,
    pub(crate) wall: Duration,
}

/// What a call came to.
pub(crate) struct Ended<T> {
    pub(crate) answer: T,
    pub(crate) reads: Vec<RecordedRead>,
    pub(crate) about: About,
}

/// Calls one export.
pub(crate) trait Export<T>:
    for<'a> FnOnce(&'a Guest, &'a mut Store<CallState>) -> BoxFuture<'a, wasmtime::Result<T>> + Send + 'static
{
}

impl<T, F> Export<T> for F where
    F: for<'a> FnOnce(&'a Guest, &'a mut Store<CallState>) -> BoxFuture<'a, wasmtime::Result<T>> + Send + 'static
{
}

/// What is done in a store that was made for it: an instance, and a call of what it exports.
pub(crate) trait Work<T>:
    for<'a> FnOnce(&'a Prepared, &'a mut Store<CallState>) -> BoxFuture<'a, wasmtime::Result<T>> + Send
{
}

impl<T, F> Work<T> for F where
    F: for<'a> FnOnce(&'a Prepared, &'a mut Store<CallState>) -> BoxFuture<'a, wasmtime::Result<T>> + Send
{
}

impl Call {
    pub(crate) fn new(phase: Phase, context: CallContext, groups: Vec<NodeGroupId>, limits: &Limits) -> Self {
        Self { phase, request_id: context.request_id, sources: context.sources, groups, wall: limits.wall }
    }

    /// For `describe`, which is made for nobody and must depend on nothing.
    pub(crate) fn describe(limits: &Limits) -> Self {
        Self {
            phase: Phase::Describe,
            request_id: RequestId::random(),
            sources: Sources::none(),
            groups: Vec::new(),
            wall: limits.describe_wall,
        }
    }
}

impl Prepared {
    /// Makes a call of the interface `driver`. Dropping the future ends it.
    pub(crate) async fn call<T: Send>(&self, call: Call, export: impl Export<T>) -> Result<Ended<T>, StopReason> {
        self.work(call, |this, store| {
            Box::pin(async move {
                let instance: CoeDriver = this.pre.instantiate_async(&mut *store).await?;
                export(instance.jeroboam_coe_driver(), store).await
            })
        })
        .await
    }

    /// Makes a call of any interface.
    pub(crate) async fn work<T: Send>(&self, call: Call, work: impl Work<T>) -> Result<Ended<T>, StopReason> {
        let about = About {
            driver: self.identity.clone(),
            phase: call.phase,
            request_id: call.request_id.clone(),
            redactor: call.sources.redactor.clone(),
            counted: Arc::clone(&self.counted),
        };
        let span = about.span();
        let _in_flight = self.counted.begin(call.phase);
        async {
            // On the heap: it is tens of kilobytes of state, and whoever calls has futures around it.
            let result = Box::pin(self.in_time(call, work, &about)).await;
            if let Err(reason) = &result {
                about.stopped(reason);
            }
            result
        }
        .instrument(span)
        .await
    }

    async fn in_time<T: Send>(&self, call: Call, work: impl Work<T>, about: &About) -> Result<Ended<T>, StopReason> {
        let (began, wall, limits) = (Instant::now(), call.wall, &self.engine.limits);
        if limits.unlimited {
            return self.unbounded(call, work, about).await;
        }
        let place = tokio::time::timeout(wall, self.place()).await.unwrap_or(Err(StopReason::NoPlace))?;
        let left = wall.saturating_sub(began.elapsed());
        let mut run = pin!(AssertUnwindSafe(self.run(call, place, work, about)).catch_unwind());
        let mut ended = tokio::time::timeout(left, &mut run).await;
        if ended.is_err() && limits.enforcement(Limit::WallTime) == Enforcement::Report {
            about.over(Limit::WallTime);
            ended = tokio::time::timeout(wall.saturating_mul(BACKSTOP - 1), &mut run).await;
        }
        match ended {
            Err(_) => Err(StopReason::WallTime),
            Ok(Err(_)) => Err(StopReason::Trap("the engine panicked; the host's log says where".to_owned())),
            Ok(Ok(ended)) => ended,
        }
    }

    /// What limits are compared with: nothing bounds it, and nothing is counted.
    async fn unbounded<T: Send>(&self, call: Call, work: impl Work<T>, about: &About) -> Result<Ended<T>, StopReason> {
        let account = Account::uncounted(Meter::new(Arc::clone(&self.engine.limits)));
        let state = CallState::new(about.clone(), account, call.sources, &self.engine, call.wall, call.groups);
        let mut store = Store::new(&self.engine.wasm, state);
        let answer = work(self, &mut store).await.map_err(|error| reason(&error, None, &about.redactor))?;
        let state = store.into_data();
        Ok(Ended { answer, reads: state.reads, about: state.about })
    }

    /// Neither of the two ever closes.
    async fn place(&self) -> Result<Place, StopReason> {
        let mut counted = Occupancy::wanted(&self.engine.metrics);
        let share = Arc::clone(&self.share).acquire_owned().await.map_err(|_| StopReason::NoPlace)?;
        let place = Arc::clone(&self.engine.places).acquire_owned().await.map_err(|_| StopReason::NoPlace)?;
        counted.taken();
        Ok(Place(share, place, counted))
    }

    async fn run<T: Send>(&self, call: Call, _place: Place, work: impl Work<T>, about: &About) -> Result<Ended<T>, StopReason> {
        let _ticking = self.engine.ticking();
        let clock = Arc::new(CpuClock::default());
        let watch = Watch::of(about, call.sources.audit.clone());
        let sources = call.sources.watched(&Arc::new(watch));
        let account = Account::open(Meter::new(Arc::clone(&self.engine.limits)), about, Arc::clone(&clock));
        let state = CallState::new(about.clone(), account, sources, &self.engine, call.wall, call.groups);

        let mut store = Store::new(&self.engine.wasm, state);
        // Before the instance is made: that runs code of the guest's already.
        bound(&mut store, &self.engine.limits, Arc::clone(&clock));
        let result = clock.measure(work(self, &mut store)).await;

        let state = store.into_data();
        if let Some(tape) = &state.sources.tape {
            tape.used(state.account.computed(), state.account.memory_peak());
        }
        match result {
            Ok(answer) => Ok(Ended { answer, reads: state.reads, about: state.about }),
            Err(error) => Err(reason(&error, state.last_words, &state.about.redactor)),
        }
    }
}

/// A place in the pool, and one of the driver's own.
struct Place(
    #[expect(dead_code, reason = "held")] OwnedSemaphorePermit,
    #[expect(dead_code, reason = "held")] OwnedSemaphorePermit,
    #[expect(dead_code, reason = "held")] Occupancy,
);

fn bound(store: &mut Store<CallState>, limits: &Limits, clock: Arc<CpuClock>) {
    store.limiter(|state| &mut state.account.meter);
    store.set_hostcall_fuel(limits.result_bytes);
    store.set_epoch_deadline(1);
    let budget = nanoseconds(limits.cpu);
    store.epoch_deadline_callback(move |mut context: StoreContextMut<'_, CallState>| {
        let (state, spent) = (context.data_mut(), clock.elapsed());
        state.account.meter.computed(nanoseconds(spent), budget).map_err(wasmtime::Error::new)?;
        Ok(if spent < turns::FREE { UpdateDeadline::Yield(1) } else { UpdateDeadline::YieldCustom(1, state.turn.next()) })
    });
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// The engine's words for an answer or an argument that is too large. It has no type for this.
const TOO_LARGE: &str = "fuel allocated for hostcalls has been exhausted";

fn reason(error: &wasmtime::Error, last_words: Option<String>, redactor: &Redactor) -> StopReason {
    if let Some(reason) = error.downcast_ref::<StopReason>() {
        return reason.clone();
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::StackOverflow) => StopReason::Stack,
        Some(Trap::Interrupt) => StopReason::CpuTime,
        Some(Trap::MemoryOutOfBounds) => {
            StopReason::Trap("out of bounds memory access: a wild pointer, or a stack within its memory that ran over".to_owned())
        }
        Some(trap) => StopReason::Trap(match last_words {
            Some(words) => format!("{trap}; its last words were: {words}"),
            None => trap.to_string(),
        }),
        None if error.root_cause().to_string().contains(TOO_LARGE) => match error.downcast_ref::<WasmBacktrace>() {
            // The guest was on the stack: it was passing arguments.
            Some(_) => StopReason::HostBytes,
            None => StopReason::ResultSize,
        },
        None => StopReason::Trap(redactor.message(&error.root_cause().to_string())),
    }
}

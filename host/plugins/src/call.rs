//! One call of a driver: a new store, its limits, an instance, the export, and the end of all of them.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::{FutureExt, future::BoxFuture};
use jeroboam_model::{NodeGroupId, RequestId};
use tracing::Instrument;
use wasmtime::{Store, Trap, UpdateDeadline, WasmBacktrace};

use crate::{
    CallContext, Limits, Phase, Sources, StopReason,
    bindings::{CoeDriver, CoeDriverPre, exports::jeroboam::coe::driver::Guest},
    clock::CpuClock,
    engine::Engine,
    record::RecordedRead,
    state::{CallState, Identity},
    text,
};

/// A component that can be called: compiled, linked with what it was granted.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(crate) engine: Arc<Engine>,
    pub(crate) pre: CoeDriverPre<CallState>,
    pub(crate) identity: Identity,
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
}

/// Calls one export.
pub(crate) trait Export<T>:
    for<'a> FnOnce(&'a Guest, &'a mut Store<CallState>) -> BoxFuture<'a, wasmtime::Result<T>> + Send
{
}

impl<T, F> Export<T> for F where
    F: for<'a> FnOnce(&'a Guest, &'a mut Store<CallState>) -> BoxFuture<'a, wasmtime::Result<T>> + Send
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
    /// Makes the call. Dropping the future ends it.
    pub(crate) async fn call<T: Send>(&self, call: Call, export: impl Export<T>) -> Result<Ended<T>, StopReason> {
        let span = tracing::info_span!(
            "driver_call",
            driver = %self.identity.name,
            version = %self.identity.version,
            function = call.phase.as_str(),
            request_id = %call.request_id,
        );
        let wall = call.wall;
        let guarded = AssertUnwindSafe(self.run(call, export)).catch_unwind();
        match tokio::time::timeout(wall, guarded).instrument(span).await {
            Err(_) => Err(StopReason::WallTime),
            Ok(Err(_)) => Err(StopReason::Trap("the engine panicked; the host's log says where".to_owned())),
            Ok(Ok(ended)) => ended,
        }
    }

    async fn run<T: Send>(&self, call: Call, export: impl Export<T>) -> Result<Ended<T>, StopReason> {
        // The pool never closes.
        let _place = self.engine.places.acquire().await.map_err(|_| StopReason::WallTime)?;
        let _ticking = self.engine.ticking();
        let limits = &self.engine.limits;
        let clock = Arc::new(CpuClock::default());
        let mut state = CallState::new(self.identity.clone(), call.phase, call.request_id, call.sources, limits, call.wall);
        state.groups = call.groups;

        let mut store = Store::new(&self.engine.wasm, state);
        // Before the instance is made: that runs code of the guest's already.
        bound(&mut store, limits, Arc::clone(&clock));
        let result = clock
            .measure(async {
                let instance: CoeDriver = self.pre.instantiate_async(&mut store).await?;
                export(instance.jeroboam_coe_driver(), &mut store).await
            })
            .await;

        let state = store.into_data();
        if let Some(tape) = &state.sources.tape {
            tape.used(clock.elapsed(), state.meter.memory());
        }
        let dropped = state.meter.log_lines_dropped();
        if dropped > 0 {
            tracing::warn!(target: "jeroboam::driver", dropped, "the driver wrote more lines than it may");
        }
        match result {
            Ok(answer) => Ok(Ended { answer, reads: state.reads }),
            Err(error) => Err(reason(&error, state.last_words)),
        }
    }
}

fn bound(store: &mut Store<CallState>, limits: &Limits, clock: Arc<CpuClock>) {
    store.limiter(|state| &mut state.meter);
    store.set_hostcall_fuel(limits.result_bytes);
    store.set_epoch_deadline(1);
    let budget = limits.cpu;
    store.epoch_deadline_callback(move |_| {
        if clock.elapsed() > budget { Err(wasmtime::Error::new(StopReason::CpuTime)) } else { Ok(UpdateDeadline::Yield(1)) }
    });
}

/// The engine's words for an answer or an argument that is too large. It has no type for this.
const TOO_LARGE: &str = "fuel allocated for hostcalls has been exhausted";

fn reason(error: &wasmtime::Error, last_words: Option<String>) -> StopReason {
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
        None => StopReason::Trap(text::message(&error.root_cause().to_string())),
    }
}

//! The engine that all drivers share, and the thread that keeps its time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::sync::Semaphore;
use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::{
    EngineError, Limits,
    limits::Limit,
    metrics::{DriverMetrics, Series},
    turns::Turns,
};

/// How often a computing guest is looked at: it yields to other tasks, and its budget is compared.
const TICK: Duration = Duration::from_millis(1);

/// Address space of each memory: with 4 GiB, generated code needs no bounds checks.
const RESERVATION: u64 = 4 << 30;

/// What a memory with 32-bit addresses can grow to.
const MEMORY_MAX: usize = 4 << 30;

/// Memories of one component. Rust has one; an interpreter has its own, and those of the stubs that it was linked with. All count together against
/// the limit of a call.
const MEMORIES: u32 = 4;

/// Machine stack of a guest, in bytes.
const STACK: usize = 512 << 10;

pub(crate) struct Engine {
    pub(crate) wasm: wasmtime::Engine,
    pub(crate) limits: Arc<Limits>,
    /// One permit for each place in the pool.
    pub(crate) places: Arc<Semaphore>,
    pub(crate) turns: Turns,
    pub(crate) metrics: DriverMetrics,
    /// What components are counted under that have not said yet who they are.
    pub(crate) unidentified: Arc<Series>,
    ticker: Ticker,
}

/// Advances the engine's epoch while there are calls, and sleeps otherwise.
struct Ticker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    calls: AtomicUsize,
    stop: AtomicBool,
}

/// While it lives, time passes for guests.
pub(crate) struct Ticking<'a>(&'a Shared);

impl Engine {
    pub(crate) fn new(limits: Limits, metrics: DriverMetrics) -> Result<Self, EngineError> {
        let places = Arc::new(Semaphore::new(limits.concurrent_calls as usize));
        let wasm = match wasmtime::Engine::new(&config(&limits, true)) {
            Ok(engine) => engine,
            Err(error) => {
                tracing::warn!("drivers run without a pool of instances, because its address space is not to be had: {error:#}");
                let engine = wasmtime::Engine::new(&config(&limits, false));
                engine.map_err(|error| EngineError::Engine(error.into_boxed_dyn_error()))?
            }
        };
        let ticker = Ticker::start(wasm.clone()).map_err(EngineError::Thread)?;
        metrics.table().pool_places.only().set(limits.concurrent_calls.into());
        let unidentified = metrics.unidentified();
        Ok(Self { wasm, limits: Arc::new(limits), places, turns: Turns::new(), metrics, unidentified, ticker })
    }

    /// Places that one driver can have at the same time: whatever it does, others find one.
    pub(crate) fn share(&self) -> Arc<Semaphore> {
        Arc::new(Semaphore::new(self.limits.concurrent_calls.min(self.limits.concurrent_calls_of_one).max(1) as usize))
    }

    pub(crate) fn ticking(&self) -> Ticking<'_> {
        self.ticker.ticking()
    }
}

fn config(limits: &Limits, pooled: bool) -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .concurrency_support(false)
        .epoch_interruption(!limits.unlimited)
        .memory_reservation(RESERVATION)
        .max_wasm_stack(STACK)
        .async_stack_size(2 * STACK)
        .wasm_backtrace_max_frames(std::num::NonZeroUsize::new(16))
        .parallel_compilation(true);
    if pooled {
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits)));
    }
    config
}

/// Room for as many calls as there may be, each with as many parts as a component may have.
fn pool(limits: &Limits) -> PoolingAllocationConfig {
    let calls = limits.concurrent_calls;
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(calls)
        .total_stacks(calls)
        .total_core_instances(calls.saturating_mul(limits.parts))
        .total_memories(calls.saturating_mul(MEMORIES))
        .total_tables(calls.saturating_mul(4))
        .max_core_instances_per_component(limits.parts)
        .max_memories_per_component(MEMORIES)
        .max_tables_per_component(4)
        .max_memory_size(limits.memory.saturating_mul(limits.slack(Limit::Memory) as usize).min(MEMORY_MAX))
        .table_elements(limits.table_elements.saturating_mul(limits.slack(Limit::Tables) as usize))
        .linear_memory_keep_resident(256 << 10)
        .table_keep_resident(64 << 10)
        .pagemap_scan(Enabled::Auto);
    pool
}

impl Ticker {
    fn start(engine: wasmtime::Engine) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let own = Arc::clone(&shared);
        let thread = thread::Builder::new().name("driver-time".to_owned()).spawn(move || {
            while !own.stop.load(Ordering::Acquire) {
                if own.calls.load(Ordering::Acquire) == 0 {
                    thread::park();
                } else {
                    thread::sleep(TICK);
                    engine.increment_epoch();
                }
            }
        })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    fn ticking(&self) -> Ticking<'_> {
        if self.shared.calls.fetch_add(1, Ordering::AcqRel) == 0 {
            self.wake();
        }
        Ticking(&self.shared)
    }

    fn wake(&self) {
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }
}

impl Drop for Ticking<'_> {
    fn drop(&mut self) {
        self.0.calls.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        self.wake();
        if let Some(thread) = self.thread.take() {
            // It ends within a tick; a panic in it would have nothing to say.
            _ = thread.join();
        }
    }
}

//! The series of one version, resolved once: what happens at each call is a few atomics.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    fmt,
    ops::Deref,
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak, atomic::AtomicU64},
    time::{Duration, Instant},
};

use jeroboam_model::driver::Digest;
use jeroboam_telemetry::metrics::{Counter, Gauge, Histogram};

use super::{DriverMetrics, Table, Version};
use crate::{DriverError, Interface, Loading, Phase, Purpose, StopReason};

/// What is counted of one component, for one purpose. The series go away with the last who holds this.
pub(crate) struct Series {
    metrics: DriverMetrics,
    of: Version,
    in_flight: Gauge,
    memory: Histogram,
    dropped: Counter,
    /// By the place in [`Phase::ALL`]; made by the first call.
    functions: [OnceLock<Function>; Phase::ALL.len()],
    /// By the place in [`Interface::ALL`]; made by the first use.
    interfaces: [OnceLock<Used>; Interface::ALL.len()],
    /// Whether the series stay when nobody holds this.
    lasting: bool,
    /// What seldom happens, so far.
    rare: Mutex<BTreeSet<Rare>>,
    /// Of the same component, for other purposes: they stay for as long as it is loaded.
    kept: Mutex<Vec<Arc<Series>>>,
}

/// The series of a component that can be called. Those who load it share them.
pub(crate) struct Counted {
    series: Arc<Series>,
    digest: Digest,
    is_loaded: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rare {
    Stop { function: &'static str, reason: &'static str },
    Refusal { function: &'static str, error: &'static str },
    BadAnswer { function: &'static str },
    Passed { limit: &'static str },
}

struct Function {
    calls: Counter,
    seconds: Histogram,
    cpu: Histogram,
}

struct Used {
    calls: Counter,
    bytes: Counter,
    seconds: Counter<f64, AtomicU64>,
}

/// A call under way.
pub(crate) struct InFlight<'a> {
    series: &'a Series,
    phase: Phase,
    began: Instant,
}

/// A call that waits for its place in the pool, and then has it.
pub(crate) struct Occupancy {
    waiting: Gauge,
    in_use: Gauge,
    has: bool,
}

impl DriverMetrics {
    /// The series of a component's calls for clusters; the same for all who ask while somebody holds it.
    pub(crate) fn series(&self, driver: &str, version: &str, digest: &Digest) -> Arc<Series> {
        let (driver, version, digest) = (driver.into(), version.into(), digest.short().into());
        self.make(Version { driver, version, digest, purpose: Purpose::Serve }, false)
    }

    /// The series of components that have not said yet who they are. They stay, since most that is counted there is of components that never will.
    pub(crate) fn unidentified(&self) -> Arc<Series> {
        let (driver, nothing) = ("unidentified".into(), Arc::<str>::from(""));
        self.make(Version { driver, version: Arc::clone(&nothing), digest: nothing, purpose: Purpose::Check }, true)
    }

    fn make(&self, of: Version, lasting: bool) -> Arc<Series> {
        let mut live = self.0.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(series) = live.get(&of).and_then(Weak::upgrade) {
            return series;
        }
        let table = self.table();
        let series = Arc::new(Series {
            in_flight: table.in_flight.of(of.all()),
            memory: table.memory_bytes.of(of.all()),
            dropped: table.log_lines_dropped.of(of.all()),
            functions: Default::default(),
            interfaces: Default::default(),
            lasting,
            rare: Mutex::default(),
            kept: Mutex::default(),
            metrics: self.clone(),
            of: of.clone(),
        });
        live.insert(of, Arc::downgrade(&series));
        series
    }
}

impl Counted {
    /// It can be called, after so long.
    pub(crate) fn loaded(series: Arc<Series>, digest: Digest, loading: Loading) -> Self {
        let counted = Self { series, digest, is_loaded: true };
        counted.gauge().inc();
        counted.table().compile_seconds.of(counted.of.component()).set(loading.compile.unwrap_or_default().as_secs_f64());
        counted.table().load_seconds.of(counted.of.component()).set(loading.link.as_secs_f64());
        counted
    }

    /// Before it has said who it is.
    pub(crate) fn unidentified(series: &Arc<Series>, digest: Digest) -> Self {
        Self { series: Arc::clone(series), digest, is_loaded: false }
    }

    /// Of the component.
    pub(crate) fn digest(&self) -> Digest {
        self.digest
    }

    /// For calls of the same component that are counted apart. What was counted stays for as long as this.
    pub(crate) fn apart(&self, purpose: Purpose) -> Self {
        let series = self.metrics.make(Version { purpose, ..self.of.clone() }, false);
        if self.of.purpose == Purpose::Serve && purpose != Purpose::Serve {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if !kept.iter().any(|known| Arc::ptr_eq(known, &series)) {
                kept.push(Arc::clone(&series));
            }
        }
        Self { series, digest: self.digest, is_loaded: false }
    }

    fn gauge(&self) -> Gauge {
        self.table().loaded.of(self.of.component())
    }
}

impl Deref for Counted {
    type Target = Series;

    fn deref(&self) -> &Series {
        &self.series
    }
}

impl fmt::Debug for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Counted({} {})", self.of.driver, self.of.version)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if self.is_loaded && self.gauge().dec() <= 1 {
            self.table().loaded.forget(self.of.component());
        }
    }
}

impl Series {
    fn table(&self) -> &Table {
        self.metrics.table()
    }

    /// Until the answer is dropped, a call is under way.
    pub(crate) fn begin(&self, phase: Phase) -> InFlight<'_> {
        self.in_flight.inc();
        InFlight { series: self, phase, began: Instant::now() }
    }

    pub(crate) fn stopped(&self, phase: Phase, reason: &StopReason) {
        self.rare(Rare::Stop { function: phase.as_str(), reason: reason.as_str() });
    }

    pub(crate) fn refused(&self, phase: Phase, error: &DriverError) {
        self.rare(Rare::Refusal { function: phase.as_str(), error: error.kind() });
    }

    pub(crate) fn answered_badly(&self, phase: Phase) {
        self.rare(Rare::BadAnswer { function: phase.as_str() });
    }

    /// A call went over a limit that is only reported.
    pub(crate) fn passed(&self, limit: &'static str) {
        self.rare(Rare::Passed { limit });
    }

    fn rare(&self, what: Rare) {
        self.rare.lock().unwrap_or_else(PoisonError::into_inner).insert(what);
        let table = self.table();
        let counter = match what {
            Rare::Stop { function, reason } => table.stops.of(self.of.with([function, reason])),
            Rare::Refusal { function, error } => table.refusals.of(self.of.with([function, error])),
            Rare::BadAnswer { function } => table.bad_answers.of(self.of.and(function)),
            Rare::Passed { limit } => table.limits_passed.of(self.of.and(limit)),
        };
        counter.inc();
    }

    /// What a call has used up.
    pub(crate) fn used(&self, phase: Phase, cpu: Duration, memory: usize) {
        self.function(phase).cpu.observe(cpu.as_secs_f64());
        #[expect(clippy::cast_precision_loss, reason = "memory has fewer bytes than a float has digits")]
        self.memory.observe(memory as f64);
    }

    /// Lines that a call was not let write.
    pub(crate) fn dropped(&self, lines: u32) {
        self.dropped.inc_by(lines.into());
    }

    pub(crate) fn host_calls(&self, interface: Interface, calls: u32, bytes: u64) {
        let used = self.interface(interface);
        used.calls.inc_by(calls.into());
        used.bytes.inc_by(bytes);
    }

    /// How long the host took over one answer.
    pub(crate) fn host_call_took(&self, interface: Interface, time: Duration) {
        self.interface(interface).seconds.inc_by(time.as_secs_f64());
    }

    fn function(&self, phase: Phase) -> &Function {
        let make = || {
            let of = || self.of.and(phase.as_str());
            let table = self.table();
            Function { calls: table.calls.of(of()), seconds: table.call_seconds.of(of()), cpu: table.cpu_seconds.of(of()) }
        };
        slot(&self.functions, phase as usize).get_or_init(make)
    }

    fn interface(&self, interface: Interface) -> &Used {
        let make = || {
            let of = || self.of.and(interface.as_str());
            let table = self.table();
            Used {
                calls: table.host_calls.of(of()),
                bytes: table.host_call_bytes.of(of()),
                seconds: table.host_call_seconds.of(of()),
            }
        };
        slot(&self.interfaces, interface as usize).get_or_init(make)
    }
}

/// Nobody can call the version any more: it is forgotten.
impl Drop for Series {
    fn drop(&mut self) {
        let mut live = self.metrics.0.live.lock().unwrap_or_else(PoisonError::into_inner);
        if live.get(&self.of).is_some_and(|other| other.strong_count() > 0) {
            // It was loaded again meanwhile, and counts on.
            return;
        }
        live.remove(&self.of);
        if self.lasting {
            return;
        }
        let (of, table) = (&self.of, self.metrics.table());
        table.in_flight.forget(of.all());
        table.memory_bytes.forget(of.all());
        table.log_lines_dropped.forget(of.all());
        if of.purpose == Purpose::Serve {
            table.compile_seconds.forget(of.component());
            table.load_seconds.forget(of.component());
        }
        for phase in Phase::ALL {
            table.calls.forget(of.and(phase.as_str()));
            table.call_seconds.forget(of.and(phase.as_str()));
            table.cpu_seconds.forget(of.and(phase.as_str()));
        }
        for interface in Interface::ALL {
            table.host_calls.forget(of.and(interface.as_str()));
            table.host_call_seconds.forget(of.and(interface.as_str()));
            table.host_call_bytes.forget(of.and(interface.as_str()));
        }
        for rare in std::mem::take(self.rare.get_mut().unwrap_or_else(PoisonError::into_inner)) {
            match rare {
                Rare::Stop { function, reason } => table.stops.forget(of.with([function, reason])),
                Rare::Refusal { function, error } => table.refusals.forget(of.with([function, error])),
                Rare::BadAnswer { function } => table.bad_answers.forget(of.and(function)),
                Rare::Passed { limit } => table.limits_passed.forget(of.and(limit)),
            }
        }
    }
}

/// The arrays have a place for each.
#[expect(clippy::indexing_slicing, reason = "an enum's places, and an array as long as the list of them")]
fn slot<T>(slots: &[T], place: usize) -> &T {
    &slots[place]
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.series.in_flight.dec();
        let function = self.series.function(self.phase);
        function.calls.inc();
        function.seconds.observe(self.began.elapsed().as_secs_f64());
    }
}

impl Occupancy {
    pub(crate) fn wanted(metrics: &DriverMetrics) -> Self {
        let table = metrics.table();
        let place = Self { waiting: table.pool_waiting.only(), in_use: table.pool_places_in_use.only(), has: false };
        place.waiting.inc();
        place
    }

    pub(crate) fn taken(&mut self) {
        self.waiting.dec();
        self.in_use.inc();
        self.has = true;
    }
}

impl Drop for Occupancy {
    fn drop(&mut self) {
        if self.has {
            self.in_use.dec()
        } else {
            self.waiting.dec()
        };
    }
}

impl Version {
    /// Of the component, whatever its calls are for.
    fn component(&self) -> [Cow<'static, str>; 3] {
        [self.driver.to_string().into(), self.version.to_string().into(), self.digest.to_string().into()]
    }

    fn all(&self) -> [Cow<'static, str>; 4] {
        let [driver, version, digest] = self.component();
        [driver, version, digest, self.purpose.as_str().into()]
    }

    fn and(&self, value: &'static str) -> [Cow<'static, str>; 5] {
        let [driver, version, digest, purpose] = self.all();
        [driver, version, digest, purpose, value.into()]
    }

    fn with(&self, values: [&'static str; 2]) -> [Cow<'static, str>; 6] {
        let ([driver, version, digest, purpose], [first, second]) = (self.all(), values);
        [driver, version, digest, purpose, first.into(), second.into()]
    }
}

//! What drivers do, counted by driver and version.
//!
//! A series exists for as long as its version is loaded, and its labels are those of the loaded record: a guest can neither make a series nor name one.
//! Calls for clusters, calls of a check and calls of a plan are counted apart; see [`Purpose`]. What a component does before it has said who it is counts as
//! `unidentified`.
//! All that happens at each call is resolved when the version is loaded; see [`Series`].

mod series;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, Weak},
};

use jeroboam_telemetry::{
    Registry,
    metrics::{Amounts, Counters, Gauges, GaugesInSeconds, SecondCounters, Times},
};

use crate::Purpose;

pub(crate) use series::{Counted, Occupancy, Series};

jeroboam_telemetry::metrics! {
    /// The table. Functions and interfaces are the contract's.
    pub struct Table {
        calls: Counters<5> = "jeroboam_driver_calls", ["driver", "version", "digest", "purpose", "function"],
            "Calls of a driver's functions that have ended, however they did. Purposes: serve (for clusters), check, plan.";
        stops: Counters<6> = "jeroboam_driver_stops", ["driver", "version", "digest", "purpose", "function", "reason"],
            "Calls that the host ended. Reasons: cpu-time, wall-time, memory, stack, host-calls, host-bytes, result-size, out-of-phase, trap, no-place.";
        refusals: Counters<6> = "jeroboam_driver_refusals", ["driver", "version", "digest", "purpose", "function", "error"],
            "Calls that the driver answered with an error. Errors: invalid, unsupported, not-found, conflict, denied, quota, unavailable, internal, other.";
        bad_answers: Counters<5> = "jeroboam_driver_bad_answers", ["driver", "version", "digest", "purpose", "function"],
            "Answers that break the contract.";
        limits_passed: Counters<5> = "jeroboam_driver_limits_passed", ["driver", "version", "digest", "purpose", "limit"],
            "Calls that went over a limit which is only reported. Limits: those of [drivers] report_only.";
        call_seconds: Times<5> = "jeroboam_driver_call_seconds", ["driver", "version", "digest", "purpose", "function"],
            "How long calls took, waiting for the cloud and for a place in the pool included.";
        cpu_seconds: Times<5> = "jeroboam_driver_call_cpu_seconds", ["driver", "version", "digest", "purpose", "function"],
            "Processor time of calls, that of making the instance included.";
        memory_bytes: Amounts<4> = "jeroboam_driver_call_memory_bytes", ["driver", "version", "digest", "purpose"],
            "The most linear memory that a call had.";
        in_flight: Gauges<4> = "jeroboam_driver_calls_in_flight", ["driver", "version", "digest", "purpose"],
            "Calls that have begun and not ended.";
        host_calls: Counters<5> = "jeroboam_driver_host_calls", ["driver", "version", "digest", "purpose", "interface"],
            "Calls of the host by drivers.";
        host_call_seconds: SecondCounters<5> = "jeroboam_driver_host_call_seconds", ["driver", "version", "digest", "purpose", "interface"],
            "Time that the host took to answer drivers.";
        host_call_bytes: Counters<5> = "jeroboam_driver_host_call_bytes", ["driver", "version", "digest", "purpose", "interface"],
            "Bytes exchanged in calls of the host, both ways.";
        log_lines_dropped: Counters<4> = "jeroboam_driver_log_lines_dropped", ["driver", "version", "digest", "purpose"],
            "Lines beyond those that a call may write to the log.";
        loaded: Gauges<3> = "jeroboam_driver_loaded", ["driver", "version", "digest"],
            "1 for each component that can be called. Here and elsewhere, digest is the first 12 digits.";
        compile_seconds: GaugesInSeconds<3> = "jeroboam_driver_compile_seconds", ["driver", "version", "digest"],
            "How long it took to compile the version when it was last loaded; 0 if its code was in the cache.";
        load_seconds: GaugesInSeconds<3> = "jeroboam_driver_load_seconds", ["driver", "version", "digest"],
            "How long it took to link the version, to instantiate it once and to let it describe itself, when it was last loaded.";
        load_failures: Counters<1> = "jeroboam_driver_load_failures", ["reason"],
            "Components that could not be loaded. Reasons: too-large, component, not-granted, compile, link, describe, description, host.";
        pool_places: Gauges<0> = "jeroboam_driver_pool_places", [],
            "Calls that there is room for at the same time.";
        pool_places_in_use: Gauges<0> = "jeroboam_driver_pool_places_in_use", [],
            "Calls that have a place.";
        pool_waiting: Gauges<0> = "jeroboam_driver_pool_waiting", [],
            "Calls that wait for a place.";
    }
}

/// The metrics of all drivers. Clones count into the same series.
#[derive(Clone, Debug, Default)]
pub struct DriverMetrics(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    table: Table,
    live: Mutex<HashMap<Version, Weak<Series>>>,
}

/// Whose series they are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Version {
    driver: Arc<str>,
    version: Arc<str>,
    /// The beginning of it. Components that say of themselves that they are the same version are told apart by it.
    digest: Arc<str>,
    purpose: Purpose,
}

impl DriverMetrics {
    pub const ABOUT: &'static [jeroboam_telemetry::About] = Table::ABOUT;

    /// Shows them to whoever scrapes.
    pub fn register(&self, registry: &Registry) {
        self.0.table.register(registry);
    }

    pub(crate) fn table(&self) -> &Table {
        &self.0.table
    }
}

//! Kinds of metrics: what is kept of what is observed.

use std::sync::atomic::AtomicU64;

use prometheus_client::{
    encoding::EncodeMetric,
    metrics::{TypedMetric, counter::Counter, gauge::Gauge, histogram::Histogram},
};

/// What is kept, and as which OpenMetrics type it is shown.
pub trait Kind: Send + Sync + 'static {
    type Metric: EncodeMetric + TypedMetric + Clone + std::fmt::Debug + Send + Sync + 'static;
    /// As in the exposition: `counter`, `gauge`, `histogram`.
    const TYPE: &'static str;
    fn make() -> Self::Metric;
}

/// Events.
#[derive(Clone, Copy, Debug)]
pub enum Count {}
/// Time, added up.
#[derive(Clone, Copy, Debug)]
pub enum Seconds {}
/// How many there are now.
#[derive(Clone, Copy, Debug)]
pub enum Level {}
/// How long something took last.
#[derive(Clone, Copy, Debug)]
pub enum SecondsNow {}
/// How long things take that a client or a guest waits for: 50 µs to a minute.
#[derive(Clone, Copy, Debug)]
pub enum Time {}
/// How long things take that people wait for: a second to two hours.
#[derive(Clone, Copy, Debug)]
pub enum LongTime {}
/// Bytes of memory: 256 KiB to 256 MiB.
#[derive(Clone, Copy, Debug)]
pub enum Amount {}

const TIMES: [f64; 13] = [0.000_05, 0.000_2, 0.000_5, 0.001, 0.002_5, 0.01, 0.025, 0.1, 0.5, 2.0, 10.0, 30.0, 60.0];
const LONG_TIMES: [f64; 11] = [1.0, 5.0, 15.0, 30.0, 60.0, 180.0, 300.0, 600.0, 1200.0, 3600.0, 7200.0];
const AMOUNTS: [f64; 8] =
    [262_144.0, 1_048_576.0, 4_194_304.0, 8_388_608.0, 16_777_216.0, 33_554_432.0, 67_108_864.0, 268_435_456.0];

impl Kind for Count {
    type Metric = Counter;
    const TYPE: &'static str = "counter";
    fn make() -> Counter {
        Counter::default()
    }
}

impl Kind for Seconds {
    type Metric = Counter<f64, AtomicU64>;
    const TYPE: &'static str = "counter";
    fn make() -> Self::Metric {
        Counter::default()
    }
}

impl Kind for Level {
    type Metric = Gauge;
    const TYPE: &'static str = "gauge";
    fn make() -> Gauge {
        Gauge::default()
    }
}

impl Kind for SecondsNow {
    type Metric = Gauge<f64, AtomicU64>;
    const TYPE: &'static str = "gauge";
    fn make() -> Self::Metric {
        Gauge::default()
    }
}

impl Kind for Time {
    type Metric = Histogram;
    const TYPE: &'static str = "histogram";
    fn make() -> Histogram {
        Histogram::new(TIMES)
    }
}

impl Kind for LongTime {
    type Metric = Histogram;
    const TYPE: &'static str = "histogram";
    fn make() -> Histogram {
        Histogram::new(LONG_TIMES)
    }
}

impl Kind for Amount {
    type Metric = Histogram;
    const TYPE: &'static str = "histogram";
    fn make() -> Histogram {
        Histogram::new(AMOUNTS)
    }
}

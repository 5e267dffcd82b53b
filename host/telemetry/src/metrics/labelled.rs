//! One metric of a table: a series for each set of label values.

use std::borrow::Cow;

use prometheus_client::metrics::family::Family;

use super::{
    kinds::{Amount, Count, Kind, Level, LongTime, Seconds, SecondsNow, Time},
    registry::Registry,
};

/// What is said of a metric in the document of all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Without what the exposition appends.
    name: &'static str,
    pub kind: &'static str,
    pub labels: &'static [&'static str],
    pub help: &'static str,
}

/// A metric with `N` labels.
#[derive(Clone)]
pub struct Labelled<K: Kind, const N: usize> {
    labels: [&'static str; N],
    family: Family<Values<N>, K::Metric, fn() -> K::Metric>,
}

type Values<const N: usize> = [(&'static str, Cow<'static, str>); N];

pub type Counters<const N: usize> = Labelled<Count, N>;
pub type SecondCounters<const N: usize> = Labelled<Seconds, N>;
pub type Gauges<const N: usize> = Labelled<Level, N>;
pub type GaugesInSeconds<const N: usize> = Labelled<SecondsNow, N>;
pub type Times<const N: usize> = Labelled<Time, N>;
pub type LongTimes<const N: usize> = Labelled<LongTime, N>;
pub type Amounts<const N: usize> = Labelled<Amount, N>;

impl<K: Kind, const N: usize> Labelled<K, N> {
    pub fn new(labels: [&'static str; N]) -> Self {
        Self { labels, family: Family::new_with_constructor(K::make) }
    }

    pub const fn about(name: &'static str, labels: &'static [&'static str], help: &'static str) -> About {
        About { name, kind: K::TYPE, labels, help }
    }

    pub fn register(&self, registry: &Registry, name: &str, help: &str) {
        if N == 0 {
            // The one series, without the braces of a family's.
            registry.add(name, help, self.of([""; N]));
        } else {
            registry.add(name, help, self.family.clone());
        }
    }

    /// The series with these values, in the order of the labels. Looking it up takes a lock: what counts often keeps what this returns.
    pub fn of<V: Into<Cow<'static, str>>>(&self, values: [V; N]) -> K::Metric {
        self.family.get_or_create_owned(&self.with(values))
    }

    /// Forgets a series.
    pub fn forget<V: Into<Cow<'static, str>>>(&self, values: [V; N]) {
        self.family.remove(&self.with(values));
    }

    fn with<V: Into<Cow<'static, str>>>(&self, values: [V; N]) -> Values<N> {
        let mut labels = self.labels.iter();
        values.map(|value| (labels.next().copied().unwrap_or_default(), value.into()))
    }
}

impl<K: Kind> Labelled<K, 0> {
    /// The one series of a metric without labels.
    pub fn only(&self) -> K::Metric {
        self.of::<&'static str>([])
    }
}

impl About {
    /// As it is scraped.
    pub fn name(&self) -> Cow<'static, str> {
        if self.kind == "counter" { format!("{}_total", self.name).into() } else { self.name.into() }
    }
}

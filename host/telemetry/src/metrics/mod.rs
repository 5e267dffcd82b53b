//! Metrics in tables: a struct with a field for each, its names, labels and meanings said once.

mod kinds;
mod labelled;
mod registry;

pub use kinds::{Amount, Count, Kind, Level, LongTime, Seconds, SecondsNow, Time};
pub use labelled::{About, Amounts, Counters, Gauges, GaugesInSeconds, Labelled, LongTimes, SecondCounters, Times};
pub use prometheus_client::metrics::{counter::Counter, gauge::Gauge, histogram::Histogram};
pub use registry::Registry;

/// Declares a table of metrics.
///
/// ```
/// use jeroboam_telemetry::{Registry, metrics::{Counters, Times}};
///
/// jeroboam_telemetry::metrics! {
///     /// What a kitchen does.
///     pub struct KitchenMetrics {
///         dishes: Counters<1> = "kitchen_dishes", ["kind"], "Dishes that left the kitchen.";
///         waits: Times<0> = "kitchen_wait_seconds", [], "How long guests waited.";
///     }
/// }
///
/// let (metrics, registry) = (KitchenMetrics::default(), Registry::default());
/// metrics.register(&registry);
/// metrics.dishes.of(["soup"]).inc();
/// assert!(registry.text().contains("kitchen_dishes_total{kind=\"soup\"} 1"));
/// ```
#[macro_export]
macro_rules! metrics {
    ($(#[$doc:meta])* pub struct $name:ident {
        $($field:ident: $type:ty = $metric:literal, [$($label:literal),*], $help:literal;)+
    }) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name {
            $(#[doc = $help] pub $field: $type,)+
        }

        impl $name {
            /// For the document of all metrics.
            pub const ABOUT: &'static [$crate::About] = &[$(<$type>::about($metric, &[$($label),*], $help)),+];

            /// Shows them to whoever scrapes.
            pub fn register(&self, registry: &$crate::Registry) {
                $(self.$field.register(registry, $metric, $help);)+
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: <$type>::new([$($label),*]),)+ }
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    };
}

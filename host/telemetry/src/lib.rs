//! What the service tells of its own work to those who run it: metrics to be scraped, and traces to be sent.
//!
//! ```text
//! store, cloud, plugins, conductor, api      each declares its table of metrics, and counts into it
//!    │  register                                │  tracing spans of the target TARGET
//! metrics::Registry ── text ──> /metrics      traces::layer ── OTLP ──> the operator's collector
//! ```
//!
//! - A metric is declared once, in a [`metrics!`] table: name, labels and meaning. The table makes the type that is counted into, and the document that
//!   operators read.
//! - A trace is made of ordinary `tracing` spans whose target is [`traces::TARGET`]. Without a collector nobody is interested in them, and they cost
//!   a comparison each. [`traces::current`] and [`traces::adopt`] carry a trace over to other processes, and over a restart of this one.
//!
//! It must not: take a label's value from a guest or a client unless somebody has bounded it; let a token, a body or a name that users chose into a
//! span; hold up the work that it tells of.

pub mod metrics;
pub mod traces;

pub use metrics::{About, Registry};

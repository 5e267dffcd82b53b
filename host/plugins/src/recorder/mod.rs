//! Whole calls, kept so that they can be made again: offline, by the component that made them or by another.
//!
//! ```text
//! Driver::define_stack ─► Tape ─ input ──────────────────────┐
//!    guest ─► interfaces ─► taped ─► Sources                 ├─► CallRecord ─► RecorderSink
//!                             └─ questions and answers ──────┤
//!    guest ─► log, result ───────────────────────────────────┘
//!
//! CallRecord ─► replay ─► the same export of any component, its questions answered from the record ─► CallRecord
//! ```
//!
//! | module | holds |
//! |---|---|
//! | `tape` | what is written down while a call goes on, under a bound |
//! | `functions` | the table of what can be asked |
//! | `taped` | sources that write down what they answer |
//! | `deck` | sources that answer from a record |
//! | `told` | values of `settings` and `coe-api` as the contract has them |
//! | [`replay`](fn@replay) | makes a call again |
//! | [`names`] | values as JSON under the contract's names |
//!
//! A record holds what went through the sandbox, and no secret goes through it. Whoever keeps records looks for the secrets that he knows all the same, with
//! [`crate::Redactor::finds`].

mod deck;
mod effects;
mod features;
mod functions;
#[path = "../../../../drivers/sdk/src/testing/names/mod.rs"]
pub mod names;
mod replay;
mod tape;
mod taped;
mod told;

pub use effects::has_effect;
pub use replay::{ReplayError, Unanswered, replay};
pub(crate) use tape::{Called, Input, Tape};

use jeroboam_model::{CallRecord, ClusterId};

/// The contract whose names records use.
pub const CONTRACT: &str = "jeroboam:coe@0.1.0";

/// Where records of calls go.
pub trait RecorderSink: Send + Sync {
    /// Whether calls of this driver, about this cluster, are to be kept now. Asked once for each call, on its way: it answers at once.
    fn wants(&self, driver: &str, cluster: Option<ClusterId>) -> bool;

    /// How large a record may be, in bytes of JSON. What does not fit is left out and named.
    fn record_bytes(&self) -> usize;

    /// Takes a record, without waiting.
    fn keep(&self, record: CallRecord);
}

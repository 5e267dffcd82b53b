//! `/v1/operations`: what is done to clusters, and was. An extension of this service's own: Magnum has nothing of the kind.
//!
//! ```text
//! table ─┬─► router ─► list, show, actions ── policy by what they find ──► store, intake
//!        └─► openapi: the document of it
//! ```
//!
//! As with drivers, the types are derived both ways, commands share them, and schemas are made from them.

mod actions;
mod list;
mod show;
mod table;

pub use list::Operations;
pub use show::{Action, Cause, Event, Operation, Person, Progress, Resource, Stacks, State, Stopping};
pub use table::document;

pub(crate) use table::{DOCUMENT, paths, routes};

//! Orchestration: a Heat that evaluates HOT.
//!
//! What flows through: a template, its files, environments and parameters arrive at `api`, are parsed once by `hot` into closed types,
//! and become a stack in `engine`, which walks the dependency graph and calls the plugins in `resources`; those reach the other services through
//! [`Services`](crate::services::Services) only. `hot` is pure. Nothing here talks to a network.
//!
//! Two things differ from a real Heat, and say so where they show: nodes do not run what they are given, so their signals are given by the
//! engine itself ("signalled by the simulated node"), and YAML is read as YAML 1.2.

pub mod api;
pub mod engine;
pub mod error;
pub mod hot;
pub mod resources;

pub use api::router;
pub use engine::Engine;
pub use error::{ErrorKind, HeatError};

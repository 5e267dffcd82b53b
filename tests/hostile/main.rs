//! The worst drivers that anyone can write. Each file in `guests/` is one: what it does, in WebAssembly text, and how the host has to end it.
//!
//! Of each, three things are shown: the call ends with the right reason; the operator's log and metrics say so, with the driver, its version, the function
//! and the request, and without secrets or anything that a terminal acts on; and a well-behaved driver beside it keeps its turn.
//!
//! `host/docs/hostile-drivers.md` is made of what was seen: `cargo xtask docs` has it written, `cargo xtask test` has it compared.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod beside;
mod case;
mod definition;
#[path = "../../host/plugins/tests/support/guest.rs"]
#[allow(dead_code, reason = "this suite uses a part of it")]
mod guest;
mod impostor;
mod list;
mod places;
mod report_only;
mod samples;
mod seen;
mod world;

/// What is measured, and what computes until it is stopped, has the machine to itself as far as this suite is concerned.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

//! The clients against a scripted cloud on loopback: HTTP out, HTTP in.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod barbican;
mod catalogue;
mod heat;
mod hostile;
mod keystone;
mod lookups;
mod refusals;
mod retries;
mod scripted;
mod secrets;
mod tls;
mod tokens;
mod traces;

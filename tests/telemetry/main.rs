//! What operators see of a daemon at work: metrics as Prometheus scrapes them, and traces as a collector receives them.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod collector;
mod metrics;
mod traces;

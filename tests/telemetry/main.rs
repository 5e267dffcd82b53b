//! What operators see of a daemon at work: metrics as Prometheus scrapes them, traces as a collector receives them, and what drivers did outside.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod audit;
mod collector;
mod metrics;
mod traces;

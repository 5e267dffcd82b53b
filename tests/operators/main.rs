//! Operators' commands as processes, against a daemon: who may, what they print and how they end, and a driver's versions swapped from install to revoke.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod access;
mod components;
mod operations;
mod operator;
mod site;
mod swap;
mod words;

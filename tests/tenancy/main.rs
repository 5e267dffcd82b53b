//! Tenancy: every route of the router, by every kind of caller, on what is its project's own, another's, and public; by the default policy and by files.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod callers;
mod commands;
mod files;
mod requests;
mod table;
mod world;

//! What every request passes before the API proper, and which version it is answered in.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod access_log;
mod cors;
mod healthcheck;
mod limits;
mod lines;
mod microversions;
mod proxies;
mod request_ids;
#[path = "../support/mod.rs"]
mod support;
mod versions;

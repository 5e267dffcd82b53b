//! The services over HTTP, as their clients see them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod addresses;
mod application_credentials;
mod compute;
mod control;
mod discovery;
mod errors;
mod images;
mod key_manager;
mod load_balancers;
mod quotas;
mod state_file;
mod support;
mod tenancy;
mod tokens;
mod trusts;
mod volumes;

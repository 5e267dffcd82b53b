//! For drivers' tests: what every definition has to satisfy, and a look into what nodes are given.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

pub mod checks;
pub mod hot;
pub mod node;

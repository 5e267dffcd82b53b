//! A cluster's life with the real `openstack` command, against `jeroboam dev`.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod certificates;
mod session;

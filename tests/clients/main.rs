//! A cluster's life with the real `openstack` command, and a bay's with the `magnum` command of its time, against `jeroboam dev`.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod bays;
mod certificates;
mod session;

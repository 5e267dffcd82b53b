//! What the end-to-end suites share: the daemon as a process, the simulated cloud beside it, the real clients.
//!
//! Suites see the product as its users do: a binary with arguments and files, HTTP, and the `openstack` command. `cargo xtask test` builds these and
//! says where they are (`JEROBOAM_BIN`, `JEROBOAM_CLIENTS`); without it the usual places are tried.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

pub mod balancer;
pub mod cloud;
pub mod cluster;
pub mod daemon;
pub mod dev;
pub mod guest;
pub mod openstack;
pub mod operator;
pub mod rollout;
pub mod site;
pub mod wait;

use std::path::{Path, PathBuf};

/// The daemon: optimised for what is measured, like this.
pub fn binary() -> anyhow::Result<PathBuf> {
    built("JEROBOAM_BIN", if cfg!(debug_assertions) { "debug/jeroboam" } else { "release/jeroboam" })
}

/// A file that the chores make, or why it is not there.
fn built(variable: &str, usual: &str) -> anyhow::Result<PathBuf> {
    let path = std::env::var_os(variable)
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target").join(usual), PathBuf::from);
    anyhow::ensure!(path.exists(), "{} is not there: run `cargo xtask test`", path.display());
    Ok(path)
}

//! Builds the drivers and the daemon, and runs `jeroboam dev` with the arguments given.

use std::{os::unix::process::CommandExt, path::PathBuf, process::Command};

use anyhow::{Context, Result};

use crate::{
    drivers,
    run::{cargo, check, target},
};

#[derive(clap::Args)]
pub struct Arguments {
    /// Arguments of `jeroboam dev`: --openrc FILE, --state DIR, --port N, --pace SECONDS.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let daemon = build(false)?;
    // In place of this process, so that signals reach the daemon.
    Err(Command::new(daemon).arg("dev").args(&arguments.rest).exec()).context("starting the daemon")
}

/// The daemon with the drivers in it.
pub fn build(release: bool) -> Result<PathBuf> {
    drivers::build()?;
    check(cargo().args(["build", "--quiet", "--package", "jeroboam-daemon"]).args(release.then_some("--release")))?;
    Ok(target().join(if release { "release" } else { "debug" }).join("jeroboam"))
}

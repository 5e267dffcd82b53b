//! `jeroboam policy`: who may do what, by the same files and options as the daemon's.

mod check;
mod list;
mod subject;

use std::io::{self, Write};

use anyhow::{Context, Result};
use jeroboam_policy::PolicyOptions;

use super::Ended;
use crate::{
    cli::{Configuration, Policy},
    settings,
};

pub fn run(command: &Policy) -> Result<Ended> {
    match command {
        Policy::List(arguments) => list::run(arguments).map(|()| Ended::Done),
        Policy::Check(arguments) => check::run(arguments),
    }
}

/// Writes to standard output. Whoever reads it may stop in the middle.
fn show(text: &str) -> Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("writing to standard output"),
    }
}

/// Without the rest of the configuration, which need not be complete for this.
fn options(files: &Configuration) -> Result<PolicyOptions> {
    Ok(settings::policy(&super::read_if_there(files)?)?)
}

//! `jeroboam policy`: who may do what, by the same files and options as the daemon's.

mod check;
mod list;
mod subject;

use anyhow::Result;
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

/// Without the rest of the configuration, which need not be complete for this.
fn options(files: &Configuration) -> Result<PolicyOptions> {
    Ok(settings::policy(&super::read_if_there(files)?)?)
}

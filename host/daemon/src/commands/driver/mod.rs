//! `jeroboam driver`: what operators do with the drivers of a daemon, and everything that an author of drivers does.
//!
//! ```text
//! new ──► project ──► build ──► component ──► check: its answers, one call at a time
//!                                         └─► test: its clusters' lives, in the simulated cloud
//! call records ──► replay: the same calls of another component, offline
//! watch = build, check, test at each change, beside `dev`
//!
//! component ──► install ──► check ──► approve ──► plan ──► activate ──► confirm          by the operator API
//!                                                            └──► move, rollback, revoke
//! ```

mod activate;
mod approve;
pub mod ask;
mod audit;
mod build;
pub mod cache;
mod call_records;
mod check;
mod confirm;
pub mod grants;
mod install;
mod list;
mod move_clusters;
mod new;
mod plan;
pub mod print;
mod project;
mod record;
mod records;
mod remove;
mod replay;
mod revoke;
mod rollback;
mod show;
mod test;
mod versions;
mod watch;

use anyhow::Result;

use super::Ended;
use crate::cli::Driver;

pub fn run(command: &Driver) -> Result<Ended> {
    let done = |()| Ended::Done;
    match command {
        Driver::List(arguments) => list::run(arguments),
        Driver::Show { driver, remote } => show::run(driver, remote),
        Driver::Install { file, name, remote } => install::run(file, name.as_deref(), remote),
        Driver::Check { what, remote } => match check::file(what) {
            Some(file) => check::run(file, remote.format).map(done),
            None => versions::check(what, remote),
        },
        Driver::Approve { version, remote } => approve::run(version, remote),
        Driver::Plan { version, preview, only, remote } => plan::run(version, *preview, only, remote),
        Driver::Activate { version, canary, remote } => activate::run(version, canary.as_ref(), remote),
        Driver::Move { driver, clusters, all: _, remote } => move_clusters::run(driver, clusters, remote),
        Driver::Confirm { driver, remote } => confirm::run(driver, remote),
        Driver::Rollback { driver, remote } => rollback::run(driver, remote),
        Driver::Revoke { version, why, remote } => revoke::run(version, why, remote),
        Driver::Remove { version, remote } => remove::run(version, remote),
        Driver::Record { driver, on, off, cluster, remote } => {
            record::run(driver, record::Wish::of(*on, *off), cluster.as_deref(), remote)
        }
        Driver::Records { driver, record: Some(record), remote, .. } => call_records::show(driver, record, remote),
        Driver::Records { driver, record: None, cluster, function, limit, remote } => {
            let which = call_records::Which { cluster: cluster.as_deref(), function: function.as_deref(), limit: *limit };
            call_records::list(driver, &which, remote)
        }
        Driver::Audit { driver, cluster, limit, remote } => audit::run(driver, cluster.as_deref(), *limit, remote),
        Driver::New { name, lang } => new::run(name, *lang).map(done),
        Driver::Build { folder } => build::run(folder).map(done),
        Driver::Test { path, only, record } => test::run(path, only.as_deref(), record.as_deref()).map(done),
        Driver::Replay { record, with, save, format } => replay::run(record, with, save.as_deref(), *format),
        Driver::Watch { folder, port, once } => watch::run(folder, *port, *once).map(done),
    }
}

//! `jeroboam driver`: what is loaded, and everything that an author of drivers does.
//!
//! ```text
//! new ──► project ──► build ──► component ──► check: its answers, one call at a time
//!                                         └─► test: its clusters' lives, in the simulated cloud
//! call records ──► replay: the same calls of another component, offline
//! watch = build, check, test at each change, beside `dev`
//! ```

mod build;
pub mod cache;
mod check;
pub mod grants;
mod list;
mod new;
mod project;
mod records;
mod replay;
mod test;
mod watch;

use anyhow::Result;

use crate::cli::Driver;

pub fn run(command: &Driver) -> Result<()> {
    match command {
        Driver::List(files) => list::run(files),
        Driver::New { name, lang } => new::run(name, *lang),
        Driver::Build { folder } => build::run(folder),
        Driver::Check { file, format } => check::run(file, *format),
        Driver::Test { path, only, record } => test::run(path, only.as_deref(), record.as_deref()),
        Driver::Replay { record, with, save, format } => replay::run(record, with, save.as_deref(), *format),
        Driver::Watch { folder, port, once } => watch::run(folder, *port, *once),
    }
}

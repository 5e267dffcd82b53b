//! `jeroboam driver`: what is loaded, and everything that an author of drivers does.
//!
//! ```text
//! new ──► project ──► build ──► component ──► check: its answers, one call at a time
//!                                         └─► test: its clusters' lives, in the simulated cloud
//! watch = build, check, test at each change, beside `dev`
//! ```

mod build;
pub mod cache;
mod check;
pub mod grants;
mod list;
mod new;
mod project;
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
        Driver::Test { path, only } => test::run(path, only.as_deref()),
        Driver::Watch { folder, port, once } => watch::run(folder, *port, *once),
    }
}

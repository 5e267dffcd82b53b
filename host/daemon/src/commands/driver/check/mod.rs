//! `jeroboam driver check`: what the host would find out about a component in production, found out at its author's desk.
//!
//! ```text
//! component ─► subject: world, imports, describe          each call in a sandbox, with every grant
//!    ├─► labels                schema against itself, and values that must be refused
//!    ├─► answers, hot          sample clusters → definitions: pure, and Heat could take them
//!    ├─► faults                each look-up that was made fails once in every way
//!    ├─► sizes                 arguments as large as they get
//!    └─► outputs, removals, deletion, features      the other functions
//! ```

mod answers;
mod deletion;
mod faults;
mod features;
mod hot;
mod labels;
mod outputs;
mod removals;
mod report;
mod samples;
mod sizes;
mod subject;
mod world;

use std::path::Path;

use anyhow::{Result, bail};

pub use report::Report;
use subject::Subject;

use crate::{cli::Format, commands};

/// The file that is meant, if it is not a version of the daemon's.
pub fn file(what: &str) -> Option<&Path> {
    let path = Path::new(what);
    (path.extension().is_some_and(|extension| extension == "wasm") || path.is_file()).then_some(path)
}

pub fn run(file: &Path, format: Format) -> Result<()> {
    let report = commands::runtime()?.block_on(check(file))?;
    match format {
        Format::Table => print!("{}", report.table()),
        Format::Json => println!("{}", serde_json::to_string_pretty(&report)?),
    }
    match report.failures() {
        0 => Ok(()),
        1 => bail!("1 thing to mend in {}", file.display()),
        count => bail!("{count} things to mend in {}", file.display()),
    }
}

/// Everything there is to check. An error is about reading the file; what is wrong with the driver is in the report.
pub async fn check(file: &Path) -> Result<Report> {
    let mut report = Report::default();
    let Some(subject) = Subject::load(file, &mut report).await? else { return Ok(report) };
    labels::check(&subject, &mut report).await;
    let defined = answers::check(&subject, &mut report).await;
    faults::check(&subject, &defined, &mut report).await;
    sizes::check(&subject, &mut report).await;
    outputs::check(&subject, &defined, &mut report).await;
    removals::check(&subject, &mut report).await;
    deletion::check(&subject, &mut report).await;
    features::check(&subject, &mut report).await;
    report.figures.define_stack_us = answers::measure(&subject, &defined).await;
    report.figures.calls = subject.calls();
    Ok(report)
}

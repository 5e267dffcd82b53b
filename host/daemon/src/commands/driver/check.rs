//! `jeroboam driver check`: what the host would find out about a component in production, found out at its author's desk.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
pub use jeroboam_driver_check::Report;
use jeroboam_plugins::{Host, Limits};

use super::cache;
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
    let bytes = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let host = Host::new(cache::compiled().as_deref(), Limits::default())?;
    Ok(jeroboam_driver_check::component(&host, &name, bytes).await)
}

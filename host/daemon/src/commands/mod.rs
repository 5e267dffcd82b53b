//! The commands, a file each.

pub mod config;
pub mod dev;
pub mod docs;
mod docs_contract;
pub mod driver;
pub mod serve;
pub mod store;

use std::fmt;

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    cli::Configuration,
    config::{self as files, Ini},
};

/// An error that the command ends with a code of its own for.
#[derive(Debug)]
pub struct Exit {
    pub code: u8,
    error: anyhow::Error,
}

impl Exit {
    pub fn because(code: u8, error: anyhow::Error) -> Self {
        Self { code, error }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Exit {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

/// Where Magnum's own configuration is, if none is named.
const DEFAULT_FILE: &str = "/etc/magnum/magnum.conf";

/// Reads the files that were named.
pub fn read(configuration: &Configuration) -> Result<Ini> {
    let named = !configuration.config_file.is_empty() || !configuration.config_dir.is_empty();
    let standard = [DEFAULT_FILE.into()];
    let paths = if named { configuration.config_file.as_slice() } else { &standard };
    files::read(paths, &configuration.config_dir).context("see `jeroboam config sample` for what can be set")
}

/// Ready at SIGTERM or SIGINT.
pub async fn told_to_end() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => tracing::info!("SIGTERM: ending"),
        _ = interrupt.recv() => tracing::info!("SIGINT: ending"),
    }
    Ok(())
}

pub fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")
}

/// Prints an error and what it came from, a line each.
pub fn complain(error: &anyhow::Error) {
    eprintln!("jeroboam: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}

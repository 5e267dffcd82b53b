//! The commands, a file each.

pub mod config;
pub mod dev;
pub mod docs;
mod docs_contract;
pub mod driver;
pub mod operation;
pub mod policy;
pub mod serve;
pub mod store;

use std::{fmt, path::Path};

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    cli::Configuration,
    client::ClientError,
    config::{self as files, Ini},
};

/// Where Magnum's own configuration is, if none is named.
pub const DEFAULT_FILE: &str = "/etc/magnum/magnum.conf";

/// How a command ended, for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Done,
    Failed,
    /// The daemon would not, or somebody has to approve first.
    Refused,
    /// A plan has clusters that would be replaced, or that fail.
    Disruptive,
    /// What was given to the command, or an argument of it, cannot be used.
    Unusable,
    /// A component asks what a record does not answer.
    Unanswered,
}

/// An error that says how the command ends.
#[derive(Debug)]
pub struct Exit {
    ended: Ended,
    error: anyhow::Error,
}

impl Exit {
    pub fn because(ended: Ended, error: anyhow::Error) -> Self {
        Self { ended, error }
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

impl Ended {
    /// What an error means.
    pub fn by(error: &anyhow::Error) -> Self {
        if let Some(exit) = error.downcast_ref::<Exit>() {
            return exit.ended;
        }
        match error.downcast_ref::<ClientError>() {
            Some(error) if error.is_refusal() => Self::Refused,
            Some(error) if error.is_misuse() => Self::Unusable,
            _ => Self::Failed,
        }
    }

    /// The exit code. 2 is for arguments that are wrong.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Refused => 3,
            Self::Unusable => 2,
            Self::Disruptive | Self::Unanswered => 4,
        }
    }
}

/// Reads the files that were named.
pub fn read(configuration: &Configuration) -> Result<Ini> {
    let named = !configuration.config_file.is_empty() || !configuration.config_dir.is_empty();
    let standard = [DEFAULT_FILE.into()];
    let paths = if named { configuration.config_file.as_slice() } else { &standard };
    files::read(paths, &configuration.config_dir).context("see `jeroboam config sample` for what can be set")
}

/// The same, where the standard file need not be there.
pub fn read_if_there(configuration: &Configuration) -> Result<Ini> {
    let named = !configuration.config_file.is_empty() || !configuration.config_dir.is_empty();
    if named || Path::new(DEFAULT_FILE).exists() { read(configuration) } else { Ok(files::read(&[], &[])?) }
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

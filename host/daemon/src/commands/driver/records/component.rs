//! A component loaded for an author: everything that it asks for is granted.

use std::{borrow::Cow, fs, path::Path};

use anyhow::{Context, Result, bail};
use jeroboam_plugins::{Bundled, Driver, DriverState, Grant, Grants, Interface, Plugins, PluginsConfig};

use crate::commands::driver::cache;

pub async fn load(file: &Path) -> Result<Driver> {
    let bytes = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let everything = Interface::ALL.iter().copied().map(Grant::Interface).chain([Grant::CaKey]).collect();
    let file_name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let config = PluginsConfig {
        bundled: vec![Bundled { file_name, bytes: Cow::Owned(bytes) }],
        grants: Grants { bundled: everything, ..Grants::default() },
        cache_dir: cache::compiled(),
        ..PluginsConfig::default()
    };
    let plugins = Plugins::start(config).await?;
    let record = plugins.records().into_iter().next().context("the component was looked at")?;
    match record.state {
        DriverState::Active => plugins.by_name(&record.name).context("a driver that serves has its name"),
        DriverState::Failed(reason) => {
            bail!("{} is not loaded: {reason}; `jeroboam driver check {}` says more", file.display(), file.display())
        }
    }
}

//! `jeroboam driver`: what is loaded, and whether a component could be.

use std::{borrow::Cow, fs, path::Path};

use anyhow::{Context, Result, bail};
use jeroboam_model::driver::{Description, DriverOrigin, DriverRecord, DriverState};
use jeroboam_plugins::{Bundled, Grants, Plugins, PluginsConfig};

use crate::{cli::Driver, settings::Settings, wiring};

pub fn run(command: &Driver) -> Result<()> {
    match command {
        Driver::List(files) => list(&Settings::read(&super::read(files)?)?),
        Driver::Check { file } => check(file),
    }
}

fn list(settings: &Settings) -> Result<()> {
    let plugins = super::runtime()?.block_on(wiring::load_drivers(&settings.drivers))?;
    println!("{:<24} {:<10} {:<14} {:<20} CLUSTER TYPES", "NAME", "VERSION", "DIGEST", "FROM");
    for record in plugins.records() {
        let DriverRecord { name, version, digest, origin, state, description, .. } = &record;
        let from = match origin {
            DriverOrigin::Bundled => "bundled",
            DriverOrigin::Directory(file) => file.as_str(),
        };
        let told = match (state, description) {
            (DriverState::Failed(reason), _) => format!("not loaded: {reason}"),
            (DriverState::Active, description) => description.as_ref().map(types).unwrap_or_default(),
        };
        let version = version.as_deref().unwrap_or("-");
        println!("{name:<24} {version:<10} {:<14} {from:<20} {told}", digest.get(..12).unwrap_or(digest));
    }
    Ok(())
}

fn check(file: &Path) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let file_name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let grants = Grants::default();
    let config = PluginsConfig {
        bundled: vec![Bundled { file_name, bytes: Cow::Owned(bytes) }],
        // It will be a file in the drivers directory, and must not pass here by the rights of those in the binary.
        grants: Grants { bundled: grants.directory.clone(), ..grants },
        ..PluginsConfig::default()
    };
    let plugins = super::runtime()?.block_on(Plugins::start(config))?;
    let record = plugins.records().into_iter().next().context("the component was looked at")?;
    if let DriverState::Failed(reason) = record.state {
        bail!("{reason}");
    }
    let description = record.description.context("a driver that serves has described itself")?;
    println!("{} {}: {}", description.name, description.version, description.summary);
    println!("cluster types: {}", types(&description));
    println!("labels: {}", description.labels.len());
    for capability in &description.capabilities {
        println!("asks for {}: {}", capability.name, capability.reason);
    }
    println!("sha256: {}", record.digest);
    Ok(())
}

fn types(description: &Description) -> String {
    description.cluster_types.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

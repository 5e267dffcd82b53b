//! `jeroboam driver list`: what the configuration loads.

use anyhow::Result;
use jeroboam_model::driver::{Description, Origin};
use jeroboam_plugins::{DriverRecord, DriverState};

use crate::{cli::Configuration, commands, settings::Settings, wiring};

pub fn run(files: &Configuration) -> Result<()> {
    let settings = Settings::read(&commands::read(files)?)?;
    let plugins = commands::runtime()?.block_on(wiring::load_drivers(&settings.drivers))?;
    println!("{:<24} {:<10} {:<14} {:<20} CLUSTER TYPES", "NAME", "VERSION", "DIGEST", "FROM");
    for record in plugins.records() {
        let DriverRecord { name, version, digest, origin, state, description, .. } = &record;
        let from = match origin {
            Origin::Bundled => "bundled",
            Origin::Directory(file) => file.as_str(),
            Origin::Installed => "installed",
        };
        let told = match (state, description) {
            (DriverState::Failed(reason), _) => format!("not loaded: {reason}"),
            (DriverState::Active, description) => description.as_ref().map(types).unwrap_or_default(),
        };
        let version = version.as_deref().unwrap_or("-");
        let digest = digest.map(|digest| digest.short()).unwrap_or_default();
        println!("{name:<24} {version:<10} {digest:<14} {from:<20} {told}");
    }
    Ok(())
}

/// The cluster types of a driver, in a line.
pub fn types(description: &Description) -> String {
    description.cluster_types.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

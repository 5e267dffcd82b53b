//! `jeroboam driver list`: the drivers of the daemon; or those that a configuration would load, without a daemon.

use anyhow::Result;
use jeroboam_api::operator::{Drivers, Version};
use jeroboam_model::driver::{Description, Origin};
use jeroboam_plugins::{DriverRecord, DriverState};

use super::{ask::ask, print, show};
use crate::{
    cli::{Configuration, DriverList, Format},
    commands::{self, Ended},
    settings::Settings,
    wiring,
};

pub fn run(arguments: &DriverList) -> Result<Ended> {
    let local = &arguments.local;
    if !local.config_file.is_empty() || !local.config_dir.is_empty() {
        return configured(local).map(|()| Ended::Done);
    }
    ask(&arguments.remote.connection, async |client| {
        let drivers: Drivers = client.get(&["drivers"], &[]).await?;
        match arguments.remote.format {
            Format::Json => print::json(&drivers)?,
            Format::Table => tell(&drivers),
        }
        Ok(Ended::Done)
    })
}

fn tell(drivers: &Drivers) {
    let mut table = print::table(&["driver", "version", "digest", "state", "clusters", "calls", "from", "cluster types"]);
    for version in drivers.drivers.iter().flat_map(|driver| &driver.versions) {
        table.add_row([
            version.name.clone(),
            version.version.clone().unwrap_or_else(|| "-".to_owned()),
            print::short(&version.digest).to_owned(),
            show::state(version),
            version.in_use.clusters.to_string(),
            version.in_use.calls.to_string(),
            from(version),
            version.reason.as_ref().map_or_else(|| version.cluster_types.join(" "), |reason| reason.operator.clone()),
        ]);
    }
    print::say(&table);
}

fn from(version: &Version) -> String {
    version.file.clone().unwrap_or_else(|| print::word(version.origin))
}

fn configured(files: &Configuration) -> Result<()> {
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

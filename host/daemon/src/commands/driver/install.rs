//! `jeroboam driver install`: a component becomes a version, and is checked.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use jeroboam_api::operator::Version;

use super::{ask::ask, print, versions};
use crate::{cli::Remote, commands::Ended};

pub fn run(file: &Path, name: Option<&str>, remote: &Remote) -> Result<Ended> {
    let component = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let name = name.unwrap_or_else(|| driver_of(&stem));
    ask(&remote.connection, async |client| {
        let spinner = print::spinner(&format!("sending {} KiB", component.len() / 1024));
        let stored: Version = client.upload(&["drivers", "versions"], &[("name", name)], component).await?;
        spinner.finish_and_clear();
        let version = versions::settled(&client, stored).await?;
        versions::tell(&version, remote.format)
    })
}

/// `kubernetes` of `kubernetes@0.2.0`, of `kubernetes-0.2.0` and of `kubernetes`.
fn driver_of(stem: &str) -> &str {
    let before_at = stem.split('@').next().unwrap_or(stem);
    let version = before_at.match_indices('-').find(|(at, _)| before_at[at + 1..].starts_with(|c: char| c.is_ascii_digit()));
    version.map_or(before_at, |(at, _)| &before_at[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_for_its_driver() {
        for (stem, driver) in [
            ("kubernetes", "kubernetes"),
            ("kubernetes@0.2.0", "kubernetes"),
            ("swarm-mode-0.2.0-rc1", "swarm-mode"),
            ("site-kubernetes", "site-kubernetes"),
        ] {
            assert_eq!(driver_of(stem), driver);
        }
    }
}

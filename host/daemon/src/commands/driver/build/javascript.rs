//! JavaScript: npm installs what `package.json` names, and its script `build` makes the component.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};

use super::tool;
use crate::commands::driver::project::Project;

const LOCK: &str = "package-lock.json";

pub fn build(project: &Project, component: &Path) -> Result<()> {
    install(&project.folder)?;
    // A build that writes elsewhere must not leave the last one's component for its own.
    let _ = fs::remove_file(component);
    tool(npm(&project.folder).args(["run", "--silent", "build"]), "install Node.js 20 or later")?;
    anyhow::ensure!(component.is_file(), "the script `build` of package.json made no {}", component.display());
    Ok(())
}

/// Again when the files that name versions have changed.
fn install(folder: &Path) -> Result<()> {
    let stamp = folder.join("build/installed.txt");
    if fs::read(&stamp).ok() != Some(versions(folder)?) || !folder.join("node_modules").is_dir() {
        eprintln!("installing what package.json names");
        let how = if folder.join(LOCK).is_file() { "ci" } else { "install" };
        tool(npm(folder).args([how, "--no-audit", "--no-fund"]), "install Node.js 20 or later, which brings npm")?;
        // Read again: npm may have written the lock.
        fs::write(&stamp, versions(folder)?)?;
    }
    Ok(())
}

fn versions(folder: &Path) -> Result<Vec<u8>> {
    let mut versions = fs::read(folder.join("package.json")).context("reading package.json")?;
    versions.extend(fs::read(folder.join(LOCK)).unwrap_or_default());
    Ok(versions)
}

fn npm(folder: &Path) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(folder);
    npm
}

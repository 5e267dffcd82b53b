//! The real clients: a virtual environment with the `openstack` command and its plugins, at the versions in `tests/clients/requirements.txt`.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result};

use crate::run::{check, root, target};

/// Makes or renews the environment; answers the folder of its commands.
pub fn ensure() -> Result<PathBuf> {
    let requirements = root().join("tests/clients/requirements.txt");
    let wanted = fs::read(&requirements).with_context(|| format!("reading {}", requirements.display()))?;
    let environment = target().join("clients");
    let stamp = environment.join("installed.txt");
    if fs::read(&stamp).ok().as_deref() != Some(&wanted) {
        eprintln!("installing the real OpenStack clients");
        let _ = fs::remove_dir_all(&environment);
        check(Command::new("python3").args(["-m", "venv"]).arg(&environment))
            .context("python3 with its venv module is needed")?;
        check(
            Command::new(environment.join("bin/pip"))
                .args(["install", "--quiet", "--disable-pip-version-check", "--requirement"])
                .arg(&requirements),
        )?;
        fs::write(&stamp, wanted)?;
    }
    Ok(environment.join("bin"))
}

//! The real clients, each in a virtual environment of its own at the versions of a file in `tests/clients`: the `openstack` command with its plugins, the same with
//! the release of python-magnumclient before, and the `magnum` command of the years when clusters were called bays.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result};

use crate::run::{check, root, target};

/// Makes or renews the present clients' environment; answers the folder of its commands.
pub fn ensure() -> Result<PathBuf> {
    environment("clients", "requirements.txt")
}

/// The same with python-magnumclient 4.
pub fn ensure_4() -> Result<PathBuf> {
    environment("clients-4", "requirements-4.txt")
}

/// The same for the old ones.
pub fn ensure_old() -> Result<PathBuf> {
    environment("old-clients", "requirements-old.txt")
}

/// The same of those who had pods and containers.
pub fn ensure_mitaka() -> Result<PathBuf> {
    environment("mitaka-clients", "requirements-mitaka.txt")
}

fn environment(name: &str, requirements: &str) -> Result<PathBuf> {
    let requirements = root().join("tests/clients").join(requirements);
    let wanted = fs::read(&requirements).with_context(|| format!("reading {}", requirements.display()))?;
    let environment = target().join(name);
    let stamp = environment.join("installed.txt");
    if fs::read(&stamp).ok().as_deref() != Some(&wanted) {
        eprintln!("installing the real OpenStack {name}");
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

//! Python: componentize-py, at the version that the project names, in an environment of the project's own. `--stub-wasi` leaves no WASI to import.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use super::tool;
use crate::commands::driver::project::Project;

/// Holds the versions of componentize-py and of what the driver imports.
const REQUIREMENTS: &str = "requirements.txt";

/// Of the project, not part of the component.
const LEFT_OUT: &[&str] = &["build", "scenarios", "wit", "tests"];

pub fn build(project: &Project, component: &Path) -> Result<()> {
    let folder = &project.folder;
    let environment = environment(folder)?;
    // A copy with every link followed: componentize-py lets Python see nothing outside of the folder.
    let sources = folder.join("build/python");
    let _ = fs::remove_dir_all(&sources);
    copy(folder, &sources, 0)?;
    let packages = site_packages(&environment)?;
    let mut componentize = Command::new(environment.join("bin/componentize-py"));
    componentize.current_dir(folder).args(["--wit-path", "wit", "--world", "guest", "componentize", "--stub-wasi"]);
    componentize
        .arg("--python-path")
        .arg(&sources)
        .arg("--python-path")
        .arg(packages)
        .arg("--output")
        .arg(component)
        .arg("driver");
    tool(&mut componentize, "add componentize-py to requirements.txt")
}

/// Makes or renews `build/venv`.
fn environment(folder: &Path) -> Result<PathBuf> {
    let requirements = folder.join(REQUIREMENTS);
    let wanted = fs::read(&requirements)
        .with_context(|| format!("{} has to name componentize-py and its version", requirements.display()))?;
    let environment = folder.join("build/venv");
    let stamp = environment.join("installed.txt");
    if fs::read(&stamp).ok().as_deref() != Some(&wanted) {
        eprintln!("installing {REQUIREMENTS}");
        let _ = fs::remove_dir_all(&environment);
        tool(
            Command::new("python3").args(["-m", "venv"]).arg(&environment),
            "install Python 3.10 or later with its venv module",
        )?;
        let mut pip = Command::new(environment.join("bin/pip"));
        tool(
            pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&requirements),
            "pip is part of venv",
        )?;
        fs::write(&stamp, wanted)?;
    }
    Ok(environment)
}

/// What was installed and is pure Python may be imported; componentize-py itself is not for guests.
fn site_packages(environment: &Path) -> Result<PathBuf> {
    let library = environment.join("lib");
    let python = fs::read_dir(&library)?.flatten().map(|entry| entry.path().join("site-packages")).find(|path| path.is_dir());
    python.with_context(|| format!("{} holds no site-packages", library.display()))
}

fn copy(from: &Path, to: &Path, depth: usize) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)?.flatten() {
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if text.starts_with('.') || text == "__pycache__" || (depth == 0 && LEFT_OUT.contains(&text.as_ref())) {
            continue;
        }
        let (path, copied) = (entry.path(), to.join(&name));
        if path.is_dir() {
            anyhow::ensure!(depth < 16, "{} is nested too deeply: is a link in it a loop?", path.display());
            copy(&path, &copied, depth + 1)?;
        } else {
            fs::copy(&path, &copied).with_context(|| format!("copying {}", path.display()))?;
        }
    }
    Ok(())
}

//! `jeroboam driver build`: from a project to a component that imports nothing but the contract, whatever the language.

mod javascript;
mod python;
mod rust;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail};

use super::project::Project;
use crate::cli::Language;

pub fn run(folder: &Path) -> Result<()> {
    let project = Project::open(folder)?;
    let started = Instant::now();
    let file = build(&project)?;
    let size = fs::metadata(&file)?.len();
    println!("{} ({} KiB, built in {:.1} s)", shown(&file).display(), size / 1024, started.elapsed().as_secs_f64());
    println!("next: jeroboam driver check {}", shown(&file).display());
    Ok(())
}

/// Builds the component, and answers its file.
pub fn build(project: &Project) -> Result<PathBuf> {
    let file = project.component();
    fs::create_dir_all(project.folder.join("build")).with_context(|| format!("making {}/build", project.folder.display()))?;
    match project.language {
        Language::Rust => rust::build(project, &file)?,
        Language::Python => python::build(project, &file)?,
        Language::JavaScript => javascript::build(project, &file)?,
    }
    let bytes = fs::read(&file).with_context(|| format!("the build made no {}", file.display()))?;
    jeroboam_plugins::imports(&bytes).with_context(|| format!("{} is no driver", file.display()))?;
    Ok(file)
}

/// Relative to where the author is, if it is below.
pub fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    here.ok().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path).to_owned()
}

/// Runs a tool to its end. What it says is shown only if it fails; `advice` says what to do if it is not there.
fn tool(command: &mut Command, advice: &str) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{name} does not start: {advice}"))?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!("{name} failed ({}):\n{}", output.status, String::from_utf8_lossy(&said).trim());
    }
    Ok(())
}

//! An author's project: a folder with what its language's tools expect.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::cli::Language;

/// A folder that a driver is built from.
#[derive(Debug)]
pub struct Project {
    pub folder: PathBuf,
    pub language: Language,
    /// Of the package; also that of the component's file.
    pub name: String,
}

impl Project {
    /// Knows the language by the file that names the package.
    pub fn open(folder: &Path) -> Result<Self> {
        let folder = folder.canonicalize().with_context(|| format!("there is no folder {}", folder.display()))?;
        let has = |file: &str| folder.join(file).is_file();
        let (language, name) = if has("Cargo.toml") {
            (Language::Rust, rust_name(&folder)?)
        } else if has("pyproject.toml") {
            (Language::Python, python_name(&folder.join("pyproject.toml"))?)
        } else if has("package.json") {
            (Language::JavaScript, javascript_name(&folder.join("package.json"))?)
        } else {
            bail!(
                "{} is no driver's project: it has no Cargo.toml, pyproject.toml or package.json; begin one with `jeroboam driver new NAME`",
                folder.display()
            );
        };
        Ok(Self { folder, language, name })
    }

    /// Where the component goes.
    pub fn component(&self) -> PathBuf {
        self.folder.join("build").join(format!("{}.wasm", self.name))
    }
}

fn rust_name(folder: &Path) -> Result<String> {
    let package = cargo_package(folder)?;
    package.get("name").and_then(Value::as_str).map(str::to_owned).context("cargo metadata gives no name")
}

/// What cargo says of the package whose manifest is in the folder.
pub fn cargo_package(folder: &Path) -> Result<Value> {
    let manifest = folder.join("Cargo.toml");
    let mut packages = match cargo_metadata(folder)?.get_mut("packages").map(Value::take) {
        Some(Value::Array(packages)) => packages,
        _ => Vec::new(),
    };
    let own =
        |package: &Value| package.get("manifest_path").and_then(Value::as_str).is_some_and(|path| Path::new(path) == manifest);
    let index = packages.iter().position(own).with_context(|| format!("{} describes no package", manifest.display()))?;
    Ok(packages.swap_remove(index))
}

/// The folder that cargo builds to.
pub fn cargo_target(folder: &Path) -> Result<PathBuf> {
    let metadata = cargo_metadata(folder)?;
    metadata
        .get("target_directory")
        .and_then(Value::as_str)
        .map(PathBuf::from)
        .context("cargo metadata gives no target directory")
}

fn cargo_metadata(folder: &Path) -> Result<Value> {
    let output = Command::new("cargo")
        .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .stdin(Stdio::null())
        .output()
        .context("starting cargo; install Rust from rust-lang.org")?;
    if !output.status.success() {
        bail!(
            "cargo does not understand {}:\n{}",
            folder.join("Cargo.toml").display(),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    serde_json::from_slice(&output.stdout).context("reading what cargo metadata printed")
}

fn python_name(file: &Path) -> Result<String> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let document: toml::Table = text.parse().with_context(|| format!("{} is not TOML", file.display()))?;
    let name = document.get("project").and_then(|project| project.get("name")).and_then(toml::Value::as_str);
    checked(name, file, "[project] name")
}

fn javascript_name(file: &Path) -> Result<String> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let document: Value = serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))?;
    checked(document.get("name").and_then(Value::as_str), file, "\"name\"")
}

/// The name becomes a file's.
fn checked(name: Option<&str>, file: &Path, place: &str) -> Result<String> {
    let name = name.with_context(|| format!("{} has no {place}", file.display()))?;
    if !is_name(name) {
        bail!("{}: {place} is {name:?}; a driver's name is of the form [a-z][a-z0-9-]*", file.display());
    }
    Ok(name.to_owned())
}

/// What the contract allows as a driver's name.
pub fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.len() <= 63 && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(fits)
}

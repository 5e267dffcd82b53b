//! Configuration: files in oslo's dialect, read once into closed types.
//!
//! An existing `magnum.conf` is accepted as it is. What has nothing to apply to is said once and otherwise ignored; so is what nobody knows, with the option that
//! was likely meant.

pub mod ini;
pub mod notices;
pub mod options;
pub mod sample;

use std::{
    fs,
    path::{Path, PathBuf},
};

pub use ini::Ini;

/// Where deployments keep what belongs to the service.
const STANDARD_FOLDER: &str = "/etc/magnum";

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read {}", .0.display())]
    Read(PathBuf, #[source] std::io::Error),
    #[error(transparent)]
    Ini(#[from] ini::IniError),
    #[error(transparent)]
    Option(#[from] options::OptionError),
    #[error("[{section}] {name}: {problem}")]
    Inconsistent { section: &'static str, name: &'static str, problem: String },
}

/// Reads files and folders (their `*.conf`, by name) in the order given.
pub fn read(files: &[PathBuf], folders: &[PathBuf]) -> Result<Ini, ConfigError> {
    let mut paths = files.to_vec();
    for folder in folders {
        let entries = fs::read_dir(folder).map_err(|e| ConfigError::Read(folder.clone(), e))?;
        let mut found: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "conf")).collect();
        found.sort();
        paths.append(&mut found);
    }
    let beside = paths.iter().rev().filter_map(|path| path.parent()).map(Path::to_path_buf);
    let mut ini = Ini::default();
    ini.search = folders.iter().cloned().chain(beside).chain([STANDARD_FOLDER.into()]).collect();
    for path in paths {
        let text = fs::read_to_string(&path).map_err(|e| ConfigError::Read(path.clone(), e))?;
        ini.read(&path.display().to_string(), &text)?;
    }
    Ok(ini)
}

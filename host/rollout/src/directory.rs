//! The drivers directory, as it is at one moment.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// Of a file's name, in bytes.
const LONGEST_NAME: usize = 255;

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("it is no file; put the component itself there")]
    NoFile,
    #[error("it has more than {0} bytes; strip it")]
    TooLarge(u64),
    #[error("it cannot be read ({0}); check that the service may")]
    Io(#[from] io::Error),
}

/// Its `*.wasm` files by name, each under a bound. A directory that is not there has none.
pub(crate) fn read(dir: &Path, limit: u64) -> Vec<(String, Result<Vec<u8>, FileError>)> {
    files(dir).into_iter().map(|(name, path)| (name, read_file(&path, limit))).collect()
}

pub(crate) fn files(dir: &Path) -> Vec<(String, PathBuf)> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            tracing::warn!(dir = %dir.display(), "the drivers directory is not read: {error}");
            return Vec::new();
        }
    };
    let mut files: Vec<(String, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let fits = name.ends_with(".wasm")
                && !name.starts_with('.')
                && name.len() <= LONGEST_NAME
                && !name.contains(char::is_control);
            fits.then(|| (name, entry.path()))
        })
        .collect();
    files.sort();
    files
}

pub(crate) fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    // Asked by name first: opening a pipe would wait for somebody to write to it.
    if !std::fs::metadata(path)?.is_file() {
        return Err(FileError::NoFile);
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(FileError::TooLarge(limit)) } else { Ok(bytes) }
}

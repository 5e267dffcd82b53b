//! The key file: lines of `jeroboam-key <id> <base64>`. The first one seals; the others, put below it by an operator who replaces a key, still open.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Write},
    path::Path,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use zeroize::Zeroizing;

use super::{KEY_LEN, Key, VaultError};

const WORD: &str = "jeroboam-key";
/// More than any number of keys that somebody keeps.
const FILE_MAX: u64 = 1 << 16;

pub(super) fn read_or_create(path: &Path) -> Result<Vec<Key>, VaultError> {
    match File::open(path) {
        Ok(file) => read(path, file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(path)?;
            // Whoever was first: what counts is what is there now.
            read(path, File::open(path).map_err(|source| file_error(path, source))?)
        }
        Err(source) => Err(file_error(path, source)),
    }
}

fn read(path: &Path, file: File) -> Result<Vec<Key>, VaultError> {
    check_mode(path, &file)?;
    let mut text = Zeroizing::new(String::new());
    file.take(FILE_MAX).read_to_string(&mut text).map_err(|source| file_error(path, source))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let keys =
        lines.map(|(place, line)| parse(line).ok_or_else(|| VaultError::Malformed { path: path.to_owned(), line: place + 1 }));
    let keys: Vec<Key> = keys.collect::<Result<_, _>>()?;
    if keys.is_empty() { Err(VaultError::Malformed { path: path.to_owned(), line: 1 }) } else { Ok(keys) }
}

#[cfg(unix)]
fn check_mode(path: &Path, file: &File) -> Result<(), VaultError> {
    use std::os::unix::fs::PermissionsExt;

    let mode = file.metadata().map_err(|source| file_error(path, source))?.permissions().mode() & 0o7777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(VaultError::Exposed { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn check_mode(_: &Path, _: &File) -> Result<(), VaultError> {
    Ok(())
}

fn parse(line: &str) -> Option<Key> {
    let mut words = line.split_whitespace();
    let (Some(WORD), Some(id), Some(key), None) = (words.next(), words.next(), words.next(), words.next()) else {
        return None;
    };
    let bytes = Zeroizing::new(BASE64_STANDARD.decode(key).ok()?);
    let bytes: &[u8; KEY_LEN] = bytes.as_slice().try_into().ok()?;
    let fits = !id.contains('.');
    if fits { Key::new(id.to_owned(), bytes).ok() } else { None }
}

/// Makes the file whole or not at all, on disk before anything is sealed with the key, and never over another one.
fn create(path: &Path) -> Result<(), VaultError> {
    let (key, bytes) = Key::random()?;
    let line = Zeroizing::new(format!("{WORD} {} {}\n", key.id, Zeroizing::new(BASE64_STANDARD.encode(*bytes)).as_str()));
    write_new(path, line.as_bytes()).map_err(|source| file_error(path, source))
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut directory = DirBuilder::new();
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut directory, 0o700);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    directory.recursive(true).create(parent)?;
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}", uuid::Uuid::new_v4().simple()));
    let written = (|| {
        let mut file = options.write(true).create_new(true).open(&draft)?;
        file.write_all(content)?;
        file.sync_all()?;
        match fs::hard_link(&draft, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    })();
    let removed = fs::remove_file(&draft);
    written?;
    removed?;
    File::open(parent)?.sync_all()
}

fn file_error(path: &Path, source: io::Error) -> VaultError {
    VaultError::File { path: path.to_owned(), source }
}

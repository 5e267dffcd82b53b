//! The directory and its files, read. Whoever can write there can install drivers; still nothing is read that is no file, or longer than it may be.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, Read},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use rustix::fs::OFlags;

use super::files::Stamp;

pub(super) const SUFFIX: &str = ".wasm";

/// What there is, by name.
#[derive(Default)]
pub(super) struct Listing {
    pub(super) stamps: BTreeMap<String, Stamp>,
    /// What cannot be used, and why.
    pub(super) complaints: BTreeMap<String, String>,
}

/// A directory that is not there is empty.
pub(super) async fn list(dir: &Path) -> Listing {
    let dir = dir.to_owned();
    tokio::task::spawn_blocking(move || list_now(&dir)).await.unwrap_or_default()
}

fn list_now(dir: &Path) -> Listing {
    let mut listing = Listing::default();
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return listing,
        Err(error) => {
            listing.complaints.insert(".".to_owned(), format!("it cannot be read ({error}); let the service read it"));
            return listing;
        }
    };
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') || !name.ends_with(SUFFIX) {
            continue;
        }
        // It would be kept, shown and logged.
        if name.contains(char::is_control) {
            let shown = name.escape_debug().to_string();
            listing.complaints.insert(shown, "its name has control characters in it; rename it".to_owned());
            continue;
        }
        // Links are followed: that is how some deployments put files into place.
        match fs::metadata(entry.path()) {
            Ok(metadata) if metadata.is_file() => {
                listing.stamps.insert(name, Stamp::of(&metadata));
            }
            Ok(_) => {
                listing.complaints.insert(name, "it is no file, and left alone; put the component itself there".to_owned());
            }
            // Gone since it was listed, or a link to nowhere.
            Err(error) => {
                listing.complaints.insert(name, format!("it cannot be read ({error}), and is left alone"));
            }
        }
    }
    listing
}

/// The bytes of a file that stood still with this stamp; nothing if it has moved since. Or what is wrong with it.
pub(super) async fn read(dir: &Path, name: &str, stamp: Stamp, limit: u64) -> Result<Option<Vec<u8>>, String> {
    let path = dir.join(name);
    let read = tokio::task::spawn_blocking(move || read_now(&path, stamp, limit)).await;
    read.unwrap_or_else(|_| Err("reading it was cut short by a fault of the host's".to_owned()))
}

fn read_now(path: &Path, stamp: Stamp, limit: u64) -> Result<Option<Vec<u8>>, String> {
    if stamp.len > limit {
        return Err(format!("it has {} bytes, more than a driver may have ({limit}); strip it", stamp.len));
    }
    let unreadable = |error: io::Error| format!("it cannot be read ({error}); let the service read it");
    let mut file = open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    (&mut file).take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let now = file.metadata().map_err(unreadable)?;
    if !now.is_file() || Stamp::of(&now) != stamp || bytes.len() as u64 != stamp.len {
        return Ok(None);
    }
    match jeroboam_plugins::whole(&bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) => Err(format!("it is not taken: {error}")),
    }
}

/// Without waiting, whatever has taken the file's place meanwhile.
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed()).open(path)
}

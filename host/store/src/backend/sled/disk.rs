//! Makes sure that what sled has flushed is on the disk. On Linux, sled 0.34 hands its log to the kernel with `sync_file_range`, which neither waits for the
//! device's cache nor writes the file's length, and its large values go to files that it does not sync at all.

use std::{
    collections::HashSet,
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

#[derive(Debug)]
pub(super) struct Disk {
    log: File,
    /// Large values, a file each, never changed once written.
    blobs: PathBuf,
    synced: HashSet<OsString>,
}

impl Disk {
    pub fn open(path: &Path) -> io::Result<Self> {
        // sled has just made its files.
        File::open(path)?.sync_all()?;
        Ok(Self { log: File::open(path.join("db"))?, blobs: path.join("blobs"), synced: HashSet::new() })
    }

    pub fn sync(&mut self) -> io::Result<()> {
        self.sync_blobs()?;
        self.log.sync_data()
    }

    fn sync_blobs(&mut self) -> io::Result<()> {
        let names: HashSet<OsString> =
            fs::read_dir(&self.blobs)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<_>>()?;
        if names == self.synced {
            return Ok(());
        }
        for name in names.difference(&self.synced) {
            match File::open(self.blobs.join(name)) {
                Ok(blob) => blob.sync_all()?,
                // Replaced meanwhile by one that is synced next time.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        File::open(&self.blobs)?.sync_all()?;
        self.synced = names;
        Ok(())
    }
}

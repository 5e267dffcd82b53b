//! Collects files, and writes them as base64 of a compressed tar archive.

use std::{
    env, fmt, fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::{Compression, GzBuilder, write::GzEncoder};

/// Bytes: two empty blocks.
const END_OF_ARCHIVE: usize = 1024;

/// What nodes are given.
#[derive(Clone, Debug)]
pub struct Archive {
    /// Where files are looked for.
    folders: [PathBuf; 2],
    out: PathBuf,
    /// In the order in which they were added.
    files: Vec<File>,
}

#[derive(Clone, Debug)]
struct File {
    path: String,
    mode: u32,
    content: Vec<u8>,
}

/// Why a driver's files cannot be packed.
#[derive(Debug)]
pub enum Error {
    /// Cargo sets this variable for build scripts.
    NotABuildScript(&'static str),
    /// Neither the driver nor `drivers/common` has it.
    Missing(String),
    /// The driver and `drivers/common` have a file of this name: which is meant?
    Ambiguous(String),
    /// It was added before.
    Twice(String),
    /// Reading or writing this file.
    File(PathBuf, io::Error),
}

impl Archive {
    /// An empty one, for the driver whose build script calls this.
    pub fn of_driver() -> Result<Self, Error> {
        let variable = |name| env::var_os(name).map(PathBuf::from).ok_or(Error::NotABuildScript(name));
        let own = variable("CARGO_MANIFEST_DIR")?.join("node");
        let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../common/node");
        for folder in [&own, &shared] {
            println!("cargo::rerun-if-changed={}", folder.display());
        }
        println!("cargo::rerun-if-changed=build.rs");
        Ok(Self { folders: [own, shared], out: variable("OUT_DIR")?, files: Vec::new() })
    }

    /// Adds files by name.
    pub fn add(&mut self, names: &[&str]) -> Result<(), Error> {
        for name in names {
            let source = self.find(name)?;
            let (folder, mode) = match name.rsplit_once('.') {
                Some((_, "sh")) => ("opt/jeroboam/libexec", 0o755),
                Some((_, "service" | "timer" | "socket")) => ("etc/systemd/system", 0o644),
                _ => ("opt/jeroboam/share", 0o644),
            };
            self.push(&source, format!("{folder}/{name}"), mode)?;
        }
        Ok(())
    }

    /// Adds all files of a folder, by name.
    pub fn add_folder(&mut self, folder: &str) -> Result<(), Error> {
        let source = self.find(folder)?;
        let last = folder.rsplit('/').next().unwrap_or(folder);
        let failed = |error| Error::File(source.clone(), error);
        let mut names = Vec::new();
        for entry in fs::read_dir(&source).map_err(failed)? {
            names.push(entry.map_err(failed)?.file_name());
        }
        names.sort();
        for name in names {
            let path = format!("opt/jeroboam/share/{last}/{}", name.to_string_lossy());
            self.push(&source.join(name), path, 0o644)?;
        }
        Ok(())
    }

    /// Writes what was added so far, as base64, to a file of the build's output folder: the driver includes it with
    /// `include_str!(concat!(env!("OUT_DIR"), "/<name>"))`.
    pub fn write(&self, name: &str) -> Result<(), Error> {
        let path = self.out.join(name);
        let packed = self.pack().map_err(|error| Error::File(path.clone(), error))?;
        fs::write(&path, BASE64_STANDARD.encode(packed)).map_err(|error| Error::File(path, error))
    }

    /// Writes each file as a part of a compressed archive, to a folder of the build's output folder. The driver chooses among them: the
    /// parts of some files one after the other, and then `end`, are an archive of these files, which `tar --extract --gzip` reads.
    pub fn write_parts(&self, folder: &str) -> Result<(), Error> {
        let folder = self.out.join(folder);
        fs::create_dir_all(&folder).map_err(|error| Error::File(folder.clone(), error))?;
        let write = |name: &str, part: io::Result<Vec<u8>>| {
            let path = folder.join(name);
            part.and_then(|part| fs::write(&path, part)).map_err(|error| Error::File(path, error))
        };
        for file in &self.files {
            let name = file.path.rsplit('/').next().unwrap_or(&file.path);
            write(name, part(file, name))?;
        }
        write("end", compress(&[0; END_OF_ARCHIVE]))
    }

    fn pack(&self) -> io::Result<Vec<u8>> {
        let mut tar = tar::Builder::new(Vec::new());
        for File { path, mode, content } in &self.files {
            let mut header = tar::Header::new_ustar();
            header.set_size(content.len() as u64);
            header.set_mode(*mode);
            tar.append_data(&mut header, path, content.as_slice())?;
        }
        compress(&tar.into_inner()?)
    }

    fn find(&self, name: &str) -> Result<PathBuf, Error> {
        let mut found = self.folders.iter().map(|folder| folder.join(name)).filter(|path| path.exists());
        match (found.next(), found.next()) {
            (Some(path), None) => Ok(path),
            (Some(_), Some(_)) => Err(Error::Ambiguous(name.to_owned())),
            (None, _) => Err(Error::Missing(name.to_owned())),
        }
    }

    fn push(&mut self, source: &Path, path: String, mode: u32) -> Result<(), Error> {
        if self.files.iter().any(|file| file.path == path) {
            return Err(Error::Twice(path));
        }
        let content = fs::read(source).map_err(|error| Error::File(source.to_owned(), error))?;
        self.files.push(File { path, mode, content });
        Ok(())
    }
}

/// One file of an archive, which does not end with it.
fn part(file: &File, name: &str) -> io::Result<Vec<u8>> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(file.content.len() as u64);
    header.set_mode(file.mode);
    tar.append_data(&mut header, name, file.content.as_slice())?;
    let mut whole = tar.into_inner()?;
    whole.truncate(whole.len().saturating_sub(END_OF_ARCHIVE));
    compress(&whole)
}

/// Archives in a row that are compressed so are one.
fn compress(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed: GzEncoder<_> = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    packed.write_all(content)?;
    packed.finish()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotABuildScript(variable) => write!(f, "{variable} is not set: call this from a build script"),
            Self::Missing(name) => write!(f, "neither node/ nor drivers/common/node/ has {name}"),
            Self::Ambiguous(name) => write!(f, "both node/ and drivers/common/node/ have {name}: rename the driver's own"),
            Self::Twice(path) => write!(f, "{path} is packed twice"),
            Self::File(path, _) => write!(f, "packing {}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File(_, error) => Some(error),
            _ => None,
        }
    }
}

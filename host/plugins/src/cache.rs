//! Compiled code on disk. The engine trusts what it deserialises as it trusts itself, so a file is only used if it carries a
//! code that this host made over the component's digest, the engine's own fingerprint and the content. Anything else is as
//! good as not there: the component is compiled again.

use std::{
    fs::{self, File, OpenOptions},
    hash::{Hash, Hasher},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use aws_lc_rs::{
    digest, hmac,
    rand::{SecureRandom, SystemRandom},
};
use jeroboam_model::driver::Digest;
use wasmtime::{Engine, component::Component};

const KEY_FILE: &str = "key";
const KEY_BYTES: usize = 32;
const TAG_BYTES: usize = 32;

/// Compiled code is some times as large as its component; more than this is nobody's.
const FILE_MAX: u64 = 1 << 30;

/// A directory that only this user can write to, and the key of what it holds.
pub(crate) struct Cache {
    dir: PathBuf,
    key: hmac::Key,
    fingerprint: String,
}

/// Why a directory is not used.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    #[error("{path}: cannot be made, read or written")]
    Io { path: PathBuf, source: io::Error },
    #[error("{path}: others than its owner can write to it (mode {mode:o}); run chmod go-w on it, or name another directory")]
    Writable { path: PathBuf, mode: u32 },
    #[error("{path}: belongs to another user; name a directory of the user that the service runs as")]
    Owner { path: PathBuf },
    #[error("{path}: can be read by others than its owner, or is no key; remove it, and a new one is made")]
    Key { path: PathBuf },
    #[error("the system has no random numbers")]
    Random,
}

impl Cache {
    pub(crate) fn open(dir: &Path, engine: &Engine) -> Result<Self, CacheError> {
        let failed = |source| CacheError::Io { path: dir.to_owned(), source };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed)?;
        let dir = dir.canonicalize().map_err(failed)?;
        let metadata = fs::metadata(&dir).map_err(failed)?;
        if metadata.uid() != rustix::process::geteuid().as_raw() {
            return Err(CacheError::Owner { path: dir });
        }
        if metadata.mode() & 0o022 != 0 {
            return Err(CacheError::Writable { path: dir, mode: metadata.mode() & 0o7777 });
        }
        let key = key(&dir.join(KEY_FILE))?;
        Ok(Self { dir, key, fingerprint: fingerprint(engine) })
    }

    /// The component, compiled earlier.
    pub(crate) fn load(&self, engine: &Engine, component: &str) -> Option<Component> {
        let path = self.path(component);
        let content = self.verified(&path, component)?;
        match deserialize(engine, &content) {
            Ok(component) => Some(component),
            Err(error) => {
                tracing::info!(path = %path.display(), "compiled code is not used: {error:#}");
                None
            }
        }
    }

    /// Keeps compiled code. That it could not be kept is logged, and costs the next start some time.
    pub(crate) fn keep(&self, component: &str, compiled: &Component) {
        let path = self.path(component);
        let kept = compiled.serialize().map_err(io::Error::other).and_then(|content| self.write(&path, component, &content));
        if let Err(error) = kept {
            tracing::warn!(path = %path.display(), "compiled code was not kept: {error}");
        }
    }

    fn path(&self, component: &str) -> PathBuf {
        let fingerprint = self.fingerprint.get(..16).unwrap_or(&self.fingerprint);
        self.dir.join(format!("{component}-{fingerprint}.cwasm"))
    }

    fn context(&self, component: &str) -> hmac::Context {
        let mut context = hmac::Context::with_key(&self.key);
        for part in ["jeroboam compiled component 1", component, &self.fingerprint] {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        context
    }

    fn write(&self, path: &Path, component: &str, content: &[u8]) -> io::Result<()> {
        let mut context = self.context(component);
        context.update(content);
        let partial = path.with_extension(format!("{}.partial", std::process::id()));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&partial)?;
        file.write_all(content)?;
        file.write_all(context.sign().as_ref())?;
        fs::rename(&partial, path)
    }

    /// The file's content, if its code is right.
    fn verified(&self, path: &Path, component: &str) -> Option<Vec<u8>> {
        let file = File::open(path).ok()?;
        let expected = usize::try_from(file.metadata().ok()?.len().min(FILE_MAX)).ok()?;
        let mut content = Vec::with_capacity(expected + 1);
        file.take(FILE_MAX).read_to_end(&mut content).ok()?;
        let tag = content.split_off(content.len().checked_sub(TAG_BYTES)?);
        let mut context = self.context(component);
        context.update(&content);
        // Comparison in constant time.
        let made = context.sign();
        if aws_lc_rs::constant_time::verify_slices_are_equal(made.as_ref(), &tag).is_ok() {
            return Some(content);
        }
        tracing::warn!(path = %path.display(), "compiled code was not made by this host, or is damaged: the component is compiled again");
        None
    }
}

/// Reads the key, or makes one.
fn key(path: &Path) -> Result<hmac::Key, CacheError> {
    let failed = |source| CacheError::Io { path: path.to_owned(), source };
    if !path.exists() {
        make_key(path)?;
    }
    let mut file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    let private = metadata.mode() & 0o077 == 0 && metadata.uid() == rustix::process::geteuid().as_raw();
    if !private || metadata.len() != KEY_BYTES as u64 {
        return Err(CacheError::Key { path: path.to_owned() });
    }
    let mut key = [0; KEY_BYTES];
    file.read_exact(&mut key).map_err(failed)?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &key))
}

/// Written under another name and then linked: nobody ever sees half a key, and of several who make one the first has made it.
fn make_key(path: &Path) -> Result<(), CacheError> {
    let failed = |source| CacheError::Io { path: path.to_owned(), source };
    let mut bytes = [0; KEY_BYTES + 8];
    SystemRandom::new().fill(&mut bytes).map_err(|_| CacheError::Random)?;
    let (key, name) = bytes.split_at(KEY_BYTES);
    let draft = path.with_extension(name.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).and_then(|mut file| {
        file.write_all(key)?;
        file.sync_all()?;
        match fs::hard_link(&draft, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    });
    let removed = fs::remove_file(&draft);
    written.and(removed).map_err(failed)
}

/// Turns verified content into code.
fn deserialize(engine: &Engine, content: &[u8]) -> wasmtime::Result<Component> {
    #[expect(unsafe_code, reason = "the one place where compiled code is taken from outside")]
    // SAFETY: `deserialize` requires bytes that `Component::serialize` made. These carry a code under a key that only this
    // user can read, in a directory that only this user can write to, and were read into memory before they were verified, so
    // that nobody can change them since.
    unsafe {
        Component::deserialize(engine, content)
    }
}

/// What makes compiled code fit for an engine: its version, its settings and the processor.
fn fingerprint(engine: &Engine) -> String {
    struct Sha(digest::Context);
    impl Hasher for Sha {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut hasher = Sha(digest::Context::new(&digest::SHA256));
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hex(hasher.0.finish().as_ref())
}

/// What a component is known by.
pub(crate) fn digest_of(component: &[u8]) -> Digest {
    let digest = digest::digest(&digest::SHA256, component);
    let mut bytes = [0; 32];
    bytes.iter_mut().zip(digest.as_ref()).for_each(|(byte, of)| *byte = *of);
    Digest::new(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[path = "cache_tests.rs"]
mod tests;

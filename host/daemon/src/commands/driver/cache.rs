//! Where authors' commands keep compiled components: an interpreter takes seconds to compile, and is the same one at most changes.

use std::{
    env, fs,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

/// What outlives a project: `JEROBOAM_CACHE`, else in the user's cache directory; none if there is no such place.
pub fn home() -> Option<PathBuf> {
    env::var_os("JEROBOAM_CACHE").map(PathBuf::from).or_else(|| {
        let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        cache.or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cache"))).map(|cache| cache.join("jeroboam"))
    })
}

/// Where compiled components are kept; none if it cannot be made.
pub fn compiled() -> Option<PathBuf> {
    let folder = home()?.join("compiled");
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).ok()?;
    Some(folder)
}

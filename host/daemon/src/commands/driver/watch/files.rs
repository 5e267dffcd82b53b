//! What a project's files look like, so that a change is seen. Looking is cheap: a driver has some dozens of files.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// What tools make.
const MADE: &[&str] = &["build", "target", "node_modules", "__pycache__", "Cargo.lock", "package-lock.json"];

const DEEPEST: usize = 16;

/// Size and time of each file.
#[derive(Debug, Default)]
pub struct Snapshot(BTreeMap<PathBuf, (u64, Option<SystemTime>)>);

impl Snapshot {
    pub fn take(folder: &Path) -> Self {
        let mut snapshot = Self::default();
        snapshot.add(folder, Path::new(""), 0);
        snapshot
    }

    fn add(&mut self, folder: &Path, below: &Path, depth: usize) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let text = name.to_string_lossy();
            if depth > DEEPEST || text.starts_with('.') || text.ends_with('~') || MADE.contains(&text.as_ref()) {
                continue;
            }
            // Links are followed: what they point at is part of the component.
            let Ok(metadata) = fs::metadata(entry.path()) else { continue };
            if metadata.is_dir() {
                self.add(&entry.path(), &below.join(&name), depth + 1);
            } else {
                self.0.insert(below.join(&name), (metadata.len(), metadata.modified().ok()));
            }
        }
    }

    /// Files that are new, gone or otherwise in the later one.
    pub fn changed(&self, later: &Self) -> Vec<String> {
        let names = self.0.keys().chain(later.0.keys()).collect::<std::collections::BTreeSet<_>>();
        names.into_iter().filter(|name| self.0.get(*name) != later.0.get(*name)).map(|name| name.display().to_string()).collect()
    }
}

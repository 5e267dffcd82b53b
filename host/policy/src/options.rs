//! `[oslo_policy]`.

use std::path::{Path, PathBuf};

use crate::problem::Problem;

/// Options, with oslo.policy's names and defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyOptions {
    /// `policy_file`: searched for if it is no whole path. Need not be there.
    pub file: PathBuf,
    /// Whether the configuration names that file, so that its absence is worth a word.
    pub file_is_named: bool,
    /// `policy_dirs`: folders whose files are read after it, by name. Need not be there.
    pub dirs: Vec<PathBuf>,
    /// `policy_default_rule`: what holds for a reference to a rule that is nowhere, if this one is defined.
    pub default_rule: String,
    /// `enforce_scope`: whether a token for the system or a domain is kept from rules about projects.
    pub enforce_scope: bool,
    /// `enforce_new_defaults`: whether who would have passed the default of an older release is kept out.
    pub enforce_new_defaults: bool,
    /// Where relative paths are looked for, in this order: beside the configuration.
    pub search: Vec<PathBuf>,
}

impl Default for PolicyOptions {
    fn default() -> Self {
        Self {
            file: "policy.yaml".into(),
            file_is_named: false,
            dirs: vec!["policy.d".into()],
            default_rule: "default".to_owned(),
            enforce_scope: true,
            enforce_new_defaults: true,
            search: Vec::new(),
        }
    }
}

impl PolicyOptions {
    /// The places that a path may stand for, the first that is there being it.
    pub(crate) fn candidates(&self, path: &Path) -> Vec<PathBuf> {
        if path.is_absolute() { vec![path.to_owned()] } else { self.search.iter().map(|folder| folder.join(path)).collect() }
    }

    /// The one that is there, or that may be: what cannot be looked at is complained about when it is read.
    pub(crate) fn find(&self, path: &Path) -> Option<PathBuf> {
        self.candidates(path).into_iter().find(|path| path.try_exists().unwrap_or(true))
    }

    /// The files to read, in order; later ones win.
    pub fn files(&self) -> Result<Vec<PathBuf>, Problem> {
        let mut files: Vec<PathBuf> = self.find(&self.file).into_iter().collect();
        for dir in self.dirs.iter().filter_map(|dir| self.find(dir)) {
            files.append(&mut listed(&dir).map_err(|error| Problem::unreadable(&dir, &error))?);
        }
        Ok(files)
    }
}

fn listed(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") && !entry.path().is_dir() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

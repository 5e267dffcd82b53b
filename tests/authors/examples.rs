//! The examples of the repository are what a new author gets.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::support::{Desk, repository};

/// What tools make in a tree, and what the repository has in place of the copy.
const OTHERS: &[&str] =
    &["build", "node_modules", "target", "__pycache__", "package-lock.json", "Cargo.lock", "Cargo.toml", "vendor"];

#[test]
fn examples_are_what_new_writes() -> Result<()> {
    for (language, example) in [("rust", "rust"), ("python", "python"), ("js", "javascript")] {
        let desk = Desk::new()?;
        let name = format!("{example}-example");
        desk.succeeds(&["new", &name, "--lang", language])?;
        let (there, here) = (repository("drivers/examples").join(example), desk.path().join(&name));
        let (original, copy) = (files(&there, Path::new(""))?, files(&here, Path::new(""))?);
        ensure!(original == copy, "{example}: {original:?}\n{copy:?}");
        ensure!(!original.is_empty(), "{example} is empty");
        for file in original {
            let text = |folder: &Path| fs::read_to_string(folder.join(&file)).with_context(|| file.display().to_string());
            ensure!(text(&there)? == text(&here)?, "{example}/{} differs", file.display());
        }
    }
    Ok(())
}

fn files(folder: &Path, below: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder.join(below))? {
        let name = entry?.file_name();
        if OTHERS.iter().any(|other| name == *other) {
            continue;
        }
        let path = below.join(&name);
        if folder.join(&path).is_dir() { found.extend(files(folder, &path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}

//! What an operator will be asked for. Authors' commands grant everything, and say what that hides.

use std::{fs, path::Path};

use jeroboam_plugins::{Grant, Grants};

/// The line of the configuration that the component needs, if it imports more than every driver may use.
pub fn needed(component: &Path) -> Option<String> {
    let bytes = fs::read(component).ok()?;
    let usual = Grants::default().directory;
    let imported = jeroboam_plugins::imports(&bytes).ok()?.into_iter().map(Grant::Interface);
    let names: Vec<&str> = imported.filter(|grant| !usual.contains(grant)).map(Grant::as_str).collect();
    let stem = component.file_stem()?.to_string_lossy();
    (!names.is_empty()).then(|| format!("granted here, and by an operator with `[drivers] grants = {stem}: {}`", names.join(" ")))
}

//! Manifests that stand without this repository: what they inherit from its workspace is put in.

use anyhow::{Context, Result};

/// Of the repository: versions of what the SDK depends on.
const WORKSPACE: &str = include_str!("../../../../../../Cargo.toml");

/// Tables of the SDK's manifest that mean nothing elsewhere: the repository's lints, and its test guest.
const LEFT_OUT: &[&str] = &["[lints]", "[[example]]"];

const INHERITED: &str = ".workspace = true";

/// A workspace of its own, wherever the author puts it, with the SDK beside it.
pub fn manifest_of_project(manifest: &str) -> String {
    format!("{}\n[workspace]\n", manifest.replace("path = \"../../sdk\"", "path = \"vendor/sdk\""))
}

/// The SDK's manifest with the workspace's values for what it inherits.
pub fn manifest_of_sdk(mut sdk: impl Iterator<Item = (&'static str, &'static str)>) -> Result<String> {
    let (_, manifest) = sdk.find(|(path, _)| *path == "Cargo.toml").context("the SDK has a Cargo.toml")?;
    let mut out = String::new();
    let mut table = "";
    for line in manifest.lines() {
        if line.starts_with('[') {
            table = line;
        }
        if LEFT_OUT.contains(&table) || line.starts_with('#') {
            continue;
        }
        match line.strip_suffix(INHERITED) {
            Some(name) => {
                out.push_str(inherited(table, name).with_context(|| format!("the workspace has no {name} for {table}"))?)
            }
            None => out.push_str(line),
        }
        out.push('\n');
    }
    Ok(out.trim_end().to_owned() + "\n")
}

/// The workspace's line for a name: `wit-bindgen = "0.61.1"`.
fn inherited(table: &str, name: &str) -> Option<&'static str> {
    let within = format!("[workspace.{}", table.strip_prefix('[')?);
    let lines = WORKSPACE.lines().skip_while(|line| *line != within).skip(1).take_while(|line| !line.starts_with('['));
    lines.map(str::trim_end).find(|line| line.split_once('=').is_some_and(|(key, _)| key.trim() == name))
}

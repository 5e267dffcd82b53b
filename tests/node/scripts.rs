//! Every shell script in the tree.

use std::{fs, path::Path, process::Command};

use anyhow::{Result, ensure};

use crate::tools::{Tools, said};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
fn shellcheck_has_nothing_to_say_about_any_script() -> Result<()> {
    let Some(tools) = Tools::find()? else { return Ok(()) };
    let mut scripts = Vec::new();
    for folder in ["drivers", "tests"] {
        find(&Path::new(ROOT).join(folder), &mut scripts)?;
    }
    ensure!(scripts.len() > 20, "{scripts:?}");
    let sources = ["drivers/common/node", "SCRIPTDIR"].map(|path| format!("--source-path={path}"));
    let mut shellcheck = tools.command("usr/bin/shellcheck");
    said(shellcheck.current_dir(ROOT).arg("--external-sources").args(sources).args(&scripts)).map(drop)
}

/// Those that git knows of: build folders hold scripts of others.
fn find(folder: &Path, scripts: &mut Vec<String>) -> Result<()> {
    let listed = said(Command::new("git").arg("-C").arg(folder).args(["ls-files", "--full-name"]))?;
    for name in listed.lines() {
        let path = Path::new(ROOT).join(name);
        let shell = name.ends_with(".sh")
            || (path.extension().is_none() && fs::read(&path).is_ok_and(|bytes| bytes.starts_with(b"#!/usr/bin/env bash")));
        if shell {
            scripts.push(name.to_owned());
        }
    }
    Ok(())
}

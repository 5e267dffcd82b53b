//! The programs that look.

use std::{env, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail, ensure};

/// Where Debian's packages are unpacked.
pub struct Tools(PathBuf);

impl Tools {
    /// Nothing, said aloud, where they are not there.
    pub fn find() -> Result<Option<Self>> {
        match env::var_os("JEROBOAM_NODE_TOOLS") {
            Some(folder) => Ok(Some(Self(folder.into()))),
            None => absent("JEROBOAM_NODE_TOOLS is not set; `cargo xtask test` sets it where there is apt-get"),
        }
    }

    /// As [`Self::find`], and root besides.
    pub fn find_as_root() -> Result<Option<Self>> {
        let user = said(Command::new("id").arg("-u"))?;
        if user.trim() != "0" {
            return absent("network namespaces need root");
        }
        Self::find()
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.0.join(below)
    }

    /// A program that runs with the libraries it was packaged with.
    pub fn command(&self, below: &str) -> Command {
        let mut command = Command::new(self.path(below));
        command.env("LD_LIBRARY_PATH", self.libraries());
        command
    }

    pub fn libraries(&self) -> PathBuf {
        self.path("usr/lib/x86_64-linux-gnu")
    }
}

fn absent(why: &str) -> Result<Option<Tools>> {
    if env::var_os("CI").is_some() {
        bail!("{why}");
    }
    eprintln!("NOT LOOKED AT: {why}");
    Ok(None)
}

/// What a command says that has to succeed.
pub fn said(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("starting {command:?}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success(), "{command:?}: {}\n{text}{}", output.status, String::from_utf8_lossy(&output.stderr));
    Ok(text)
}

//! The real `openstack` command; and `magnum`, which came before it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::built;

/// The command with the variables of one user.
#[derive(Clone)]
pub struct OpenStack {
    variables: BTreeMap<String, String>,
    program: Program,
}

/// Which command.
#[derive(Clone, Copy)]
enum Program {
    OpenStack,
    /// With python-magnumclient 4.10.
    OpenStackFour,
    /// python-magnumclient 2.x.
    Magnum,
}

/// What a command said.
pub struct Said {
    pub out: String,
    pub err: String,
    pub success: bool,
}

impl Program {
    const fn name(self) -> &'static str {
        match self {
            Self::OpenStack | Self::OpenStackFour => "openstack",
            Self::Magnum => "magnum",
        }
    }

    fn commands(self) -> Result<PathBuf> {
        match self {
            Self::OpenStack => built("JEROBOAM_CLIENTS", "clients/bin"),
            Self::OpenStackFour => built("JEROBOAM_CLIENTS_4", "clients-4/bin"),
            Self::Magnum => built("JEROBOAM_OLD_CLIENTS", "old-clients/bin"),
        }
    }
}

impl OpenStack {
    pub fn new(variables: &BTreeMap<String, String>) -> Self {
        Self { variables: variables.clone(), program: Program::OpenStack }
    }

    /// The command with python-magnumclient 4.10 in place of 5.0.
    pub fn four(variables: &BTreeMap<String, String>) -> Self {
        Self { variables: variables.clone(), program: Program::OpenStackFour }
    }

    /// The `magnum` command in its place, which knows bays.
    pub fn magnum(variables: &BTreeMap<String, String>) -> Self {
        Self { variables: variables.clone(), program: Program::Magnum }
    }

    /// The same with another variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Where the command is, beside others of its environment, such as `python`.
    pub fn commands(&self) -> Result<PathBuf> {
        self.program.commands()
    }

    /// Runs the command with the words in a folder.
    pub fn say_in(&self, folder: &Path, words: &str) -> Result<Said> {
        self.say_of(self.program.name(), folder, words.split_whitespace())
    }

    /// Runs another command of the same environment.
    pub fn say_of<'a>(&self, command: &str, folder: &Path, words: impl IntoIterator<Item = &'a str>) -> Result<Said> {
        let inherited = std::env::vars().filter(|(name, _)| !name.starts_with("OS_"));
        let output = Command::new(self.commands()?.join(command))
            .args(words)
            .env_clear()
            .envs(inherited)
            // `coe cluster config` prints its hint for this shell, and fails where none is named.
            .env("SHELL", "/bin/bash")
            .envs(&self.variables)
            .current_dir(folder)
            .output()?;
        Ok(Said {
            out: String::from_utf8(output.stdout)?,
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
            success: output.status.success(),
        })
    }

    pub fn say(&self, words: &str) -> Result<Said> {
        self.say_in(&std::env::temp_dir(), words)
    }

    /// What a command prints that must succeed.
    pub fn text(&self, words: &str) -> Result<String> {
        let said = self.say(words)?;
        if !said.success {
            bail!("{} {words}\n{}{}", self.program.name(), said.out, said.err);
        }
        Ok(said.out)
    }

    /// The same as JSON.
    pub fn json(&self, words: &str) -> Result<Value> {
        let text = self.text(&format!("{words} -f json"))?;
        serde_json::from_str(&text).with_context(|| format!("openstack {words}: {text}"))
    }

    /// What a command complains of that must fail.
    pub fn refused(&self, words: &str) -> Result<String> {
        let said = self.say(words)?;
        if said.success {
            bail!("{} {words} succeeded:\n{}", self.program.name(), said.out);
        }
        Ok(said.err)
    }
}

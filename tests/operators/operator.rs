//! `jeroboam driver …`, or commands about something else, as somebody runs them.

use std::{collections::BTreeMap, path::PathBuf, process::Command};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// Someone at a prompt, with variables in the environment.
#[derive(Clone, Default)]
pub struct Operator {
    variables: BTreeMap<String, String>,
    flags: Vec<String>,
    /// What commands are about; `driver` if nothing is said.
    subject: Option<&'static str>,
    program: Option<(String, Vec<String>)>,
}

/// How a command ended, and what it said.
#[derive(Debug)]
pub struct Said {
    pub out: String,
    pub err: String,
    pub code: i32,
}

impl Operator {
    /// On this host.
    pub fn at_socket(path: PathBuf) -> Self {
        Self::default().with("JEROBOAM_SOCKET", &path.display().to_string())
    }

    /// Who logs in with these variables.
    pub fn with_variables(variables: BTreeMap<String, String>) -> Self {
        Self { variables, ..Self::default() }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.variables.remove(name);
        self
    }

    /// Adds arguments to each command.
    pub fn flag(mut self, words: &str) -> Self {
        self.flags.extend(words.split_whitespace().map(str::to_owned));
        self
    }

    /// Gives commands about something else than drivers.
    pub fn about(mut self, subject: &'static str) -> Self {
        self.subject = Some(subject);
        self
    }

    /// Runs commands through a program, such as one that changes the user.
    pub fn through(mut self, program: &str, arguments: &[&str]) -> Self {
        self.program = Some((program.to_owned(), arguments.iter().map(|word| (*word).to_owned()).collect()));
        self
    }

    pub fn command(&self, words: &[&str]) -> Result<Command> {
        let binary = jeroboam_tests::binary()?.canonicalize()?;
        let mut command = match &self.program {
            Some((program, arguments)) => {
                let mut command = Command::new(program);
                command.args(arguments).arg(binary);
                command
            }
            None => Command::new(binary),
        };
        let inherited = std::env::vars().filter(|(name, _)| !name.starts_with("OS_") && name != "JEROBOAM_SOCKET");
        command
            .arg(self.subject.unwrap_or("driver"))
            .args(words)
            .args(&self.flags)
            .env_clear()
            .envs(inherited)
            .envs(&self.variables);
        command.current_dir(std::env::temp_dir());
        Ok(command)
    }

    pub fn say(&self, words: &[&str]) -> Result<Said> {
        let output = self.command(words)?.output()?;
        Ok(Said {
            out: String::from_utf8(output.stdout)?,
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: output.status.code().context("the command was ended by a signal")?,
        })
    }

    /// What a command prints for people, if it ends with this code.
    pub fn ends(&self, code: i32, words: &[&str]) -> Result<String> {
        let said = self.say(words)?;
        ensure!(said.code == code, "jeroboam … {}: {said:#?}", words.join(" "));
        Ok(said.out + &said.err)
    }

    /// What a command prints for programs, if it ends with this code.
    pub fn json_ending(&self, code: i32, words: &[&str]) -> Result<Value> {
        let said = self.say(&[words, &["--format", "json"]].concat())?;
        ensure!(said.code == code, "jeroboam … {}: {said:#?}", words.join(" "));
        serde_json::from_str(&said.out).with_context(|| format!("{said:#?}"))
    }

    pub fn json(&self, words: &[&str]) -> Result<Value> {
        self.json_ending(0, words)
    }
}

//! `jeroboam dev` as a newcomer starts it.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::binary;

/// A running `jeroboam dev`; ended when dropped.
pub struct Dev {
    process: Child,
    /// What `source openrc` would set.
    pub variables: BTreeMap<String, String>,
    folder: TempDir,
}

impl Dev {
    /// On free ports, with everything that is simulated as fast as it goes, plus these arguments.
    pub fn start(arguments: &[&str]) -> Result<Self> {
        let folder = TempDir::new()?;
        let openrc = folder.path().join("openrc");
        let log = fs::File::create(folder.path().join("log"))?;
        let mut process = Command::new(binary()?)
            .args(["dev", "--port", "0", "--pace", "0.02", "--openrc"])
            .arg(&openrc)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let mut lines = BufReader::new(process.stdout.take().context("no standard output")?).lines();
        let ready = lines.by_ref().map_while(Result::ok).any(|line| line.starts_with("Ready"));
        if !ready {
            let _ = process.wait();
            bail!("jeroboam dev ended: {}", fs::read_to_string(folder.path().join("log"))?);
        }
        // Whatever else is printed must not fill the pipe.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let variables = parse(&fs::read_to_string(&openrc)?);
        Ok(Self { process, variables, folder })
    }

    /// What the daemon has logged.
    pub fn log(&self) -> Result<String> {
        Ok(fs::read_to_string(self.folder.path().join("log"))?)
    }

    /// A folder that lasts as long as this does.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_path_buf()
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if std::thread::panicking() {
            eprintln!("--- log of jeroboam dev\n{}", self.log().unwrap_or_default());
        }
    }
}

/// `export NAME=value` lines, with or without quotes.
fn parse(openrc: &str) -> BTreeMap<String, String> {
    openrc
        .lines()
        .filter_map(|line| line.trim().strip_prefix("export ")?.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.trim_matches(['\'', '"']).to_owned()))
        .collect()
}

//! `jeroboam dev` as a newcomer starts it.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    time::Duration,
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
    lines: Receiver<String>,
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
        let ready = lines.by_ref().map_while(Result::ok).find(|line| line.starts_with("Ready"));
        let Some(ready) = ready else {
            let _ = process.wait();
            bail!("jeroboam dev ended: {}", fs::read_to_string(folder.path().join("log"))?);
        };
        let (said, heard) = mpsc::channel();
        let _ = said.send(ready);
        // Whatever is printed must not fill the pipe, whether somebody reads it or not.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| _ = said.send(line)));
        let variables = parse(&fs::read_to_string(&openrc)?);
        Ok(Self { process, variables, folder, lines: heard })
    }

    /// The rest of the next line on standard output that begins so. Lines before it are gone then.
    pub fn printed(&self, beginning: &str) -> Result<String> {
        loop {
            let line =
                self.lines.recv_timeout(Duration::from_secs(60)).with_context(|| format!("'{beginning}' was not printed"))?;
            if let Some(rest) = line.strip_prefix(beginning) {
                return Ok(rest.to_owned());
            }
        }
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

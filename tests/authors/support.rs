//! An author's desk: a folder, and the binary.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;

/// Longer than the slowest toolchain takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);

pub struct Desk(TempDir);

/// How a command ended, and what it said.
pub struct Said {
    pub out: String,
    pub err: String,
    pub success: bool,
}

impl Desk {
    pub fn new() -> Result<Self> {
        Ok(Self(TempDir::new()?))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// `jeroboam driver …`, within a bound of time.
    pub fn driver(&self, words: &[&str]) -> Result<Said> {
        let stamp = words.first().copied().unwrap_or_default();
        let (out, err) = (self.path().join(format!(".{stamp}.out")), self.path().join(format!(".{stamp}.err")));
        let mut process = Command::new(jeroboam_tests::binary()?)
            .arg("driver")
            .args(words)
            .current_dir(self.path())
            .stdin(Stdio::null())
            .stdout(fs::File::create(&out)?)
            .stderr(fs::File::create(&err)?)
            .spawn()?;
        let started = Instant::now();
        let status = loop {
            if let Some(status) = process.try_wait()? {
                break status;
            }
            if started.elapsed() > PATIENCE {
                process.kill()?;
                process.wait()?;
                bail!("jeroboam driver {} took longer than {} s", words.join(" "), PATIENCE.as_secs());
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        Ok(Said { out: fs::read_to_string(out)?, err: fs::read_to_string(err)?, success: status.success() })
    }

    /// A command that must succeed.
    pub fn succeeds(&self, words: &[&str]) -> Result<String> {
        let said = self.driver(words)?;
        ensure!(said.success, "jeroboam driver {}\n{}{}", words.join(" "), said.out, said.err);
        Ok(said.out)
    }

    /// What a command complains of that must fail.
    pub fn fails(&self, words: &[&str]) -> Result<String> {
        let said = self.driver(words)?;
        ensure!(!said.success, "jeroboam driver {} succeeded:\n{}", words.join(" "), said.out);
        Ok(said.out + &said.err)
    }

    /// The report of `driver check`, whatever it says.
    pub fn report(&self, component: &str) -> Result<Value> {
        let said = self.driver(&["check", component, "--format", "json"])?;
        serde_json::from_str(&said.out).with_context(|| format!("{}{}", said.out, said.err))
    }

    /// Changes a file: every occurrence of a text, of which there has to be one.
    pub fn edit(&self, file: &str, from: &str, to: &str) -> Result<()> {
        let path = self.path().join(file);
        let text = fs::read_to_string(&path)?;
        ensure!(text.contains(from), "{file} does not contain {from:?}");
        Ok(fs::write(path, text.replace(from, to))?)
    }
}

/// The findings of a report that failed.
pub fn failed(report: &Value) -> Vec<&Value> {
    let findings = report["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
    findings.iter().filter(|finding| finding["verdict"] == "failed").collect()
}

/// A folder of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

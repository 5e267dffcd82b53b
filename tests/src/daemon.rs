//! `jeroboam serve` as a process, which may be killed.

use std::{
    fs,
    net::TcpListener,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use url::Url;

use crate::{binary, cloud::Cloud};

/// A place for a daemon: its configuration, its state, its port. Outlives the daemons that run there.
pub struct Place {
    folder: TempDir,
    pub port: u16,
}

pub struct Daemon {
    process: Child,
    log: PathBuf,
    url: Url,
}

impl Place {
    /// On a port that was free a moment ago.
    pub fn new() -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        Ok(Self { folder: TempDir::new()?, port })
    }

    /// On a port that others were told.
    pub fn at(port: u16) -> Result<Self> {
        Ok(Self { folder: TempDir::new()?, port })
    }

    /// Another one with the same state, on another port. No daemon may be running.
    pub fn copy(&self) -> Result<Self> {
        let copy = Self::new()?;
        let status = Command::new("cp").arg("-a").arg(self.state()).arg(copy.path()).status()?;
        anyhow::ensure!(status.success(), "cp: {status}");
        let own = |text: String| {
            let text = text.replace(&format!("\nport = {}\n", self.port), &format!("\nport = {}\n", copy.port));
            text.replace(&self.path().display().to_string(), &copy.path().display().to_string())
        };
        copy.write(&own(fs::read_to_string(self.configuration_file())?))?;
        Ok(copy)
    }

    /// Ends in `/v1`.
    pub fn url(&self) -> Result<Url> {
        Ok(Url::parse(&format!("http://127.0.0.1:{}/v1", self.port))?)
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes the configuration for a cloud.
    pub fn configure(&self, cloud: &Cloud, more: &str) -> Result<()> {
        self.write(&(cloud.configuration(self.port, &self.state()) + more))
    }

    /// Writes a configuration whose `state_path` is [`Self::state`].
    pub fn write(&self, text: &str) -> Result<()> {
        fs::create_dir_all(self.state())?;
        Ok(fs::write(self.configuration_file(), text)?)
    }

    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    pub fn configuration_file(&self) -> PathBuf {
        self.folder.path().join("magnum.conf")
    }

    /// Starts a daemon, and waits until it answers.
    pub async fn start(&self, variables: &[(&str, &str)]) -> Result<Daemon> {
        let mut daemon = self.spawn(variables)?;
        daemon.ready().await?;
        Ok(daemon)
    }

    /// Starts a daemon.
    pub fn spawn(&self, variables: &[(&str, &str)]) -> Result<Daemon> {
        let path = self.folder.path().join("log");
        let log = fs::OpenOptions::new().create(true).append(true).open(&path)?;
        let process = Command::new(binary()?)
            .arg("serve")
            .arg("--config-file")
            .arg(self.configuration_file())
            .envs(variables.iter().copied())
            .stderr(log)
            .spawn()?;
        Ok(Daemon { process, log: path, url: self.url()? })
    }

    /// The store's lines, of which each is a record. No daemon may be running.
    pub fn export(&self) -> Result<Vec<String>> {
        let output =
            Command::new(binary()?).args(["store", "export", "--config-file"]).arg(self.configuration_file()).output()?;
        if !output.status.success() {
            bail!("jeroboam store export: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect())
    }
}

impl Daemon {
    /// Answers once `/healthcheck` does; an error if the process ends before.
    pub async fn ready(&mut self) -> Result<()> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(2)).build()?;
        let url = self.url.join("/healthcheck")?;
        for _ in 0..1200 {
            if http.get(url.clone()).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            if let Some(status) = self.process.try_wait()? {
                bail!("jeroboam serve ended with {status}:\n{}", self.log()?);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("jeroboam serve does not answer:\n{}", self.log()?)
    }

    pub fn log(&self) -> Result<String> {
        Ok(fs::read_to_string(&self.log)?)
    }

    /// Memory that is its own, in MiB.
    pub fn resident_mib(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? / 1024)
    }

    /// `kill -9`.
    pub fn kill(&mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// SIGTERM, and the end it comes to.
    pub fn end(&mut self) -> Result<ExitStatus> {
        let status = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status()?;
        anyhow::ensure!(status.success(), "kill -TERM: {status}");
        Ok(self.process.wait()?)
    }

    /// Whether it has ended by a signal, and by which.
    pub fn fallen(&mut self) -> Result<Option<i32>> {
        self.process.try_wait()?.map(|status| status.signal().context("ended without a signal")).transpose()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if std::thread::panicking() {
            eprintln!("--- log of jeroboam serve\n{}", self.log().unwrap_or_default());
        }
    }
}

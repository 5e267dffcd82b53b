//! `jeroboam dev` beside the author: this binary once more, as a process that is started anew with the same state and port.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};

use crate::commands::driver::project::Project;

pub struct Dev {
    build: PathBuf,
    port: u16,
    process: Option<Child>,
}

impl Dev {
    pub fn new(project: &Project, port: u16) -> Self {
        Self { build: project.folder.join("build"), port, process: None }
    }

    /// Ends the one that runs, and starts one with the component that there is now.
    pub fn restart(&mut self) -> Result<()> {
        self.end();
        let log = std::fs::File::create(self.build.join("dev.log")).context("making build/dev.log")?;
        let mut command = Command::new(std::env::current_exe().context("finding this binary")?);
        command.args(["dev", "--port", &self.port.to_string(), "--drivers"]).arg(&self.build);
        command.arg("--state").arg(self.build.join("dev")).arg("--openrc").arg(self.build.join("openrc"));
        let process =
            command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn().context("starting jeroboam dev")?;
        self.process = Some(process);
        println!("\njeroboam dev runs on port {} with this component: source build/openrc; its log is build/dev.log", self.port);
        Ok(())
    }

    /// SIGTERM: it writes down the simulated cloud first.
    fn end(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        if let Some(pid) = i32::try_from(process.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process(pid, Signal::TERM);
        }
        let _ = process.wait();
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        self.end();
    }
}

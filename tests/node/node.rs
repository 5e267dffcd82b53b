//! A node's file system: this machine's, copy on write, with what the server's user data puts there, and doubles of the programs that only a booted system has.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use jeroboam_tests::site::Server;
use serde_json::Value;
use tempfile::TempDir;

use crate::tools::{Tools, said};

/// Each writes down what it was asked, and says yes.
const DOUBLES: &[&str] = &["systemctl", "hostnamectl", "journalctl", "restorecon", "modprobe", "sysctl"];

/// Where a node looks for programs first; see `drivers/common/node/lib.sh`.
const PROGRAMS: &str = "opt/jeroboam/bin";

pub struct Node {
    pub name: String,
    pub parameters: Value,
    /// Of the network namespace to run in; this machine's if there is none.
    pub namespace: Option<String>,
    folder: TempDir,
}

impl Node {
    /// Lays the server's user data out as Ignition does at the first boot.
    pub fn ignite(tools: &Tools, server: &Server) -> Result<Self> {
        let folder = TempDir::new()?;
        let node = Self { name: server.name.clone(), parameters: server.parameters.clone(), namespace: None, folder };
        node.mount()?;
        // Ignition asks for files to be relabelled; there is no SELinux here, so nothing is told to do it.
        node.write("etc/selinux/config", "SELINUX=disabled\nSELINUXTYPE=targeted\n", 0o644)?;
        node.write("etc/selinux/targeted/contexts/files/file_contexts", "", 0o644)?;
        let doubles = node.folder.path().join("doubles");
        fs::create_dir(&doubles)?;
        std::os::unix::fs::symlink("/bin/true", doubles.join("setfiles"))?;
        let path = format!("{}:{}", doubles.display(), std::env::var("PATH")?);
        let config = node.folder.path().join("config.ign");
        fs::write(&config, &server.user_data)?;
        for stage in ["fetch", "files"] {
            let own = |name: &str| node.folder.path().join(name);
            let mut ignition = tools.command("usr/lib/dracut/modules.d/30ignition/ignition");
            ignition.arg("-root").arg(node.root()).args(["-platform", "file", "-log-to-stdout", "-stage", stage]);
            ignition.arg("-config-cache").arg(own("cache.json")).arg("-state-file").arg(own("state"));
            ignition.arg("-neednet").arg(own("neednet")).env("IGNITION_CONFIG_FILE", &config).env("PATH", &path);
            let log = said(&mut ignition)?;
            ensure!(log.contains("Ignition finished successfully"), "{log}");
        }
        node.double(tools)?;
        node.install()?;
        Ok(node)
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    pub fn write(&self, path: &str, text: &str, mode: u32) -> Result<()> {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().context("a folder")?)?;
        // Not through a link of this machine's.
        let _ = fs::remove_file(&path);
        fs::write(&path, text)?;
        Ok(fs::set_permissions(&path, fs::Permissions::from_mode(mode))?)
    }

    pub fn read(&self, path: &str) -> Result<String> {
        fs::read_to_string(self.root().join(path)).with_context(|| format!("{path} of {}", self.name))
    }

    /// A program in the node's root and network.
    pub fn command(&self, program: &str) -> Command {
        let mut command = match &self.namespace {
            Some(namespace) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", namespace, "chroot"]);
                command
            }
            None => Command::new("chroot"),
        };
        command.arg(self.root()).arg(program);
        command.env("PATH", format!("/{PROGRAMS}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
        command
    }

    /// Has the deployment's parameters written down as the agent would; its steps are left to the caller.
    pub fn configure(&self) -> Result<()> {
        let steps = "/opt/jeroboam/libexec/configure.sh";
        let kept = self.read(&steps[1..])?;
        self.write(&steps[1..], "#!/bin/bash\n", 0o755)?;
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../drivers/common/node/configure-node.sh");
        said(self.command("/bin/bash").arg(script).env("parameters", self.parameters.to_string()))?;
        self.write(&steps[1..], &kept, 0o755)
    }

    fn mount(&self) -> Result<()> {
        let layers = self.folder.path().join("layers");
        fs::create_dir_all(&layers)?;
        fs::create_dir_all(self.root())?;
        said(Command::new("mount").args(["-t", "tmpfs", "tmpfs"]).arg(&layers))?;
        let (upper, work) = (layers.join("upper"), layers.join("work"));
        fs::create_dir(&upper)?;
        fs::create_dir(&work)?;
        let options = format!("lowerdir=/,upperdir={},workdir={}", upper.display(), work.display());
        said(Command::new("mount").args(["-t", "overlay", "overlay", "-o", &options]).arg(self.root()))?;
        for own in ["proc", "dev"] {
            said(Command::new("mount").args(["--bind", &format!("/{own}")]).arg(self.root().join(own)))?;
        }
        Ok(())
    }

    fn double(&self, tools: &Tools) -> Result<()> {
        for name in DOUBLES {
            let script = format!("#!/bin/sh\necho \"{name} $*\" >>/var/log/doubles\n");
            self.write(&format!("{PROGRAMS}/{name}"), &script, 0o755)?;
        }
        for name in ["jq", "etcdctl"] {
            let program = tools.path("usr/bin").join(name);
            let script =
                format!("#!/bin/sh\nLD_LIBRARY_PATH={} exec {} \"$@\"\n", tools.libraries().display(), program.display());
            self.write(&format!("{PROGRAMS}/{name}"), &script, 0o755)?;
        }
        Ok(())
    }

    /// Runs what the unit that Ignition enabled would run.
    fn install(&self) -> Result<()> {
        let unit = self.read("etc/systemd/system/jeroboam-install.service")?;
        for line in unit.lines().filter_map(|line| line.strip_prefix("ExecStart=")) {
            let mut words = line.split_whitespace();
            let program = words.next().context("a program")?;
            // The double, where there is one.
            let program = Path::new(program).file_name().and_then(|name| name.to_str()).context("a name")?;
            said(self.command("/usr/bin/env").arg(program).args(words))?;
        }
        Ok(())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        for path in ["root/dev", "root/proc", "root", "layers"] {
            let _ = Command::new("umount").arg("--lazy").arg(self.folder.path().join(path)).status();
        }
    }
}

/// The archive and the files that an Ignition configuration holds, by path.
pub fn files_of(ignition: &Value) -> Result<Vec<(String, Vec<u8>)>> {
    let files = ignition["storage"]["files"].as_array().context("storage.files")?;
    let decode = |file: &Value| {
        let source = file["contents"]["source"].as_str().context("a source")?;
        let data = source.strip_prefix("data:;base64,").with_context(|| format!("a source of another kind: {source:.40}"))?;
        Ok((file["path"].as_str().context("a path")?.to_owned(), BASE64_STANDARD.decode(data)?))
    };
    files.iter().map(decode).collect()
}

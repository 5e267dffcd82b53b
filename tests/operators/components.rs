//! Versions of a driver, built from what `driver new` writes.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

/// The driver's name, which is also the distribution that it is for.
pub const NAME: &str = "plain";

/// Components of one driver.
pub struct Components {
    folder: TempDir,
}

/// Built once in a run, and little more than once on a machine: cargo keeps what it has compiled.
pub fn components() -> &'static Components {
    static BUILT: OnceLock<Components> = OnceLock::new();
    BUILT.get_or_init(|| Components::build().unwrap())
}

impl Components {
    fn build() -> Result<Self> {
        let folder = TempDir::new()?;
        let project = folder.path().join(NAME);
        run(folder.path(), &["new", NAME])?;
        for (number, edit) in [
            ("0.1.0", None),
            // A number more, and nothing else.
            ("0.2.0", None),
            // A rule of a security group: changed in place.
            ("0.3.0", Some(("templates/cluster.yaml", "port_range_min: 6443", "port_range_min: 6440"))),
            // Nova cannot take a key off a server.
            ("0.4.0", Some(("templates/node.yaml", "      key_name: {if: [keyed, {get_param: keypair}]}\n", ""))),
        ] {
            if let Some((file, from, to)) = edit {
                replace(&project.join(file), from, to)?;
            }
            let manifest = project.join("Cargo.toml");
            let text = fs::read_to_string(&manifest)?;
            let line = text.lines().find(|line| line.starts_with("version = ")).context("a version")?;
            fs::write(&manifest, text.replacen(line, &format!("version = \"{number}\""), 1))?;
            run(folder.path(), &["build", NAME])?;
            let component = project.join(format!("build/{NAME}.wasm"));
            fs::copy(component, folder.path().join(format!("{NAME}@{number}.wasm")))?;
        }
        Ok(Self { folder })
    }

    /// The file of a version: NAME@NUMBER.wasm.
    pub fn file(&self, number: &str) -> PathBuf {
        self.folder.path().join(format!("{NAME}@{number}.wasm"))
    }
}

fn replace(file: &Path, from: &str, to: &str) -> Result<()> {
    let text = fs::read_to_string(file)?;
    ensure!(text.contains(from), "{} does not contain {from:?}", file.display());
    Ok(fs::write(file, text.replace(from, to))?)
}

fn run(folder: &Path, words: &[&str]) -> Result<()> {
    let mut command = Command::new(jeroboam_tests::binary()?.canonicalize()?);
    command.arg("driver").args(words).current_dir(folder).stdin(Stdio::null());
    command.env("CARGO_TARGET_DIR", concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tmp/operators"));
    let output = command.output()?;
    ensure!(
        output.status.success(),
        "{words:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

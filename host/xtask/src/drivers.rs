//! Builds the bundled drivers: each a Rust crate compiled for wasm, then made a component.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    run::{cargo, check, target},
    wasm_target::{self, TARGET},
};

#[derive(clap::Args)]
pub struct Arguments {
    /// Only drivers whose package name contains this.
    filter: Option<String>,
}

#[derive(clap::Args)]
pub struct ContractArguments {
    /// The example of jeroboam-driver-sdk.
    example: String,
    /// Where the component goes.
    file: PathBuf,
}

/// Builds an example of the SDK as a component.
pub fn build_contract_guest(arguments: &ContractArguments) -> Result<()> {
    compile(&wasm_target::ensure()?, &["--package", "jeroboam-driver-sdk", "--example", &arguments.example])?;
    let module = output().join("examples").join(format!("{}.wasm", arguments.example.replace('-', "_")));
    Ok(fs::write(&arguments.file, componentize(&module)?)?)
}

pub fn run(arguments: &Arguments) -> Result<()> {
    build_some(arguments.filter.as_deref()).map(drop)
}

/// A bundled driver: its package, and the file that its component becomes.
pub struct Driver {
    pub package: &'static str,
    pub file: &'static str,
}

pub const BUNDLED: &[Driver] = &[
    Driver { package: "jeroboam-driver-kubernetes", file: "kubernetes.wasm" },
    Driver { package: "jeroboam-driver-mesos", file: "mesos.wasm" },
    Driver { package: "jeroboam-driver-swarm", file: "swarm.wasm" },
    Driver { package: "jeroboam-driver-swarm-mode", file: "swarm-mode.wasm" },
];

/// Where components go, and where the daemon's build finds them.
pub fn directory() -> PathBuf {
    target().join("drivers")
}

/// Builds all of them; answers the files.
pub fn build() -> Result<Vec<PathBuf>> {
    build_some(None)
}

fn build_some(filter: Option<&str>) -> Result<Vec<PathBuf>> {
    let environment = wasm_target::ensure()?;
    fs::create_dir_all(directory())?;
    BUNDLED
        .iter()
        .filter(|driver| filter.is_none_or(|filter| driver.package.contains(filter)))
        .map(|driver| {
            compile(&environment, &["--package", driver.package])?;
            let module = output().join(format!("{}.wasm", driver.package.replace('-', "_")));
            let component = directory().join(driver.file);
            let bytes = componentize(&module)?;
            // Written only if it differs: the daemon embeds it, and would be built again.
            if fs::read(&component).ok().as_deref() != Some(&bytes) {
                fs::write(&component, &bytes)?;
            }
            eprintln!("{} ({} KiB)", component.display(), bytes.len() / 1024);
            Ok(component)
        })
        .collect()
}

/// The guest that `jeroboam-plugins` tests the contract with: a core module, not among the bundled ones.
pub fn build_test_guest() -> Result<PathBuf> {
    compile(&wasm_target::ensure()?, &["--package", "jeroboam-driver-sdk", "--example", "puppet"])?;
    Ok(output().join("examples/puppet.wasm"))
}

/// Apart from the host's builds: another rustc would make cargo build everything anew.
fn guests() -> PathBuf {
    target().join("guests")
}

fn output() -> PathBuf {
    guests().join(TARGET).join("driver")
}

fn compile(environment: &[(OsString, OsString)], what: &[&str]) -> Result<()> {
    check(
        cargo()
            .args(["build", "--quiet", "--profile", "driver", "--target", TARGET, "--target-dir"])
            .arg(guests())
            .args(what)
            .envs(environment.iter().cloned())
            .env_remove("RUSTFLAGS"),
    )
}

fn componentize(module: &Path) -> Result<Vec<u8>> {
    let bytes = fs::read(module).with_context(|| format!("reading {}", module.display()))?;
    let mut encoder = wit_component::ComponentEncoder::default().validate(true).module(&bytes)?;
    encoder.encode().with_context(|| format!("making a component of {}", module.display()))
}

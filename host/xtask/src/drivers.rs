//! Builds the bundled drivers: each a Rust crate compiled for wasm, then made a component.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    run::{cargo, check, target},
    wasm_target::{self, TARGET},
};

/// A bundled driver: its package, and the file that its component becomes.
pub struct Driver {
    pub package: &'static str,
    pub file: &'static str,
}

pub const BUNDLED: &[Driver] = &[Driver { package: "jeroboam-driver-kubernetes", file: "kubernetes.wasm" }];

/// Where components go, and where the daemon's build finds them.
pub fn directory() -> PathBuf {
    target().join("drivers")
}

/// Builds all of them; answers the files.
pub fn build() -> Result<Vec<PathBuf>> {
    let environment = wasm_target::ensure()?;
    // Apart from the host's: another rustc would make cargo build everything anew.
    let guests = target().join("guests");
    fs::create_dir_all(directory())?;
    BUNDLED
        .iter()
        .map(|driver| {
            check(
                cargo()
                    .args(["build", "--profile", "driver", "--target", TARGET, "--package", driver.package, "--target-dir"])
                    .arg(&guests)
                    .envs(environment.iter().cloned())
                    .env_remove("RUSTFLAGS"),
            )?;
            let module = guests.join(TARGET).join("driver").join(format!("{}.wasm", driver.package.replace('-', "_")));
            let component = directory().join(driver.file);
            let bytes = componentize(&fs::read(&module).with_context(|| format!("reading {}", module.display()))?)
                .with_context(|| format!("making a component of {}", driver.package))?;
            // Written only if it differs: the daemon embeds it, and would be built again.
            if fs::read(&component).ok().as_deref() != Some(&bytes) {
                fs::write(&component, &bytes)?;
            }
            eprintln!("{} ({} KiB)", component.display(), bytes.len() / 1024);
            Ok(component)
        })
        .collect()
}

fn componentize(module: &[u8]) -> Result<Vec<u8>> {
    wit_component::ComponentEncoder::default().validate(true).module(module)?.encode()
}

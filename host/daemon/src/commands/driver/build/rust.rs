//! Rust: cargo makes a core module for `wasm32-unknown-unknown`, which has no WASI to import; it is made a component here.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::commands::driver::project::{Project, cargo_package, cargo_target};

const TARGET: &str = "wasm32-unknown-unknown";

/// Small components without unwinding, whatever the project's own profile says.
const PROFILE: &[&str] = &[
    "profile.release.opt-level='s'",
    "profile.release.lto=true",
    "profile.release.codegen-units=1",
    "profile.release.panic='abort'",
    "profile.release.strip=true",
];

pub fn build(project: &Project, component: &Path) -> Result<()> {
    let compiler = compiler()?;
    let module = module(project)?;
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--lib", "--target", TARGET, "--manifest-path"]).arg(project.folder.join("Cargo.toml"));
    cargo
        .args(PROFILE.iter().flat_map(|line| ["--config", line]))
        .envs(compiler.map(|rustc| ("RUSTC", rustc)))
        .env_remove("RUSTFLAGS");
    // Its own words point at lines of the author's: they are shown as they come.
    let status = cargo.stdin(Stdio::null()).status().context("starting cargo")?;
    if !status.success() {
        bail!("cargo did not build {}: see above", project.name);
    }
    let bytes = fs::read(&module).with_context(|| {
        format!("cargo made no {}: set `crate-type = [\"cdylib\", \"rlib\"]` in [lib] of Cargo.toml", module.display())
    })?;
    let made = wit_component::ComponentEncoder::default().validate(true).module(&bytes).and_then(|mut encoder| encoder.encode());
    let bytes = made.map_err(|error| {
        anyhow::anyhow!(
            "{error:#}\nIt is no driver's module: the crate has to end in `export_driver!(…)`, and must not depend on crates that expect JavaScript, WASI or a source of randomness (chrono's \
             default features, getrandom)"
        )
    })?;
    fs::write(component, bytes).with_context(|| format!("writing {}", component.display()))
}

/// Where cargo puts the library.
fn module(project: &Project) -> Result<PathBuf> {
    let package = cargo_package(&project.folder)?;
    let targets = package.get("targets").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_library = |target: &&Value| {
        let kinds = target.get("kind").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        kinds.iter().any(|kind| kind == "cdylib")
    };
    let library = targets.iter().find(is_library).and_then(|target| target.get("name")).and_then(Value::as_str);
    let library = library.context("the package has no cdylib: add `[lib] crate-type = [\"cdylib\", \"rlib\"]` to Cargo.toml")?;
    Ok(cargo_target(&project.folder)?.join(TARGET).join("release").join(format!("{}.wasm", library.replace('-', "_"))))
}

/// Nothing if the rustc that cargo would take can compile for the target; one that can, if this machine has another.
fn compiler() -> Result<Option<PathBuf>> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    if has_library(Path::new(&rustc)) {
        return Ok(None);
    }
    // Made by this project's own chores, where rustup cannot fetch anything.
    let cached =
        super::super::cache::home().map(|home| home.join("wasm-toolchain/current/rustc")).filter(|rustc| has_library(rustc));
    if cached.is_none() {
        bail!(
            "rustc has no standard library for {TARGET}: run `rustup target add {TARGET}`; without rustup, install your distribution's package for it (Debian: \
             libstd-rust-dev-wasm32), or set RUSTC to a rustc that has it"
        );
    }
    Ok(cached)
}

/// Asks rustc, not rustup, so that distributions' toolchains count too.
fn has_library(rustc: &Path) -> bool {
    let asked = Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).stderr(Stdio::null()).output();
    let folder = asked
        .ok()
        .filter(|output| output.status.success())
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let files = folder.and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    files.map(|file| file.file_name()).any(|name| name.to_string_lossy().starts_with("libcore-"))
}

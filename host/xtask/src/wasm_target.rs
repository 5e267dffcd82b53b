//! A rustc that can compile for `wasm32-unknown-unknown`.
//!
//! In this order: the rustc that is there, if it has the target's standard library; a toolchain that was made before; `rustup target add`; and where rustup
//! cannot fetch anything, Debian's packages of rustc for the web, unpacked into the cache directory (nothing is installed, no root is needed), with a standard
//! library built once from their sources.

use std::{
    ffi::OsString,
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::run::{cache, check, output, rustc};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// Part of the cached toolchain's name: cargo does not notice a sysroot that changed under the same name.
const RECIPE: &str = "r1";

/// How long rustup may try: where its server is out of reach it would retry for minutes.
const RUSTUP_PATIENCE: Duration = Duration::from_secs(20);

/// What to add to the environment of a guest's build; empty on an ordinary machine.
pub fn ensure() -> Result<Vec<(OsString, OsString)>> {
    if has_library(&rustc()) {
        return Ok(Vec::new());
    }
    let toolchains = cache()?.join("wasm-toolchain");
    if let Some(rustc) = cached(&toolchains) {
        return Ok(environment(rustc));
    }
    if rustup_adds_it() && has_library(&rustc()) {
        return Ok(Vec::new());
    }
    if output(Command::new("apt-cache").args(["show", "rust-web-src"])).is_some_and(|text| !text.is_empty()) || apt_update() {
        eprintln!("building a standard library for {TARGET} from Debian's packages, once (about a minute)");
        from_debian(&toolchains).with_context(|| format!("building a standard library for {TARGET}"))?;
        if let Some(rustc) = cached(&toolchains) {
            return Ok(environment(rustc));
        }
    }
    bail!("rustc has no standard library for {TARGET}: run `rustup target add {TARGET}`, or set RUSTC to a rustc that has it")
}

fn environment(rustc: PathBuf) -> Vec<(OsString, OsString)> {
    vec![("RUSTC".into(), rustc.into())]
}

/// Asks rustc, not rustup, so that distributions' toolchains count too.
fn has_library(rustc: &std::ffi::OsStr) -> bool {
    output(Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]))
        .and_then(|directory| fs::read_dir(directory).ok())
        .is_some_and(|files| {
            files.flatten().any(|file| {
                let name = file.file_name();
                let name = name.to_string_lossy();
                name.starts_with("libcore-") && name.ends_with(".rlib")
            })
        })
}

fn cached(toolchains: &Path) -> Option<PathBuf> {
    // Resolved, because the name behind the link carries the version.
    let rustc = fs::canonicalize(toolchains.join("current")).ok()?.join("rustc");
    has_library(rustc.as_os_str()).then_some(rustc)
}

fn rustup_adds_it() -> bool {
    let rustup = Command::new("rustup")
        .args(["target", "add", TARGET])
        .current_dir(crate::run::root())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut rustup) = rustup else { return false };
    let started = Instant::now();
    while started.elapsed() < RUSTUP_PATIENCE {
        match rustup.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => thread::sleep(Duration::from_millis(100)),
            Err(_) => break,
        }
    }
    let _ = rustup.kill();
    let _ = rustup.wait();
    false
}

/// A new machine has no package lists yet; only root can fetch them.
fn apt_update() -> bool {
    output(Command::new("id").arg("-u")).as_deref() == Some("0")
        && check(Command::new("apt-get").args(["-qq", "update"])).is_ok()
        && output(Command::new("apt-cache").args(["show", "rust-web-src"])).is_some_and(|text| !text.is_empty())
}

fn from_debian(toolchains: &Path) -> Result<()> {
    let work = toolchains.join(format!("new-{}", std::process::id()));
    let unpacked = work.join("root");
    fs::create_dir_all(&unpacked)?;
    unpack(&work, &unpacked)?;
    let compiler = place(toolchains, &unpacked)?;
    build_library(&work, &compiler)?;
    fs::remove_dir_all(&work)?;
    // Last, so that a half-made toolchain is never taken for one.
    let current = toolchains.join("current");
    let _ = fs::remove_file(&current);
    symlink(compiler.file_name().context("the toolchain has no name")?, &current)?;
    Ok(())
}

/// Downloads the packages and unpacks them into `root`.
fn unpack(work: &Path, root: &Path) -> Result<()> {
    let packages = work.join("packages");
    fs::create_dir_all(&packages)?;
    let library = dependency("libstd-rust-web-dev", "libstd-rust-web-")?;
    let llvm = dependency(&library, "libllvm")?;
    check(Command::new("apt-get").current_dir(&packages).args([
        "-qq",
        "download",
        "rustc-web",
        "libstd-rust-web-dev",
        "rust-web-src",
        &library,
        &llvm,
    ]))?;
    for package in fs::read_dir(&packages)?.flatten() {
        check(Command::new("dpkg-deb").arg("-x").arg(package.path()).arg(root))?;
    }
    fs::remove_dir_all(&packages)?;
    // The compiler's own sources, 340 MiB, are of no use here.
    if let Ok(sources) = fs::canonicalize(root.join("usr/lib/rustlib/src/rust")) {
        for directory in ["compiler", "src", "debian"] {
            let _ = fs::remove_dir_all(sources.join(directory));
        }
    }
    Ok(())
}

fn dependency(package: &str, prefix: &str) -> Result<String> {
    output(Command::new("apt-cache").args(["depends", "--no-recommends", "--no-suggests", package]))
        .and_then(|text| {
            text.lines()
                .filter_map(|line| line.trim().strip_prefix("Depends: "))
                .find(|name| name.starts_with(prefix))
                .map(str::to_owned)
        })
        .with_context(|| format!("{package} does not depend on {prefix}*"))
}

/// Gives the unpacked compiler a linker and a wrapper that finds its libraries, and moves it to where it stays.
fn place(toolchains: &Path, root: &Path) -> Result<PathBuf> {
    let linker = linker().context("there is no rust-lld and no wasm-ld: install lld")?;
    let tools = root.join("usr/lib/rustlib/x86_64-unknown-linux-gnu/bin");
    fs::create_dir_all(&tools)?;
    symlink(linker, tools.join("rust-lld"))?;
    let version =
        output(Command::new(root.join("usr/bin/rustc")).arg("-V").env("LD_LIBRARY_PATH", root.join("usr/lib/x86_64-linux-gnu")))
            .context("the unpacked rustc does not start")?;
    let number = version.split_whitespace().nth(1).unwrap_or("unknown");
    let compiler = toolchains.join(format!("{number}-{RECIPE}"));
    let _ = fs::remove_dir_all(&compiler);
    fs::rename(root, &compiler)?;
    let wrapper = compiler.join("rustc");
    let script = format!(
        "#!/bin/sh\nroot='{}'\nLD_LIBRARY_PATH=\"$root/usr/lib/x86_64-linux-gnu${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}\" exec \"$root/usr/bin/rustc\" \"$@\"\n",
        compiler.display()
    );
    fs::write(&wrapper, script)?;
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
    Ok(compiler)
}

/// One throw-away build makes the standard library, which is then copied into the compiler's sysroot.
fn build_library(work: &Path, compiler: &Path) -> Result<()> {
    let package = work.join("library");
    fs::create_dir_all(package.join("src"))?;
    fs::write(package.join("src/lib.rs"), "#![no_std]\n")?;
    fs::write(
        package.join("Cargo.toml"),
        "[package]\nname = \"sysroot\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[profile.release]\npanic = \"abort\"\n[workspace]\n",
    )?;
    check(
        crate::run::cargo()
            .current_dir(&package)
            .args(["build", "--quiet", "--release", "-Zbuild-std=std,panic_abort", "--target", TARGET])
            .env("RUSTC", compiler.join("rustc"))
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", package.join("target"))
            // Without it a guest built with LTO fails: "Can't find section .llvmbc".
            .env("CARGO_ENCODED_RUSTFLAGS", "-Cembed-bitcode=yes")
            .env_remove("RUSTFLAGS")
            .env_remove("RUSTC_WRAPPER"),
    )?;
    let library = compiler.join("usr/lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&library)?;
    for file in fs::read_dir(package.join("target").join(TARGET).join("release/deps"))?.flatten() {
        let name = file.file_name();
        let text = name.to_string_lossy();
        if text.ends_with(".rlib") && !text.starts_with("libsysroot-") {
            fs::copy(file.path(), library.join(&name))?;
        }
    }
    Ok(())
}

fn linker() -> Option<PathBuf> {
    let beside_rustc = output(Command::new(rustc()).args(["--print", "target-libdir"]))
        .map(|directory| Path::new(&directory).join("../bin/rust-lld"))
        .filter(|path| path.exists());
    let found = beside_rustc.or_else(|| {
        let names = ["rust-lld", "wasm-ld", "wasm-ld-22", "wasm-ld-19", "wasm-ld-16", "wasm-ld-14"];
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path)
            .flat_map(|directory| names.map(|name| directory.join(name)))
            .find(|candidate| candidate.exists())
    })?;
    fs::canonicalize(found).ok()
}

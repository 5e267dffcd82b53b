//! Puts the bundled drivers into the binary: every component in `target/drivers`, where `cargo xtask drivers` leaves them, or in the folder that
//! `JEROBOAM_BUNDLE` names. Without any, the daemon has only what its drivers directory holds.

use std::{
    env,
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=JEROBOAM_BUNDLE");
    println!("cargo::rerun-if-env-changed=CARGO_TARGET_DIR");
    let folder = env::var_os("JEROBOAM_BUNDLE").map_or_else(built_drivers, PathBuf::from);
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .map(|entries| entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "wasm")).collect())
        .unwrap_or_default();
    files.sort();
    let mut table = String::from("&[\n");
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let _ = writeln!(table, "    ({name:?}, include_bytes!({:?}).as_slice()),", file.display().to_string());
    }
    table.push(']');
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    fs::write(out.join("bundled.rs"), table)
}

fn built_drivers() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    target.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target")).join("drivers")
}

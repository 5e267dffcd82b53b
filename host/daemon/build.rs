//! Puts files into the binary: the bundled drivers, and what `jeroboam driver new` writes.
//!
//! Drivers are every component in `target/drivers`, where `cargo xtask drivers` leaves them, or in the folder that `JEROBOAM_BUNDLE` names. Without any, the daemon
//! has only what its drivers directory holds. What `driver new` writes are the examples in `drivers/examples`, with the SDK and the contract.

use std::{
    env,
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=JEROBOAM_BUNDLE");
    println!("cargo::rerun-if-env-changed=CARGO_TARGET_DIR");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    fs::write(out.join("bundled.rs"), components()?)?;
    fs::write(out.join("project_files.rs"), project_files()?)
}

fn components() -> io::Result<String> {
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
    Ok(table)
}

fn built_drivers() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    target.unwrap_or_else(|| repository().join("target")).join("drivers")
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What tools make in an example that somebody built in the tree.
const MADE: &[&str] = &["build", "node_modules", "target", "__pycache__", "package-lock.json", "Cargo.lock"];

/// Each file of each tree: tree, path, text.
fn project_files() -> io::Result<String> {
    let trees = [
        ("rust", "drivers/examples/rust"),
        ("python", "drivers/examples/python"),
        ("javascript", "drivers/examples/javascript"),
        ("sdk", "drivers/sdk"),
    ];
    let mut table = String::from("&[\n");
    for (tree, folder) in trees {
        let folder = repository().join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        list(tree, &folder, "", &mut table)?;
    }
    table.push(']');
    Ok(table)
}

/// Follows links: the examples share templates, scenarios and the contract.
fn list(tree: &str, folder: &Path, prefix: &str, table: &mut String) -> io::Result<()> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if MADE.contains(&name.as_str()) {
            continue;
        }
        // What a link points at is not looked into by cargo.
        println!("cargo::rerun-if-changed={}", path.display());
        let below = format!("{prefix}{name}");
        if path.is_dir() {
            list(tree, &path, &format!("{below}/"), table)?;
        } else {
            let _ = writeln!(table, "    ({tree:?}, {below:?}, include_str!({:?})),", path.canonicalize()?.display().to_string());
        }
    }
    Ok(())
}

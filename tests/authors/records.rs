//! A recorded call becomes a test: it passes with the driver that made it, fails where another version answers otherwise, and is blessed. In Python, because
//! recording is the host's doing and no language's.

use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::support::Desk;

#[test]
fn a_record_becomes_a_test_of_what_the_driver_answers() -> Result<()> {
    let desk = Desk::new()?;
    desk.succeeds(&["new", "mine", "--lang", "python"])?;
    desk.succeeds(&["build", "mine"])?;
    desk.succeeds(&["test", "mine", "--only", "life", "--record", "calls"])?;
    let define = first(&desk, "calls", "define-stack")?;

    desk.succeeds(&["replay", "calls", "--with", "mine/build/mine.wasm"])?;
    fs::create_dir(desk.path().join("mine/records"))?;
    let kept = "mine/records/define.json";
    fs::copy(desk.path().join(&define), desk.path().join(kept))?;
    let told = desk.succeeds(&["test", "mine", "--only", "define"])?;
    ensure!(told.contains("records/define"), "{told}");

    desk.edit("mine/labels.py", "10.0.0.0/24", "10.7.0.0/24")?;
    desk.succeeds(&["build", "mine"])?;
    let said = desk.driver(&["replay", kept, "--with", "mine/build/mine.wasm", "--format", "json"])?;
    ensure!(!said.success, "it answers otherwise");
    let report: Value = serde_json::from_str(&said.out).context(said.err)?;
    let changes = &report["records"][0]["changes"];
    ensure!(report["verdict"] == "different" && changes.as_array().map(Vec::len) == Some(1), "{report:#}");
    ensure!(changes[0]["text"] == "parameters", "{report:#}");
    ensure!(changes[0]["removed"] == serde_json::json!(["subnet_cidr: text \"10.0.0.0/24\""]), "{report:#}");
    ensure!(changes[0]["added"] == serde_json::json!(["subnet_cidr: text \"10.7.0.0/24\""]), "{report:#}");

    let complaint = desk.fails(&["test", "mine", "--only", "define"])?;
    ensure!(complaint.contains("+ subnet_cidr: text \"10.7.0.0/24\""), "{complaint}");
    desk.succeeds(&["replay", kept, "--with", "mine/build/mine.wasm", "--save", kept])?;
    desk.succeeds(&["test", "mine", "--only", "define"])?;

    fs::write(desk.path().join("mine/records/broken.json"), "{\"format\": 1}")?;
    let complaint = desk.fails(&["test", "mine", "--only", "broken"])?;
    ensure!(complaint.contains("broken.json is no record of a call"), "{complaint}");
    Ok(())
}

/// The first record of a function in the folder.
fn first(desk: &Desk, folder: &str, function: &str) -> Result<String> {
    let mut names: Vec<String> =
        fs::read_dir(desk.path().join(folder))?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let name = names.into_iter().find(|name| name.ends_with(&format!("-{function}.json"))).context("the function was called")?;
    Ok(format!("{folder}/{name}"))
}

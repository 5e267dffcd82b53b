//! `new`, `build`, `check`, `test`, for each language.

use anyhow::{Result, ensure};

use crate::support::{Desk, failed};

#[test]
fn a_rust_driver_makes_a_cluster() -> Result<()> {
    // 3 MB is what a driver in Rust may have.
    from_nothing_to_a_cluster("rust", 3 << 20)
}

#[test]
fn a_python_driver_makes_a_cluster() -> Result<()> {
    from_nothing_to_a_cluster("python", 40 << 20)
}

#[test]
fn a_javascript_driver_makes_a_cluster() -> Result<()> {
    from_nothing_to_a_cluster("js", 40 << 20)
}

fn from_nothing_to_a_cluster(language: &str, most_bytes: u64) -> Result<()> {
    let desk = Desk::new()?;
    desk.succeeds(&["new", "my-driver", "--lang", language])?;
    desk.succeeds(&["build", "my-driver"])?;

    let report = desk.report("my-driver/build/my-driver.wasm")?;
    ensure!(failed(&report).is_empty(), "{report:#}");
    ensure!(report["driver"]["name"] == "my-driver", "{report:#}");
    ensure!(report["driver"]["cluster_types"][0] == "(vm, my-driver, kubernetes)", "{report:#}");
    ensure!(report["grants"].as_array().is_some_and(Vec::is_empty), "an operator has nothing to grant: {report:#}");
    let bytes = report["figures"]["component_bytes"].as_u64().unwrap_or(u64::MAX);
    ensure!(bytes <= most_bytes, "{bytes} bytes");
    ensure!(report["figures"]["define_stack_us"].as_u64().is_some(), "{report:#}");

    let told = desk.succeeds(&["test", "my-driver"])?;
    for scenario in ["life", "private", "refused", "no-hosts"] {
        ensure!(told.lines().any(|line| line.starts_with("ok") && line.contains(scenario)), "{scenario}: {told}");
    }
    println!("{language}: {} KiB, define-stack {} µs", bytes / 1024, report["figures"]["define_stack_us"]);
    Ok(())
}

#[test]
fn nothing_is_written_over() -> Result<()> {
    let desk = Desk::new()?;
    desk.succeeds(&["new", "mine", "--lang", "python"])?;
    let complaint = desk.fails(&["new", "mine", "--lang", "rust"])?;
    ensure!(complaint.contains("mine is there already"), "{complaint}");
    ensure!(!desk.path().join("mine/Cargo.toml").exists(), "the first project is as it was");
    Ok(())
}

#[test]
fn a_name_that_no_driver_can_have_is_refused() -> Result<()> {
    let desk = Desk::new()?;
    for name in ["My-Driver", "../mine", "1st"] {
        let complaint = desk.fails(&["new", name])?;
        ensure!(complaint.contains("[a-z][a-z0-9-]*"), "{complaint}");
    }
    Ok(())
}

#[test]
fn a_folder_that_is_no_project_is_told_apart() -> Result<()> {
    let desk = Desk::new()?;
    let complaint = desk.fails(&["build", "."])?;
    ensure!(complaint.contains("Cargo.toml, pyproject.toml or package.json"), "{complaint}");
    Ok(())
}

//! Documents that are made from the code: written by `cargo xtask docs`, compared by `cargo xtask test`.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};

use crate::{
    dev,
    run::{cargo, check, root, target},
};

#[derive(clap::Args)]
pub struct Arguments {
    /// Write nothing; fail if a document is out of date.
    #[arg(long)]
    check: bool,
}

/// A generated document: its place, and the words of `jeroboam` that print it.
const DOCUMENTS: &[(&str, &[&str])] = &[
    ("host/docs/commands.md", &["docs", "commands"]),
    ("host/docs/drivers-api.json", &["docs", "drivers-api"]),
    ("host/docs/operations-api.json", &["docs", "operations-api"]),
    ("host/docs/metrics.md", &["docs", "metrics"]),
    ("host/docs/jeroboam.conf.sample", &["config", "sample"]),
    ("host/docs/policy.yaml.sample", &["docs", "policy"]),
    ("drivers/kubernetes/LABELS.md", &["docs", "labels", "kubernetes"]),
    ("drivers/mesos/LABELS.md", &["docs", "labels", "mesos"]),
    ("drivers/swarm/LABELS.md", &["docs", "labels", "swarm"]),
    ("drivers/swarm-mode/LABELS.md", &["docs", "labels", "swarm-mode"]),
    ("wit/README.md", &["docs", "contract"]),
];

pub fn run(arguments: &Arguments) -> Result<()> {
    let mut documents = generate()?;
    documents.push(of_suite("hostile", "list::", "JEROBOAM_HOSTILE_LIST", "hostile-drivers.md")?);
    documents.push(of_suite("tenancy", "table::", "JEROBOAM_TENANCY_TABLE", "tenancy.md")?);
    if arguments.check {
        compare(documents)
    } else {
        documents.into_iter().try_for_each(|(path, text)| Ok(fs::write(path, text)?))
    }
}

/// Fails with the names of those that are out of date. Those of suites are compared by them.
pub fn check_all() -> Result<()> {
    compare(generate()?)
}

fn compare(documents: Vec<(PathBuf, String)>) -> Result<()> {
    let stale: Vec<String> = documents
        .into_iter()
        .filter(|(path, text)| fs::read_to_string(path).ok().as_ref() != Some(text))
        .map(|(path, _)| path.display().to_string())
        .collect();
    if !stale.is_empty() {
        bail!("out of date, run `cargo xtask docs`: {}", stale.join(", "));
    }
    Ok(())
}

/// What is known once a suite has seen it: what became of hostile drivers, and who was answered with what.
fn of_suite(suite: &str, test: &str, variable: &str, document: &str) -> Result<(PathBuf, String)> {
    let written = target().join(document);
    check(
        cargo()
            .args(["test", "--quiet", "--package", "jeroboam-tests", "--test", suite, "--", test])
            .env("JEROBOAM_BIN", dev::build(false)?)
            .env(variable, &written),
    )?;
    Ok((root().join("host/docs").join(document), fs::read_to_string(written)?))
}

fn generate() -> Result<Vec<(PathBuf, String)>> {
    let daemon = dev::build(false)?;
    DOCUMENTS
        .iter()
        .map(|(path, words)| {
            let output = Command::new(&daemon).args(*words).output()?;
            if !output.status.success() {
                bail!("jeroboam {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr));
            }
            Ok((root().join(path), String::from_utf8(output.stdout).context("not UTF-8")?))
        })
        .collect()
}

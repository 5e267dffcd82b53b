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
    documents.push(hostile_drivers()?);
    if arguments.check {
        compare(documents)
    } else {
        documents.into_iter().try_for_each(|(path, text)| Ok(fs::write(path, text)?))
    }
}

/// Fails with the names of those that are out of date. The list of hostile drivers is compared by their suite.
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

/// What became of each hostile driver, which is known once they were called.
fn hostile_drivers() -> Result<(PathBuf, String)> {
    let list = target().join("hostile-drivers.md");
    check(
        cargo()
            .args(["test", "--quiet", "--package", "jeroboam-tests", "--test", "hostile", "--", "list::"])
            .env("JEROBOAM_HOSTILE_LIST", &list),
    )?;
    Ok((root().join("host/docs/hostile-drivers.md"), fs::read_to_string(list)?))
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

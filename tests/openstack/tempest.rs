//! The tests that OpenStack itself has for this API: magnum-tempest-plugin, under tempest with users of its own making.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use tokio::process::Command;

use crate::rig::Rig;

/// Upstream leaves these out of the job that runs the others, in both of their classes. The first looks into pods, which the servers here have none
/// of; the second asks for a cluster without workers in a version of the API that has none.
const EXCLUDED: [&str; 4] = [
    "magnum_tempest_plugin.tests.api.v1.test_cluster.ClusterTest.test_create_list_sign_delete_clusters",
    "magnum_tempest_plugin.tests.api.v1.test_cluster.ClusterTest.test_create_cluster_with_zero_nodes",
    "magnum_tempest_plugin.tests.api.v1.rbac.test_cluster.ClusterTest.test_create_list_sign_delete_clusters",
    "magnum_tempest_plugin.tests.api.v1.rbac.test_cluster.ClusterTest.test_create_cluster_with_zero_nodes",
];

/// What `rig/tempest/run.py` prints.
#[derive(Deserialize)]
struct Report {
    /// Every test that there is.
    listed: BTreeSet<String>,
    results: Vec<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    name: String,
    status: String,
    reason: String,
}

/// Every test but those excluded passes: one that was skipped, or did not run, fails this too. Answers how many there were.
pub async fn run(rig: &Rig) -> Result<usize> {
    let report = report(rig).await?;
    let excluded = BTreeSet::from(EXCLUDED.map(str::to_owned));
    ensure!(excluded.is_subset(&report.listed), "the plugin has no such tests as are excluded; it has {:#?}", report.listed);
    let failed = report.results.iter().filter(|outcome| outcome.status != "success");
    let failed: Vec<_> = failed.map(|outcome| format!("{}: {}\n{}", outcome.name, outcome.status, outcome.reason)).collect();
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    let passed: BTreeSet<String> = report.results.into_iter().map(|outcome| outcome.name).collect();
    let wanted: BTreeSet<String> = report.listed.difference(&excluded).cloned().collect();
    ensure!(passed == wanted, "did not run: {:#?}", wanted.difference(&passed));
    ensure!(passed.iter().any(|name| name.contains(".rbac.")), "no test with roles of its own ran: {passed:#?}");
    Ok(passed.len())
}

async fn report(rig: &Rig) -> Result<Report> {
    let log = rig.folder.join("log");
    let output = Command::new(rig.folder.join("tempest/bin/python"))
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/openstack/rig/tempest/run.py"))
        .arg(rig.folder.join("tempest/workspace"))
        .arg(&log)
        .args(EXCLUDED)
        .envs(["AUTH_URL", "PASSWORD", "REGION"].map(|name| (name, rig.setting(name).unwrap_or_default())))
        .output()
        .await
        .context("starting tempest")?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "tempest: {}\n{errors}", output.status);
    serde_json::from_slice(&output.stdout)
        .with_context(|| format!("tempest's results: {}\n{errors}", String::from_utf8_lossy(&output.stdout)))
}

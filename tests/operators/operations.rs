//! What is done to clusters, as commands tell of it, try it again and stop it.

use anyhow::{Context, Result, ensure};
use jeroboam_devcloud::{
    Who,
    faults::{Fault, ResourceFault},
};
use jeroboam_tests::cluster;
use serde_json::json;

use crate::{operator::Operator, site::Site};

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_failed_is_looked_into_and_made_whole() -> Result<()> {
    let site = Site::open("").await?;
    let fault =
        json!({"resource_type": "OS::Nova::Server", "action": "CREATE", "reason": "No valid host was found.", "times": 1});
    site.cloud.devcloud.faults().add(Fault::Resource(serde_json::from_value::<ResourceFault>(fault)?));
    let template = cluster::template(&site.user, &json!({})).await?;
    let id = cluster::create(&site.user, &template).await?;
    cluster::becomes(&site.user, &id, "CREATE_FAILED").await?;
    let root = site.root().about("operation");
    let member = Operator::with_variables(site.variables(Who::Demo)).about("operation");

    let listed = root.json(&["list", "--status", "failed,aborted", "--kind", "create"])?;
    let operation = listed["operations"][0]["id"].as_str().context("an id")?.to_owned();
    ensure!(listed["operations"][0]["cluster"] == id.as_str(), "{listed:#}");
    ensure!(member.json(&["list", "--cluster", &id])?["operations"][0]["id"] == operation.as_str());
    ensure!(member.ends(0, &["list"])?.contains(&operation));
    ensure!(member.ends(0, &["list", "--status", "queued"])?.contains("there are none"));
    ensure!(member.ends(2, &["list", "--kind", "nonsense"])?.contains("create, resize"));

    let told = member.ends(0, &["show", &operation])?;
    for word in ["capacity", "OS::Nova::Server", "what to do", &format!("next: jeroboam operation retry {operation}")] {
        ensure!(told.contains(word), "{word}: {told}");
    }
    ensure!(member.ends(3, &["abort", &operation])?.contains("only one that is queued or running"));
    ensure!(member.ends(1, &["show", "no-such"])?.contains("could not be found"));

    let retried = root.json(&["retry", "--wait", &operation])?;
    ensure!((&retried["status"], &retried["retries"]) == (&json!("done"), &json!(1)), "{retried:#}");
    cluster::becomes(&site.user, &id, "CREATE_COMPLETE").await?;
    ensure!(member.ends(3, &["retry", &operation])?.contains("nothing to retry"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creation_is_stopped_and_what_it_made_is_deleted() -> Result<()> {
    let site = Site::open("").await?;
    let template = cluster::template(&site.user, &json!({})).await?;
    let before = site.cloud.made();
    // Heat is away, so that it cannot be done before it is stopped.
    site.cloud.devcloud.faults().add(serde_json::from_value(json!({"service": "heat", "method": "POST", "status": 503}))?);
    let id = cluster::create(&site.user, &template).await?;
    let member = Operator::with_variables(site.variables(Who::Demo)).about("operation");
    let operation = member.json(&["list", "--cluster", &id])?["operations"][0]["id"].as_str().context("an id")?.to_owned();

    let stopped = member.json(&["abort", "--wait", &operation])?;

    ensure!(stopped["status"] == "aborted" && stopped["cause"]["kind"] == "aborted", "{stopped:#}");
    let shown = cluster::becomes(&site.user, &id, "CREATE_FAILED").await?;
    ensure!(shown["status_reason"].as_str().is_some_and(|reason| reason.starts_with("Aborted by demo")), "{shown:#}");
    site.cloud.devcloud.faults().clear();
    cluster::delete(&site.user, &id).await?;
    cluster::gone(&site.user, &id).await?;
    ensure!(site.cloud.made() == before, "{:?}", site.cloud.made());
    Ok(())
}

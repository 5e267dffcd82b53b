//! What a template can choose about its clusters' stacks. Each file in `cases/` is one choice: the fields of the template, and what its cluster and its
//! cloud have to show. The stacks are evaluated by the simulated Heat; the drivers' templates meet the real one elsewhere.

#![allow(clippy::indexing_slicing, clippy::panic, reason = "a test says what it expects")]

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use jeroboam_devcloud::Who;
use jeroboam_tests::{
    cloud::{Cloud, User},
    cluster,
    daemon::Place,
};
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn every_choice_makes_a_cluster_and_leaves_nothing_when_it_goes() -> Result<()> {
    let place = Place::new()?;
    let cloud = Cloud::start(&place.url()?, Duration::ZERO).await?;
    place.configure(&cloud, "")?;
    let daemon = place.start(&[]).await?;
    let user = cloud.user(Who::Demo, &place.url()?).await?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("conditions/cases");
    let mut cases: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    cases.sort_by_key(fs::DirEntry::path);
    ensure!(!cases.is_empty(), "no cases");
    for case in cases {
        let name = case.file_name();
        let text = fs::read_to_string(case.path())?;
        let case: Value = serde_json::from_str(&text).with_context(|| format!("{}", name.display()))?;
        one(&cloud, &user, &case).await.with_context(|| format!("{}\n{}", name.display(), daemon.log().unwrap_or_default()))?;
    }
    cloud.devcloud.shutdown().await;
    Ok(())
}

async fn one(cloud: &Cloud, user: &User, case: &Value) -> Result<()> {
    let template = cluster::template(user, &case["template"]).await?;
    let id = cluster::create(user, &template).await?;
    let shown = cluster::becomes(user, &id, "CREATE_COMPLETE").await?;
    let address = shown["api_address"].as_str().context("an API address")?;
    let start = case["api_address_starts"].as_str().context("api_address_starts")?;
    ensure!(address.starts_with(start), "{address} in place of {start}…");
    for (kind, count) in case["made"].as_object().context("made")? {
        ensure!(cloud.count(kind) as u64 == count.as_u64().context("a count")?, "{kind}: {:#?}", cloud.made());
    }
    cluster::delete(user, &id).await?;
    cluster::gone(user, &id).await?;
    ensure!(cloud.made().is_empty(), "{:#?}", cloud.made());
    Ok(())
}

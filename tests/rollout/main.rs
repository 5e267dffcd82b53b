//! Versions are swapped under load: nothing fails, and nobody is served by a version that may not serve them. `cargo xtask bench rollout` is the same, longer, with figures.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

use std::{fs, time::Duration};

use anyhow::Result;
use jeroboam_devcloud::Who;
use jeroboam_tests::{
    cloud::Cloud,
    daemon::Place,
    guest::Guest,
    rollout::{DRAIN_DEADLINE, Load, run},
};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn versions_are_swapped_under_load() -> Result<()> {
    let second = Duration::from_secs(1);
    let load = Load { rest: second * 2, swaps: 4, every: second * 3, after: DRAIN_DEADLINE + second, clients: 8 };
    let table = run(&load).await?;
    println!("{table}");
    for (name, part) in table.parts() {
        assert_eq!((part.failed, part.wrong), (0, 0), "{name}: {:#?}", table.examples);
        assert!(part.operations > 0, "{name}");
    }
    let [old, new] = table.swaps.by_version;
    assert!(old > 0 && new > 0, "both versions were at work: {old}, {new}");
    assert_eq!(table.rest.by_version[1] + table.after.late + usize::try_from(table.under_way)?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_put_into_the_drivers_directory_is_checked_and_no_more() -> Result<()> {
    let place = Place::new()?;
    let cloud = Cloud::start(&place.url()?, Duration::ZERO).await?;
    place.configure(&cloud, "[drivers]\nnew_versions = check\n")?;
    let drivers = place.state().join("drivers");
    fs::create_dir_all(&drivers)?;
    let mut daemon = place.start(&[]).await?;
    let admin = cloud.user(Who::Admin, &place.url()?).await?;
    let beside = place.path().join("new");
    fs::write(&beside, Guest::new("dropped", "1.0.0").component()?)?;
    fs::rename(beside, drivers.join("dropped-1.wasm"))?;
    let version = checked(&admin, "dropped-1").await?;
    assert_eq!((&version["version"], &version["file"]), (&json!("1.0.0"), &json!("dropped-1.wasm")));
    assert!(daemon.end()?.success());
    cloud.devcloud.shutdown().await;
    Ok(())
}

/// Waits until a version of the driver is checked, and answers it.
async fn checked(admin: &jeroboam_tests::cloud::User, file: &str) -> Result<Value> {
    for _ in 0..1200 {
        let all = admin.expect(Method::GET, "/drivers", None, 200).await?;
        let drivers = all["drivers"].as_array().into_iter().flatten();
        let mut versions = drivers.flat_map(|driver| driver["versions"].as_array().into_iter().flatten());
        if let Some(version) =
            versions.find(|version| version["file"] == format!("{file}.wasm") && version["state"] != "installed")
        {
            assert_eq!(version["state"], "checked", "{version:#}");
            return Ok(version.clone());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("{file} was not checked")
}

//! Changes of a cluster that is there. Its driver is the host's own test driver, which can do everything and whose stacks are empty.

use std::{fs, time::Duration};

use anyhow::{Context, Result, ensure};
use jeroboam_devcloud::Who;
use jeroboam_tests::{
    cloud::{Cloud, User},
    cluster,
    daemon::Place,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{MOMENTS, fallen};

/// An operation and its steps.
struct Kind {
    name: &'static str,
    steps: &'static [&'static str],
}

const KINDS: &[Kind] = &[
    Kind { name: "resize", steps: &["removals", "stack", "wait", "observe", "finish"] },
    Kind { name: "create-group", steps: &["stack", "wait", "observe", "finish"] },
    Kind { name: "delete-group", steps: &["delete-stack", "wait-gone", "finish"] },
    Kind { name: "upgrade", steps: &["plan", "stack", "wait", "observe", "finish"] },
    Kind { name: "rotate-ca", steps: &["rotate", "stack", "wait", "observe", "retire", "finish"] },
    Kind { name: "rotate-credential", steps: &["credential", "stack", "wait", "observe", "finish"] },
];

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_step_of_a_change_is_made_up_for() -> Result<()> {
    let Some(driver) = driver()? else { return Ok(()) };
    for kind in KINDS {
        for step in kind.steps {
            for moment in MOMENTS {
                let point = format!("{}/{step}/{moment}", kind.name);
                killed_at(&driver, kind.name, &point).await.with_context(|| format!("killed at {point}"))?;
            }
        }
    }
    Ok(())
}

/// The driver as a component; nothing if it was not built.
fn driver() -> Result<Option<Vec<u8>>> {
    let Some(path) = std::env::var_os("JEROBOAM_TEST_GUEST") else {
        eprintln!("skipped: JEROBOAM_TEST_GUEST is not set; run cargo xtask test");
        return Ok(None);
    };
    let module = fs::read(path)?;
    Ok(Some(wit_component::ComponentEncoder::default().validate(true).module(&module)?.encode()?))
}

/// Makes a cluster with a group, changes it with a daemon that falls at the point, and has a second daemon go on from there.
async fn killed_at(driver: &[u8], kind: &str, point: &str) -> Result<()> {
    let place = Place::new()?;
    let cloud = Cloud::start(&place.url()?, Duration::ZERO).await?;
    place.configure(&cloud, "[drivers]\ngrants = puppet: all\n")?;
    let drivers = place.path().join("state/drivers");
    fs::create_dir_all(&drivers)?;
    fs::write(drivers.join("puppet.wasm"), driver)?;
    let mut daemon = place.start(&[("JEROBOAM_ABORT_AT", point)]).await?;
    let user = cloud.user(Who::Demo, &place.url()?).await?;
    image(&cloud, &place).await?;
    let before = cloud.made();
    let template = |tag: &str| json!({"image_id": "for-puppets", "labels": {"act": "whole", "kube_tag": tag}});
    let old = cluster::template(&user, &template("v1.30.1")).await?;
    let new = cluster::template(&user, &template("v1.31.1")).await?;
    let id = cluster::create(&user, &old).await?;
    cluster::becomes(&user, &id, "CREATE_COMPLETE").await?;
    let groups = format!("/clusters/{id}/nodegroups");
    if kind != "create-group" {
        create_group(&user, &groups).await?;
        cluster::becomes(&user, &id, "UPDATE_COMPLETE").await?;
    }

    let action = |name: &str| format!("/clusters/{id}/actions/{name}");
    match kind {
        "resize" => drop(user.expect(Method::POST, &action("resize"), Some(&json!({"node_count": 3})), 202).await?),
        "create-group" => create_group(&user, &groups).await?,
        "delete-group" => drop(user.expect(Method::DELETE, &format!("{groups}/gpu"), None, 204).await?),
        "upgrade" => drop(user.expect(Method::POST, &action("upgrade"), Some(&json!({"cluster_template": new})), 202).await?),
        "rotate-ca" => drop(user.expect(Method::PATCH, &format!("/certificates/{id}"), None, 202).await?),
        "rotate-credential" => drop(user.expect(Method::PATCH, &format!("/credentials/{id}"), None, 202).await?),
        _ => unreachable!("{kind}"),
    }
    fallen(&mut daemon).await?;
    daemon = place.start(&[]).await?;

    let shown = cluster::becomes(&user, &id, "UPDATE_COMPLETE").await?;
    let stacks = cloud.count("orchestration/stack");
    assert_eq!(stacks, if kind == "delete-group" { 1 } else { 2 }, "{:#?}", cloud.made());
    match kind {
        "resize" => assert_eq!(shown["node_count"], 3 + 1),
        "upgrade" => assert_eq!((&shown["cluster_template_id"], &shown["labels"]["kube_tag"]), (&json!(new), &json!("v1.31.1"))),
        "delete-group" => drop(user.expect(Method::GET, &format!("{groups}/gpu"), None, 404).await?),
        _ => {
            let group = user.expect(Method::GET, &format!("{groups}/gpu"), None, 200).await?;
            assert!(group["status"].as_str().unwrap().ends_with("_COMPLETE"), "{group:#}");
        }
    }

    cluster::delete(&user, &id).await?;
    cluster::gone(&user, &id).await?;
    assert_eq!(cloud.made(), before);
    ensure!(daemon.end()?.success(), "SIGTERM ends the daemon in good order");
    let left: Vec<String> =
        place.export()?.into_iter().filter(|line| line.contains(&id) && !line.contains("operation")).collect();
    assert_eq!(left, Vec::<String>::new(), "rows of the cluster in the store");
    cloud.devcloud.shutdown().await;
    Ok(())
}

async fn create_group(user: &User, groups: &str) -> Result<()> {
    user.expect(Method::POST, groups, Some(&json!({"name": "gpu"})), 202).await.map(drop)
}

/// An image that selects the driver.
async fn image(cloud: &Cloud, place: &Place) -> Result<()> {
    let admin = cloud.user(Who::Admin, &place.url()?).await?;
    let images = format!("http://{}/image/v2/images", cloud.devcloud.address());
    let image = json!({"name": "for-puppets", "os_distro": "puppet", "visibility": "public", "disk_format": "raw", "container_format": "bare"});
    let made: Value = admin.post_json(&images, &image).await?;
    let id = made["id"].as_str().context("an id")?;
    admin.put_bytes(&format!("{images}/{id}/file"), b"simulated\n").await
}

//! `kill -9` of `jeroboam serve` before, during and after each recorded step of create and delete: what was accepted is finished by the next
//! daemon, there is one of everything, and nothing is left in the end.
//!
//! The daemon ends itself with SIGKILL at the point named by `JEROBOAM_ABORT_AT`; "during" is after the step's effect outside and before the store
//! has learnt of it.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use jeroboam_devcloud::Who;
use jeroboam_tests::{
    cloud::{Cloud, User},
    daemon::{Daemon, Place},
};
use reqwest::Method;
use serde_json::json;

const CREATE: &[&str] = &["certificates", "trustee", "trust", "stack", "wait", "observe", "finish"];
const DELETE: &[&str] =
    &["before-delete", "delete-stack", "wait-gone", "delete-trust", "delete-trustee", "delete-certificates", "finish"];
const MOMENTS: &[&str] = &["before", "during", "after"];

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_step_of_create_loses_nothing_and_makes_nothing_twice() -> Result<()> {
    for step in CREATE {
        for moment in MOMENTS {
            let point = format!("create/{step}/{moment}");
            killed_at(&point).await.with_context(|| format!("killed at {point}"))?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_step_of_delete_leaves_nothing_behind() -> Result<()> {
    for step in DELETE {
        for moment in MOMENTS {
            let point = format!("delete/{step}/{moment}");
            killed_at(&point).await.with_context(|| format!("killed at {point}"))?;
        }
    }
    Ok(())
}

/// Creates and deletes a cluster with a daemon that falls at the point; a second daemon goes on from there.
async fn killed_at(point: &str) -> Result<()> {
    let place = Place::new()?;
    let cloud = Cloud::start(&place.url()?, Duration::ZERO).await?;
    place.configure(&cloud, "")?;
    let mut daemon = place.start(&[("JEROBOAM_ABORT_AT", point)]).await?;
    let user = cloud.user(Who::Demo, &place.url()?).await?;
    let cluster = create(&user).await?;

    if point.starts_with("create/") {
        fallen(&mut daemon).await?;
        daemon = place.start(&[]).await?;
    }
    status(&user, &cluster, "CREATE_COMPLETE").await?;
    for kind in ["orchestration/stack", "identity/trust", "identity/user"] {
        assert_eq!(cloud.count(kind), 1, "one {kind}: {:#?}", cloud.made());
    }

    user.expect(Method::DELETE, &format!("/clusters/{cluster}"), None, 204).await?;
    if point.starts_with("delete/") {
        fallen(&mut daemon).await?;
        daemon = place.start(&[]).await?;
    }
    gone(&user, &cluster).await?;
    assert_eq!(cloud.made(), Vec::<String>::new());

    ensure!(daemon.end()?.success(), "SIGTERM ends the daemon in good order");
    let left: Vec<String> =
        place.export()?.into_iter().filter(|line| line.contains(&cluster) && !line.contains("operation")).collect();
    assert_eq!(left, Vec::<String>::new(), "rows of the cluster in the store");
    cloud.devcloud.shutdown().await;
    Ok(())
}

async fn create(user: &User) -> Result<String> {
    let template = json!({
        "name": "k8s", "coe": "kubernetes", "image_id": "fedora-coreos-latest", "keypair_id": "testkey", "external_network_id": "public",
        "flavor_id": "m1.small", "master_flavor_id": "m1.small", "docker_volume_size": 5, "network_driver": "flannel",
        "volume_driver": "cinder", "master_lb_enabled": true});
    user.expect(Method::POST, "/clustertemplates", Some(&template), 201).await?;
    let cluster = json!({"name": "first", "cluster_template_id": "k8s", "node_count": 1, "master_count": 1});
    let accepted = user.expect(Method::POST, "/clusters", Some(&cluster), 202).await?;
    Ok(accepted["uuid"].as_str().context("a uuid")?.to_owned())
}

/// Waits until the process has been ended by its own SIGKILL.
async fn fallen(daemon: &mut Daemon) -> Result<()> {
    const SIGKILL: i32 = 9;
    let signal = until(|| daemon.fallen()).await.context("the daemon never came to the point")?;
    ensure!(signal == SIGKILL, "ended by signal {signal}:\n{}", daemon.log()?);
    Ok(())
}

async fn status(user: &User, cluster: &str, wanted: &str) -> Result<()> {
    for _ in 0..TRIES {
        let shown = user.expect(Method::GET, &format!("/clusters/{cluster}"), None, 200).await?;
        let status = shown["status"].as_str().context("a status")?;
        if status == wanted {
            return Ok(());
        }
        ensure!(status.ends_with("_IN_PROGRESS"), "{shown:#}");
        tokio::time::sleep(BETWEEN).await;
    }
    anyhow::bail!("the cluster did not become {wanted}")
}

async fn gone(user: &User, cluster: &str) -> Result<()> {
    for _ in 0..TRIES {
        let answer = user.ask(Method::GET, &format!("/clusters/{cluster}"), None).await?;
        if answer.status().as_u16() == 404 {
            return Ok(());
        }
        let shown = answer.text().await?;
        ensure!(!shown.contains("DELETE_FAILED"), "{shown}");
        tokio::time::sleep(BETWEEN).await;
    }
    anyhow::bail!("the cluster is still there")
}

async fn until<T>(mut ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    for _ in 0..TRIES {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        tokio::time::sleep(BETWEEN).await;
    }
    anyhow::bail!("waited in vain")
}

/// Two minutes: only a hang takes that long.
const TRIES: usize = 2400;
const BETWEEN: Duration = Duration::from_millis(50);

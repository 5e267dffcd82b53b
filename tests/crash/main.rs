//! `kill -9` of `jeroboam serve` before, during and after each recorded step of every operation: what was accepted is finished by the next daemon, there is
//! one of everything, and nothing is left in the end.
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

mod changes;
mod rollouts;

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use jeroboam_devcloud::Who;
use jeroboam_tests::{
    cloud::Cloud,
    cluster,
    daemon::{Daemon, Place},
};
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
    let template =
        cluster::template(&user, &json!({"docker_volume_size": 5, "volume_driver": "cinder", "master_lb_enabled": true})).await?;
    let cluster = cluster::create(&user, &template).await?;

    if point.starts_with("create/") {
        fallen(&mut daemon).await?;
        daemon = place.start(&[]).await?;
    }
    cluster::becomes(&user, &cluster, "CREATE_COMPLETE").await?;
    for kind in ["orchestration/stack", "identity/trust", "identity/user"] {
        assert_eq!(cloud.count(kind), 1, "one {kind}: {:#?}", cloud.made());
    }

    cluster::delete(&user, &cluster).await?;
    if point.starts_with("delete/") {
        fallen(&mut daemon).await?;
        daemon = place.start(&[]).await?;
    }
    cluster::gone(&user, &cluster).await?;
    assert_eq!(cloud.made(), Vec::<String>::new());

    ensure!(daemon.end()?.success(), "SIGTERM ends the daemon in good order");
    let left: Vec<String> =
        place.export()?.into_iter().filter(|line| line.contains(&cluster) && !line.contains("operation")).collect();
    assert_eq!(left, Vec::<String>::new(), "rows of the cluster in the store");
    cloud.devcloud.shutdown().await;
    Ok(())
}

/// Waits until the process has been ended by its own SIGKILL.
async fn fallen(daemon: &mut Daemon) -> Result<()> {
    const SIGKILL: i32 = 9;
    let signal = cluster::until("the daemon to come to the point", || daemon.fallen()).await?;
    ensure!(signal == SIGKILL, "ended by signal {signal}:\n{}", daemon.log()?);
    Ok(())
}

//! What goes on by itself.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use jeroboam_conductor::HealthUpdate;
use jeroboam_model::HealthStatus;
use support::World;

fn reasons() -> BTreeMap<String, String> {
    BTreeMap::from([("api".to_owned(), "ok".to_owned())])
}

#[tokio::test]
async fn a_complete_clusters_health_is_looked_at_by_its_driver() {
    let world = World::with(|config| config.health_polling_interval = Some(Duration::from_millis(10))).await;
    let id = world.created("web").await;

    let cluster = world.until(async || world.cluster(id).await.filter(|cluster| cluster.health_status.is_some())).await;

    assert_eq!((cluster.health_status, cluster.health_status_reason), (Some(HealthStatus::Healthy), reasons()));
}

#[tokio::test]
async fn a_healer_in_the_cluster_has_the_word() {
    let world = World::new().await;
    let id = world.created("web").await;
    let status = world.cluster(id).await.unwrap().status;

    let update = HealthUpdate { cluster: id, status: Some(HealthStatus::Unhealthy), reasons: None };
    world.intake().update_health(update).await.unwrap();

    let cluster = world.cluster(id).await.unwrap();
    assert_eq!((cluster.health_status, cluster.status), (Some(HealthStatus::Unhealthy), status));
}

#[tokio::test]
async fn the_service_says_that_it_lives() {
    let world = World::with(|config| {
        config.host_name = "control-1".into();
        config.heartbeat_interval = Duration::from_millis(5);
    })
    .await;

    let row = world
        .until(async || world.store.services().all().await.unwrap().into_iter().find(|service| service.report_count > 1))
        .await;

    assert_eq!((row.host.as_str(), row.binary.as_str()), ("control-1", "magnum-conductor"));
}

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
use jeroboam_model::{AuditId, AuditOutcome, AuditRecord, ClusterId, Effect, HealthStatus, RequestId, driver::Digest};
use support::World;
use time::OffsetDateTime;

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
async fn a_cluster_with_a_healer_of_its_own_is_left_to_it() {
    let world = World::with(|config| config.health_polling_interval = Some(Duration::from_millis(10))).await;
    let mut new = support::new_cluster("healed", &world.template, world.requester.clone());
    let labels = [("auto_healing_enabled", "True"), ("auto_healing_controller", "magnum-auto-healer")];
    new.cluster.labels = labels.into_iter().collect();
    let healed = new.cluster.uuid;
    world.intake().create(new, 10).await.unwrap();
    world.settled(healed).await;
    let other = world.created("other").await;
    let push = async |cluster| {
        let update = HealthUpdate { cluster, status: Some(HealthStatus::Unhealthy), reasons: None };
        world.intake().update_health(update).await.unwrap();
    };

    push(healed).await;
    // The second of these rounds has gone over all clusters since.
    for _ in 0..2 {
        push(other).await;
        world.until(async || (world.cluster(other).await?.health_status == Some(HealthStatus::Healthy)).then_some(())).await;
    }

    assert_eq!(world.cluster(healed).await.unwrap().health_status, Some(HealthStatus::Unhealthy));
    assert_eq!(world.operations(healed).await.len(), 1, "that which made it");
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

#[tokio::test]
async fn of_a_clusters_operations_the_latest_are_kept() {
    let world = World::with(|config| config.operations_kept = 3).await;
    let id = world.created("web").await;
    let first = world.operations(id).await[0].id;
    for nodes in [3, 2, 4, 1] {
        world.resize(id, nodes).await.unwrap();
        world.settled(id).await;
    }
    let operations = world.operations(id).await;
    assert_eq!(operations.len(), 3);
    assert!(operations.iter().all(|operation| operation.id != first));
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn what_was_done_to_a_cluster_that_is_gone_is_forgotten_in_time() {
    let mut world = World::new().await;
    let (gone, there) = (world.created("gone").await, world.created("there").await);
    world.delete_all_of_one(gone).await;
    assert_eq!(world.operations(gone).await.len(), 2, "for a time it is kept");

    world.config.operations_kept_after_deletion = Duration::ZERO;
    world.restart(Default::default());

    world.until(async || world.operations(gone).await.is_empty().then_some(())).await;
    assert_eq!(world.operations(there).await.len(), 1);
}

#[tokio::test]
async fn texts_of_definitions_are_forgotten_when_no_cluster_has_them_any_more() {
    let mut world = World::new().await;
    let id = world.created("gone").await;
    assert!(world.store.texts().count().await.unwrap() > 0);
    world.delete_all_of_one(id).await;

    world.restart(Default::default());

    world.until(async || (world.store.texts().count().await.unwrap() == 0).then_some(())).await;
}

fn audit_record(at: OffsetDateTime) -> AuditRecord {
    AuditRecord {
        id: AuditId::random(),
        at,
        driver: "kubernetes".into(),
        version: "1.0.0".into(),
        digest: Digest::new([1; 32]),
        during: "before-delete".into(),
        cluster: ClusterId::random(),
        project_id: "p".into(),
        request_id: RequestId::random(),
        global_request_id: None,
        effect: Effect::DeleteVolume,
        target: "v-1".into(),
        outcome: AuditOutcome::Done,
        ended_at: Some(at),
    }
}

#[tokio::test]
async fn audit_records_are_forgotten_when_they_are_old_or_too_many() {
    let mut world = World::new().await;
    let now = OffsetDateTime::now_utc();
    let ages = [90 * 24, 80, 3, 2, 1].map(time::Duration::hours);
    let records = ages.map(|age| audit_record(now - age));
    let mut tx = world.store.begin();
    records.iter().for_each(|record| tx.insert(record));
    tx.commit().await.unwrap();

    world.config.audit_kept = Duration::from_secs(81 * 3600);
    world.config.audit_records_kept = 3;
    world.restart(Default::default());

    world.until(async || (world.store.audits().all().await.unwrap().len() <= 3).then_some(())).await;
    let mut left: Vec<_> = world.store.audits().all().await.unwrap().iter().map(|record| record.at).collect();
    left.sort();
    assert_eq!(left, records[2..].iter().map(|record| record.at).collect::<Vec<_>>());
}

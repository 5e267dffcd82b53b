//! Audit records are found by whom and what they concern, page by page, and go when they are old.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use jeroboam_model::{AuditId, AuditOutcome, AuditRecord, ClusterId, Effect, RequestId, driver::Digest};
use jeroboam_store::Store;
use support::at;

fn record(driver: &str, cluster: ClusterId, second: i64) -> AuditRecord {
    AuditRecord {
        id: AuditId::random(),
        at: at(second),
        driver: driver.to_owned(),
        version: "1.0.0".to_owned(),
        digest: Digest::new([1; 32]),
        during: "before-delete".to_owned(),
        cluster,
        project_id: "p1".into(),
        request_id: RequestId::random(),
        global_request_id: None,
        effect: Effect::DeleteLoadBalancer,
        target: format!("lb-{second}"),
        outcome: AuditOutcome::Intended,
        ended_at: None,
    }
}

async fn kept(store: &Store, records: &[AuditRecord]) {
    for record in records {
        let mut tx = store.begin();
        tx.put(record);
        tx.commit().await.unwrap();
    }
}

fn targets<'a>(records: impl IntoIterator<Item = &'a AuditRecord>) -> Vec<String> {
    records.into_iter().map(|record| record.target.clone()).collect()
}

#[tokio::test]
async fn records_of_a_driver_and_of_a_cluster_come_the_latest_first_in_pages() {
    let (store, [one, two]) = (Store::in_memory(), [ClusterId::random(), ClusterId::random()]);
    kept(&store, &[record("k", one, 1), record("k", two, 2), record("k", one, 3), record("k2", one, 4)]).await;

    let first = store.audits().of_driver("k", None, 2).await.unwrap();
    assert_eq!(targets(first.items.iter().map(|item| &item.value)), ["lb-3", "lb-2"]);
    assert!(first.more);
    let next = store.audits().of_driver("k", Some(first.items[1].id), 2).await.unwrap();
    assert_eq!(targets(next.items.iter().map(|item| &item.value)), ["lb-1"]);
    assert!(!next.more);
    let cluster = store.audits().of_cluster(one, None, 9).await.unwrap();
    assert_eq!(targets(cluster.items.iter().map(|item| &item.value)), ["lb-4", "lb-3", "lb-1"]);
}

#[tokio::test]
async fn an_outcome_takes_the_place_of_its_intent() {
    let (store, cluster) = (Store::in_memory(), ClusterId::random());
    let intent = record("k", cluster, 1);
    let outcome = AuditRecord { outcome: AuditOutcome::Done, ended_at: Some(at(2)), ..intent.clone() };
    kept(&store, &[intent, outcome.clone()]).await;
    let page = store.audits().of_cluster(cluster, None, 9).await.unwrap();
    assert_eq!(page.items.iter().map(|item| item.value.clone()).collect::<Vec<_>>(), [outcome]);
    assert!(store.check_indexes().await.unwrap().is_sound());
}

#[tokio::test]
async fn the_old_are_found_by_their_age_and_by_their_number() {
    let (store, cluster) = (Store::in_memory(), ClusterId::random());
    let records: Vec<_> = (0..5).map(|second| record("k", cluster, second)).collect();
    kept(&store, &records).await;
    let before = store.audits().before(at(3), 9).await.unwrap();
    assert_eq!(targets(before.iter().map(|item| &item.value)), ["lb-0", "lb-1", "lb-2"]);
    assert_eq!(store.audits().before(at(3), 2).await.unwrap().len(), 2);
    assert_eq!(store.audits().kept_since(2).await.unwrap(), Some(at(3)));
    assert_eq!(store.audits().kept_since(6).await.unwrap(), None);
}

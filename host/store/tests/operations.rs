//! What operations leave while they go on, and after they are over.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use jeroboam_model::driver::{StackDefinition, StackScope};
use jeroboam_model::{Operation, OperationKind, OperationState};
use jeroboam_store::{Direction, ListQuery, PlannedStep, Store};
use support::{at, cluster, operation, template};

/// Whatever a test did, the indexes belong to the records.
async fn sound(store: &Store) {
    let report = store.check_indexes().await.unwrap();
    assert!(report.is_sound(), "{report:?}");
}

#[tokio::test]
async fn a_template_is_in_use_where_a_cluster_is_being_brought_to_it() {
    let store = Store::in_memory();
    let (now, next) = (template("now"), template("next"));
    let mut cluster = cluster("prod", now.uuid);
    cluster.upgrading_to = Some(next.uuid);
    let mut tx = store.begin();
    tx.insert(&now);
    tx.insert(&next);
    tx.insert(&cluster);
    tx.commit().await.unwrap();
    let uses = async |template| store.clusters().count_of_template(template).await.unwrap();
    assert_eq!((uses(now.uuid).await, uses(next.uuid).await), (1, 1));

    let mut stored = store.clusters().get(cluster.uuid).await.unwrap().unwrap();
    (stored.cluster_template_id, stored.upgrading_to) = (next.uuid, None);
    let mut tx = store.begin();
    tx.update(&stored);
    tx.commit().await.unwrap();

    assert_eq!((uses(now.uuid).await, uses(next.uuid).await), (0, 1));
    sound(&store).await;
}

#[tokio::test]
async fn deletions_that_were_done_are_found_by_when() {
    let store = Store::in_memory();
    let cluster = cluster("prod", template("small").uuid);
    let [early, late, failed, created] = [0, 10, 0, 0].map(|second| operation(&cluster, at(second)));
    let deletion = |state, of| Operation { kind: OperationKind::Delete, state, ..of };
    let mut tx = store.begin();
    let early = deletion(OperationState::Done, early);
    tx.insert(&early);
    tx.insert(&deletion(OperationState::Done, late));
    tx.insert(&deletion(OperationState::Failed, failed));
    tx.insert(&Operation { state: OperationState::Done, ..created });
    tx.commit().await.unwrap();

    let ids = async |second, limit| -> Vec<_> {
        let found = store.operations().deleted_before(at(second), limit).await.unwrap();
        found.iter().map(|operation| operation.id).collect()
    };
    assert_eq!(ids(0, 9).await, []);
    assert_eq!(ids(10, 9).await, [early.id]);
    assert_eq!(ids(11, 9).await.len(), 2);
    assert_eq!(ids(11, 1).await, [early.id]);
    sound(&store).await;
}

#[tokio::test]
async fn a_plans_steps_come_in_order() {
    let store = Store::in_memory();
    let id = cluster("prod", template("small").uuid).uuid;
    let definition = StackDefinition { template: "".into(), files: Vec::new(), environment: "".into(), parameters: Vec::new() };
    let mut tx = store.begin();
    for number in [10, 2, 0] {
        tx.put_whole(&PlannedStep {
            cluster: id,
            number,
            summary: format!("step {number}"),
            scope: StackScope::Cluster,
            definition: definition.clone(),
            reads: serde_json::Value::Null,
        });
    }
    tx.commit().await.unwrap();
    let numbers: Vec<u32> = store.plans().of_cluster(id).await.unwrap().iter().map(|step| step.number).collect();
    assert_eq!(numbers, [0, 2, 10]);
    assert_eq!(store.plans().step(id, 2).await.unwrap().unwrap().summary, "step 2");
    assert!(store.plans().step(id, 1).await.unwrap().is_none());
}

#[tokio::test]
async fn wanted_operations_are_found_page_by_page_however_many_lie_between() {
    let store = Store::in_memory();
    let (prod, test) = (cluster("prod", template("small").uuid), cluster("test", template("small").uuid));
    let mut failed = Vec::new();
    let mut tx = store.begin();
    for second in 0..450 {
        let mut operation = operation(&prod, at(second));
        if second % 200 == 0 {
            operation.state = OperationState::Failed;
            failed.push(operation.id);
        }
        tx.insert(&operation);
    }
    tx.insert(&operation(&test, at(500)));
    tx.commit().await.unwrap();
    let find = async |cluster, marker, limit| {
        let query = ListQuery { marker, limit, direction: Direction::Descending, ..ListQuery::default() };
        let found = store.operations().list_wanted(cluster, query, |one| one.state == OperationState::Failed).await.unwrap();
        (found.items.iter().map(|operation| operation.id).collect::<Vec<_>>(), found.more)
    };

    assert_eq!(find(None, None, 2).await, (vec![failed[2], failed[1]], true));
    assert_eq!(find(None, Some(failed[1]), 2).await, (vec![failed[0]], false));
    assert_eq!(find(Some(prod.uuid), None, 3).await, (vec![failed[2], failed[1], failed[0]], false));
    assert_eq!(find(Some(test.uuid), None, 3).await, (vec![], false));
    sound(&store).await;
}

#[tokio::test]
async fn a_commit_that_adds_no_operation_can_wake_those_who_wait() {
    let store = Store::in_memory();
    let operation = operation(&cluster("prod", template("small").uuid), at(0));
    let mut tx = store.begin();
    tx.insert(&operation);
    tx.commit().await.unwrap();
    let changes = store.changes();
    let mut tx = store.begin();
    tx.update(&store.operations().get(operation.id).await.unwrap().unwrap());
    tx.wake();
    tx.commit().await.unwrap();
    assert!(changes.has_changed().unwrap());
}

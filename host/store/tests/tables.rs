//! Tables, transactions and indexes, as the rest of the service uses them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use std::time::Duration;

use jeroboam_model::{External, LedgerEntry, OperationState, ProjectId, Role, Status, name::StackName};
use jeroboam_store::{CommitError, ListQuery, Store, StoreError, Usage};
use support::{at, cluster, group, operation, template};

/// Whatever a test did, the indexes belong to the records.
async fn sound(store: &Store) {
    let report = store.check_indexes().await.unwrap();
    assert!(report.is_sound(), "{report:?}");
}

#[tokio::test]
async fn what_is_inserted_is_found_by_key_and_by_name() {
    let store = Store::in_memory();
    let template = template("small");
    let cluster = cluster("prod", template.uuid);
    let mut tx = store.begin();
    tx.insert(&template);
    tx.insert(&cluster);
    tx.commit().await.unwrap();

    assert_eq!(store.clusters().get(cluster.uuid).await.unwrap().unwrap().value, cluster);
    assert_eq!(store.clusters().by_name("prod").await.unwrap()[0].value, cluster);
    assert_eq!(store.clusters().by_stack_name(cluster.stack_name.as_str()).await.unwrap().unwrap().uuid, cluster.uuid);
    assert_eq!(store.templates().by_name("small").await.unwrap()[0].value, template);
    assert!(store.clusters().by_name("pro").await.unwrap().is_empty());
    assert_eq!(store.clusters().count_of_template(template.uuid).await.unwrap(), 1);
    sound(&store).await;
}

#[tokio::test]
async fn names_need_not_be_unique() {
    let store = Store::in_memory();
    let template = template("small");
    for project in ["p1", "p2"] {
        let mut cluster = cluster("prod", template.uuid);
        cluster.project_id = project.into();
        let mut tx = store.begin();
        tx.insert(&cluster);
        tx.commit().await.unwrap();
    }
    let projects: Vec<_> = store.clusters().by_name("prod").await.unwrap().iter().map(|found| found.project_id.clone()).collect();
    assert_eq!(projects.len(), 2);
    assert_ne!(projects[0], projects[1]);
}

#[tokio::test]
async fn an_index_follows_the_record() {
    let store = Store::in_memory();
    let mut tx = store.begin();
    tx.insert(&template("old"));
    tx.commit().await.unwrap();

    let mut stored = store.templates().by_name("old").await.unwrap()[0].as_ref().clone();
    stored.name = "new".to_owned();
    let mut tx = store.begin();
    tx.update(&stored);
    tx.commit().await.unwrap();
    assert!(store.templates().by_name("old").await.unwrap().is_empty());
    let stored = store.templates().by_name("new").await.unwrap()[0].as_ref().clone();
    sound(&store).await;

    let mut tx = store.begin();
    tx.remove(&stored);
    tx.commit().await.unwrap();
    assert!(store.templates().by_name("new").await.unwrap().is_empty());
    assert_eq!(store.check_indexes().await.unwrap().entries, 0);
}

#[tokio::test]
async fn a_change_of_what_somebody_else_has_changed_is_a_conflict() {
    let store = Store::in_memory();
    let cluster = cluster("prod", template("small").uuid);
    let mut tx = store.begin();
    tx.insert(&cluster);
    tx.commit().await.unwrap();
    let stale = store.clusters().get(cluster.uuid).await.unwrap().unwrap();

    let mut tx = store.begin();
    tx.update(&stale.with({
        let mut changed = cluster.clone();
        changed.status = Status::CreateComplete;
        changed
    }));
    tx.commit().await.unwrap();

    for change in ["update", "remove", "require"] {
        let mut tx = store.begin();
        match change {
            "update" => tx.update(&stale),
            "remove" => tx.remove(&stale),
            _ => tx.require(&stale),
        }
        tx.insert(&group(&cluster, change, Role::Worker, false));
        let error = tx.commit().await.unwrap_err();
        let uuid = cluster.uuid.0.simple().to_string();
        assert!(matches!(&error, CommitError::Conflict { table: "clusters", key } if *key == uuid), "{change}: {error:?}");
    }
    assert_eq!(store.clusters().get(cluster.uuid).await.unwrap().unwrap().status, Status::CreateComplete);
    assert!(
        store.node_groups().of_cluster(cluster.uuid).await.unwrap().is_empty(),
        "nothing of a refused transaction is written"
    );
    sound(&store).await;
}

#[tokio::test]
async fn what_is_there_cannot_be_inserted_again_and_may_occur_once_in_a_transaction() {
    let store = Store::in_memory();
    let template = template("small");
    let mut tx = store.begin();
    tx.insert(&template);
    tx.commit().await.unwrap();
    let mut tx = store.begin();
    tx.insert(&template);
    assert!(matches!(tx.commit().await, Err(CommitError::Exists { table: "templates", .. })));

    let mut tx = store.begin();
    tx.put(&template);
    tx.put(&template);
    assert!(matches!(tx.commit().await, Err(CommitError::Backend(StoreError::Repeated { table: "templates", .. }))));
}

#[tokio::test]
async fn group_names_are_unique_within_a_cluster_and_can_be_passed_on() {
    let store = Store::in_memory();
    let [one, other] = ["one", "other"].map(|name| cluster(name, template("small").uuid));
    let first = group(&one, "gpu", Role::Worker, false);
    let mut tx = store.begin();
    tx.insert(&first);
    tx.insert(&group(&other, "gpu", Role::Worker, false));
    tx.commit().await.unwrap();

    let mut tx = store.begin();
    tx.insert(&group(&one, "gpu", Role::Worker, false));
    let error = tx.commit().await.unwrap_err();
    assert!(matches!(&error, CommitError::Exists { table: "node_groups", key } if key.ends_with("/gpu")), "{error:?}");

    let mut tx = store.begin();
    tx.insert(&group(&one, "new", Role::Worker, false));
    tx.insert(&group(&one, "new", Role::Worker, false));
    assert!(matches!(tx.commit().await, Err(CommitError::Exists { .. })), "nor twice in one transaction");

    let heir = group(&one, "gpu", Role::Worker, false);
    let stored = store.node_groups().get((one.uuid, first.uuid)).await.unwrap().unwrap();
    let mut tx = store.begin();
    tx.remove(&stored);
    tx.insert(&heir);
    tx.commit().await.unwrap();
    assert_eq!(store.node_groups().by_name(one.uuid, "gpu").await.unwrap().unwrap().uuid, heir.uuid);
    sound(&store).await;
}

#[tokio::test]
async fn stack_names_are_unique() {
    let store = Store::in_memory();
    let [one, mut other] = ["one", "other"].map(|name| cluster(name, template("small").uuid));
    other.stack_name = StackName::clone(&one.stack_name);
    let mut tx = store.begin();
    tx.insert(&one);
    tx.commit().await.unwrap();
    let mut tx = store.begin();
    tx.insert(&other);
    assert!(matches!(tx.commit().await, Err(CommitError::Exists { table: "clusters", .. })));
}

#[tokio::test]
async fn a_template_cannot_go_while_a_cluster_is_made_from_it() {
    let store = Store::in_memory();
    let template = template("small");
    let mut tx = store.begin();
    tx.insert(&template);
    tx.commit().await.unwrap();
    let stored = store.templates().get(template.uuid).await.unwrap().unwrap();

    let mut creation = store.begin();
    creation.require(&stored);
    creation.insert(&cluster("prod", template.uuid));
    let mut removal = store.begin();
    removal.remove(&stored);
    removal.require_no_clusters_of(template.uuid);
    creation.commit().await.unwrap();
    assert!(matches!(removal.commit().await, Err(CommitError::Conflict { table: "clusters", .. })));

    let found = store.clusters().by_name("prod").await.unwrap().remove(0);
    let mut tx = store.begin();
    tx.remove(&found);
    tx.commit().await.unwrap();
    let mut creation = store.begin();
    creation.require(&stored);
    creation.insert(&cluster("prod", template.uuid));
    let mut removal = store.begin();
    removal.remove(&stored);
    removal.require_no_clusters_of(template.uuid);
    removal.commit().await.unwrap();
    assert!(matches!(creation.commit().await, Err(CommitError::Conflict { table: "templates", .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_take_the_last_place_of_a_quota_one_gets_it() {
    let store = Store::in_memory();
    let project = ProjectId::from("p1");
    let take = async |store: &Store| loop {
        let mut tx = store.begin();
        match store.usage().get(&project).await.unwrap() {
            Some(usage) if usage.clusters >= 1 => return false,
            Some(usage) => tx.update(&usage.with(Usage { clusters: usage.clusters + 1, ..usage.value.clone() })),
            None => tx.insert(&Usage { project_id: project.clone(), clusters: 1 }),
        }
        tx.insert(&cluster("prod", template("small").uuid));
        match tx.commit().await {
            Ok(()) => return true,
            Err(CommitError::Conflict { .. } | CommitError::Exists { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    };
    let (a, b, c) = tokio::join!(take(&store), take(&store), take(&store));
    assert_eq!([a, b, c].iter().filter(|got| **got).count(), 1);
    assert_eq!(store.clusters().all().await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn blind_writes_do_not_conflict() {
    let store = Store::in_memory();
    let template = template("small");
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..20 {
        let (store, mut template) = (store.clone(), template.clone());
        template.name = number.to_string();
        tasks.spawn(async move {
            let mut tx = store.begin();
            tx.put(&template);
            tx.commit().await
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap().unwrap();
    }
    assert_eq!(store.templates().all().await.unwrap().len(), 1);
    sound(&store).await;
}

#[tokio::test]
async fn unfinished_operations_come_as_they_are_due() {
    let store = Store::in_memory();
    let cluster = cluster("prod", template("small").uuid);
    let [mut later, mut over, queued, mut soon] = [0, 1, 2, 3].map(|second| operation(&cluster, at(second)));
    later.not_before = Some(at(100));
    soon.not_before = Some(at(50));
    over.state = OperationState::Done;
    let mut tx = store.begin();
    [&later, &over, &queued, &soon].into_iter().for_each(|operation| tx.insert(operation));
    tx.commit().await.unwrap();

    let ids =
        |found: Vec<jeroboam_store::Stored<jeroboam_model::Operation>>| found.iter().map(|found| found.id).collect::<Vec<_>>();
    let operations = store.operations();
    assert_eq!(ids(operations.unfinished().await.unwrap()), [queued.id, soon.id, later.id]);
    assert_eq!(ids(operations.due(at(50), 9).await.unwrap()), [queued.id, soon.id]);
    assert_eq!(ids(operations.due(at(50), 1).await.unwrap()), [queued.id]);
    assert_eq!(ids(operations.of_cluster(cluster.uuid).await.unwrap()), [later.id, over.id, queued.id, soon.id]);
    assert_eq!(operations.latest_of_cluster(cluster.uuid).await.unwrap().unwrap().id, soon.id);

    let mut ended = operations.get(queued.id).await.unwrap().unwrap();
    ended.state = OperationState::Failed;
    let mut tx = store.begin();
    tx.update(&ended);
    tx.commit().await.unwrap();
    assert_eq!(ids(operations.unfinished().await.unwrap()), [soon.id, later.id]);
    sound(&store).await;
}

#[tokio::test]
async fn a_commit_that_adds_an_operation_wakes_those_who_wait() {
    let store = Store::in_memory();
    let mut changes = store.changes();
    let cluster = cluster("prod", template("small").uuid);
    let mut tx = store.begin();
    tx.insert(&cluster);
    tx.commit().await.unwrap();
    assert!(!changes.has_changed().unwrap(), "other commits do not");
    let operation = operation(&cluster, at(0));
    let mut tx = store.begin();
    tx.insert(&operation);
    tx.commit().await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), changes.changed()).await.unwrap().unwrap();
    let stored = store.operations().get(operation.id).await.unwrap().unwrap();
    let mut tx = store.begin();
    tx.update(&stored);
    tx.commit().await.unwrap();
    assert!(!changes.has_changed().unwrap(), "nor does an operation's own progress");
}

#[tokio::test]
async fn a_ledger_belongs_to_its_cluster() {
    let store = Store::in_memory();
    let [one, other] = ["one", "other"].map(|name| cluster(name, template("small").uuid));
    let entry =
        |cluster: &jeroboam_model::Cluster, object| LedgerEntry { cluster: cluster.uuid, object, id: None, intended_at: at(0) };
    let mut tx = store.begin();
    tx.insert(&entry(&one, External::Stack { name: "s".to_owned() }));
    tx.insert(&entry(&one, External::Trustee { name: "s".to_owned() }));
    tx.insert(&entry(&other, External::Stack { name: "s".to_owned() }));
    tx.commit().await.unwrap();
    let kinds: Vec<_> =
        store.ledger().of_cluster(&one.uuid).await.unwrap().iter().map(|entry| entry.object.to_string()).collect();
    assert_eq!(kinds, ["stack s", "trustee s"]);
    assert_eq!(store.ledger().all().await.unwrap().len(), 3);
}

#[tokio::test]
async fn services_count_their_signs_of_life() {
    let store = Store::in_memory();
    store.services().beat("here", "magnum-conductor", at(0)).await.unwrap();
    store.services().beat("here", "magnum-conductor", at(60)).await.unwrap();
    store.services().beat("there", "magnum-conductor", at(61)).await.unwrap();
    let all = store.services().all().await.unwrap();
    let seen: Vec<_> =
        all.iter().map(|service| (service.id, service.host.as_str(), service.report_count, service.updated_at)).collect();
    assert_eq!(seen, [(1, "here", 2, Some(at(60))), (2, "there", 1, None)]);
}

#[tokio::test]
async fn a_hostile_name_stays_within_its_entry() {
    let store = Store::in_memory();
    for name in ["a", "a\0", "a\0\u{1}", "a\0\u{1}b", "ä/\n", ""] {
        let mut tx = store.begin();
        tx.insert(&template(name));
        tx.commit().await.unwrap();
    }
    for name in ["a", "a\0", "a\0\u{1}", "a\0\u{1}b", "ä/\n", ""] {
        let found = store.templates().by_name(name).await.unwrap();
        assert_eq!(found.iter().map(|found| found.name.as_str()).collect::<Vec<_>>(), [name]);
    }
    assert_eq!(store.templates().list(ListQuery::default()).await.unwrap().items.len(), 6);
    sound(&store).await;
}

//! Clusters with all that belongs to them: as of one instant, and never older than what was acknowledged.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use jeroboam_model::{Cluster, Role};
use jeroboam_store::{ListQuery, Store, StoreConfig};
use support::{cluster, group, template};
use tempfile::TempDir;

/// Commits while others read.
const WRITES: u32 = 500;

/// Goes with its directory.
fn on_disk() -> (TempDir, Store) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    (directory, Store::open(StoreConfig { path, ..StoreConfig::default() }).unwrap())
}

async fn with_one_cluster() -> (Store, Cluster) {
    let store = Store::in_memory();
    let template = template("small");
    let cluster = cluster("prod", template.uuid);
    let mut tx = store.begin();
    tx.insert(&template);
    tx.insert(&cluster);
    tx.commit().await.unwrap();
    (store, cluster)
}

#[tokio::test]
async fn a_view_has_the_cluster_its_template_and_its_groups_in_order() {
    let store = Store::in_memory();
    let template = template("small");
    let [cluster, other] = ["prod", "other"].map(|name| cluster(name, template.uuid));
    let mut tx = store.begin();
    tx.insert(&template);
    for cluster in [&cluster, &other] {
        tx.insert(cluster);
        tx.insert(&group(cluster, "zoo", Role::Worker, false));
        tx.insert(&group(cluster, "ape", Role::Worker, false));
        tx.insert(&group(cluster, "default-worker", Role::Worker, true));
        tx.insert(&group(cluster, "default-master", Role::Master, true));
    }
    tx.commit().await.unwrap();

    let view = store.view(cluster.uuid).await.unwrap().unwrap();
    assert_eq!((&view.cluster, &view.template), (&cluster, &template));
    let names: Vec<&str> = view.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names, ["default-master", "default-worker", "ape", "zoo"]);
    assert!(view.groups.iter().all(|group| group.cluster_id == cluster.uuid));
    assert_eq!(store.view_shared(cluster.uuid).await.unwrap().unwrap().count(Role::Worker), 3);
    assert_eq!(store.view(jeroboam_model::ClusterId::random()).await.unwrap(), None);
}

#[tokio::test]
async fn views_of_many_clusters_are_those_of_each() {
    let store = Store::in_memory();
    let (small, large) = (template("small"), template("large"));
    let clusters = [cluster("a", small.uuid), cluster("b", large.uuid), cluster("c", small.uuid)];
    let mut tx = store.begin();
    tx.insert(&small);
    tx.insert(&large);
    for cluster in &clusters {
        tx.insert(cluster);
        tx.insert(&group(cluster, "default-worker", Role::Worker, true));
        tx.insert(&group(cluster, "default-master", Role::Master, true));
    }
    tx.commit().await.unwrap();
    let mut listed = store.clusters().list(ListQuery::default()).await.unwrap().items;
    // One that goes in the meantime.
    let gone = listed.pop().unwrap();
    let mut tx = store.begin();
    tx.remove(&gone);
    tx.commit().await.unwrap();

    let views = store.views_shared(&listed).await.unwrap();

    assert_eq!(views.len(), 2);
    for (view, cluster) in views.iter().zip(&listed) {
        assert_eq!(view.to_view(), store.view(cluster.uuid).await.unwrap().unwrap());
    }
}

/// Reads, so that it is kept in memory; writes, so that what is kept is old.
async fn a_view_is_never_older_than_the_last_commit(store: Store) {
    let mut template = template("small");
    let cluster = cluster("prod", template.uuid);
    let mut workers = group(&cluster, "default-worker", Role::Worker, true);
    let mut tx = store.begin();
    tx.insert(&template);
    tx.insert(&cluster);
    tx.insert(&workers);
    tx.commit().await.unwrap();
    for round in 0..5 {
        let listed = store.views_page(ListQuery::default()).await.unwrap().items;
        assert_eq!(listed.len(), 1);
        let mut stored = store.clusters().get(cluster.uuid).await.unwrap().unwrap();
        stored.status_reason = Some(round.to_string());
        let mut tx = store.begin();
        match round % 3 {
            0 => tx.update(&stored),
            1 => {
                workers.node_count += 1;
                tx.put(&workers);
            }
            _ => {
                template.name = round.to_string();
                tx.put(&template);
            }
        }
        tx.commit().await.unwrap();
        let listed = store.views_page(ListQuery::default()).await.unwrap().items.remove(0);
        for view in [store.view(cluster.uuid).await.unwrap().unwrap(), listed.to_view()] {
            assert_eq!(view.cluster.status_reason.as_deref(), Some(if round < 3 { "0" } else { "3" }));
            assert_eq!(view.groups, [workers.clone()]);
            assert_eq!(view.template.name, template.name);
        }
    }
    let mut tx = store.begin();
    tx.remove(&store.clusters().get(cluster.uuid).await.unwrap().unwrap());
    tx.commit().await.unwrap();
    assert_eq!(store.view(cluster.uuid).await.unwrap(), None);
    assert!(store.views_page(ListQuery::default()).await.unwrap().items.is_empty());
}

/// Lists of a project are kept; so each is read before and after somebody comes or goes.
async fn a_page_of_a_project_has_who_came_and_not_who_went(store: Store) {
    let template = template("small");
    let project = cluster("", template.uuid).project_id;
    let names = async |limit, marker| {
        let query = ListQuery { project: Some(&project), limit, marker, ..ListQuery::default() };
        let page = store.views_page(query).await.unwrap();
        (page.items.iter().map(|view| view.cluster.name.clone()).collect::<Vec<_>>(), page.more)
    };
    let mut tx = store.begin();
    tx.insert(&template);
    tx.commit().await.unwrap();
    assert_eq!(names(2, None).await, (vec![], false));
    let clusters = ["a", "b", "c"].map(|name| cluster(name, template.uuid));
    for (count, cluster) in clusters.iter().enumerate() {
        let mut tx = store.begin();
        tx.insert(cluster);
        tx.commit().await.unwrap();
        let (listed, more) = names(2, None).await;
        assert_eq!((listed.len(), more), ((count + 1).min(2), count == 2));
    }
    let (listed, _) = names(3, None).await;
    let first = clusters.iter().find(|cluster| cluster.name == listed[0]).unwrap();
    assert_eq!(names(3, Some(first.uuid)).await.0, listed[1..]);
    let mut tx = store.begin();
    tx.remove(&store.clusters().get(first.uuid).await.unwrap().unwrap());
    tx.commit().await.unwrap();
    assert_eq!(names(2, None).await, (listed[1..].to_vec(), false));
    assert!(store.views_page(ListQuery { marker: Some(first.uuid), ..ListQuery::default() }).await.is_err(), "it is gone");
}

#[tokio::test]
async fn a_page_in_memory_has_who_came_and_not_who_went() {
    a_page_of_a_project_has_who_came_and_not_who_went(Store::in_memory()).await;
}

#[tokio::test]
async fn a_page_on_disk_has_who_came_and_not_who_went() {
    let (_directory, store) = on_disk();
    a_page_of_a_project_has_who_came_and_not_who_went(store).await;
}

#[tokio::test]
async fn what_was_made_of_a_view_goes_when_something_in_it_is_written() {
    let (store, cluster) = with_one_cluster().await;
    let made = async |number: u32| {
        let view = store.view_shared(cluster.uuid).await.unwrap().unwrap();
        *view.made.find_or(|_: &u32| true, || number)
    };
    assert_eq!((made(1).await, made(2).await), (1, 1));
    let mut tx = store.begin();
    tx.put(&group(&cluster, "default-worker", Role::Worker, true));
    tx.commit().await.unwrap();
    assert_eq!((made(3).await, made(4).await), (3, 3));
}

#[tokio::test]
async fn a_view_in_memory_is_never_older_than_the_last_commit() {
    a_view_is_never_older_than_the_last_commit(Store::in_memory()).await;
}

#[tokio::test]
async fn a_view_on_disk_is_never_older_than_the_last_commit() {
    let (_directory, store) = on_disk();
    a_view_is_never_older_than_the_last_commit(store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn views_that_are_read_while_others_write_are_as_new_as_what_was_acknowledged() {
    let (store, cluster) = with_one_cluster().await;
    let acknowledged = Arc::new(AtomicU32::new(0));
    let readers: Vec<_> = (0..3)
        .map(|_| {
            let (store, acknowledged) = (store.clone(), acknowledged.clone());
            tokio::spawn(async move {
                loop {
                    let least = acknowledged.load(Ordering::SeqCst);
                    let view = store.view_shared(cluster.uuid).await.unwrap().unwrap();
                    let seen: u32 = view.cluster.create_timeout.unwrap_or_default();
                    assert!(seen >= least, "{seen} < {least}");
                    if least == WRITES {
                        break;
                    }
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for round in 1..=WRITES {
        let mut tx = store.begin();
        tx.put(&Cluster { create_timeout: Some(round), ..cluster.clone() });
        tx.commit().await.unwrap();
        acknowledged.store(round, Ordering::SeqCst);
        tokio::task::yield_now().await;
    }
    for reader in readers {
        reader.await.unwrap();
    }
}

//! Texts of definitions: kept once, for as long as something refers to them, whoever writes and removes meanwhile.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use std::sync::Arc;

use jeroboam_model::{
    ClusterId,
    driver::{Digest, StackDefinition, StackScope, Value},
};
use jeroboam_store::{
    Backend, Batch, Direction, KeptText, KeyBuf, MemoryBackend, PlannedStep, Range, Record, Recording, Store, StoreConfig,
    StoreError, export, import,
};
use serde_json::json;
use support::at;

/// So long that it is worth keeping apart.
fn long(what: &str) -> String {
    format!("{what} ").repeat(200)
}

fn definition(template: &str) -> StackDefinition {
    StackDefinition {
        template: long(template).into(),
        files: vec![
            ("script".into(), long("script").into()),
            ("motd".into(), "short".into()),
            ("again".into(), long("script").into()),
        ],
        environment: "".into(),
        parameters: vec![("n".into(), Value::Number(1))],
    }
}

fn recording(cluster: ClusterId, template: &str) -> Recording {
    Recording {
        cluster,
        scope: StackScope::Cluster,
        driver: "kubernetes".into(),
        driver_version: "0.1.0".into(),
        driver_digest: Digest::new([1; 32]),
        definition: definition(template),
        reads: json!([{"answer": long("image"), "null": null}]),
        recorded_at: at(0),
    }
}

fn planned(cluster: ClusterId, template: &str) -> PlannedStep {
    let (scope, definition, reads) = (StackScope::Cluster, definition(template), json!([]));
    PlannedStep { cluster, number: 0, summary: "step".into(), scope, definition, reads }
}

async fn put(store: &Store, recording: &Recording) {
    let mut tx = store.begin();
    tx.put_whole(recording);
    tx.commit().await.unwrap();
}

async fn remove(store: &Store, cluster: ClusterId) {
    let mut tx = store.begin();
    store.recordings().of_cluster(cluster).await.unwrap().iter().for_each(|recording| tx.remove_whole(recording));
    tx.commit().await.unwrap();
}

async fn sound(store: &Store) {
    let report = store.check_indexes().await.unwrap();
    assert!(report.is_sound(), "{report:?}");
}

#[tokio::test]
async fn what_clusters_have_in_common_is_kept_once_and_comes_back_whole() {
    let (store, clusters) = (Store::in_memory(), [ClusterId::random(), ClusterId::random(), ClusterId::random()]);
    let mut tx = store.begin();
    tx.put_whole(&recording(clusters[0], "one"));
    tx.put_whole(&recording(clusters[1], "one"));
    tx.commit().await.unwrap();
    put(&store, &recording(clusters[2], "other")).await;
    assert_eq!(store.texts().count().await.unwrap(), 4, "two templates, a script, what was read");
    for (cluster, template) in clusters.into_iter().zip(["one", "one", "other"]) {
        let found = store.recordings().of_scope(cluster, StackScope::Cluster).await.unwrap().unwrap();
        assert_eq!(found.value, recording(cluster, template));
        assert_eq!(store.recordings().of_cluster(cluster).await.unwrap(), [found]);
    }
    let [one, same] = [0, 1].map(|place| clusters[place]);
    let template = async |id| store.recordings().of_cluster(id).await.unwrap().remove(0).value.definition.template;
    assert!(Arc::ptr_eq(template(one).await.shared(), template(same).await.shared()), "it is read once");
    assert_eq!(store.recordings().clusters_of(Digest::new([1; 32])).await.unwrap().len(), 3);
    sound(&store).await;
}

#[tokio::test]
async fn a_text_goes_when_nothing_refers_to_it_any_more() {
    let (store, one, other) = (Store::in_memory(), ClusterId::random(), ClusterId::random());
    put(&store, &recording(one, "one")).await;
    put(&store, &recording(other, "other")).await;
    let mut tx = store.begin();
    tx.put_whole(&planned(one, "one"));
    tx.commit().await.unwrap();
    assert_eq!(store.texts().forget_unreferenced().await.unwrap(), 0);

    put(&store, &recording(other, "next")).await;
    let report = store.check_indexes().await.unwrap();
    assert_eq!(report.unreferenced_texts, [Digest::of(long("other").as_bytes())]);
    assert!(report.is_sound());
    assert_eq!(store.texts().forget_unreferenced().await.unwrap(), 1);

    remove(&store, one).await;
    assert_eq!(store.texts().forget_unreferenced().await.unwrap(), 0, "the plan has the template, and the other the rest");
    assert_eq!(store.plans().step(one, 0).await.unwrap().unwrap().value, planned(one, "one"));
    let mut tx = store.begin();
    tx.remove_whole(&store.plans().step(one, 0).await.unwrap().unwrap());
    tx.commit().await.unwrap();
    remove(&store, other).await;
    assert_eq!(store.texts().forget_unreferenced().await.unwrap(), 4);
    assert_eq!(store.check_indexes().await.unwrap().records, 0);

    put(&store, &recording(one, "one")).await;
    assert_eq!(store.recordings().of_cluster(one).await.unwrap()[0].value, recording(one, "one"), "and comes again");
    sound(&store).await;
}

async fn over(backend: MemoryBackend, change: impl AsyncFn(&MemoryBackend)) -> Store {
    change(&backend).await;
    Store::over(Arc::new(backend), StoreConfig::default().record_cache)
}

/// All that a store with one recording has.
async fn entries() -> MemoryBackend {
    let backend = Arc::new(MemoryBackend::new());
    put(&Store::over(backend.clone(), 0), &recording(ClusterId::random(), "one")).await;
    let all = Range { from: vec![1], to: vec![255], limit: usize::MAX, direction: Direction::Ascending };
    let puts = backend.range(all).await.unwrap().into_iter().map(|entry| (entry.key.to_vec(), entry.value.to_vec())).collect();
    let copy = MemoryBackend::new();
    copy.commit(Batch { puts, ..Batch::default() }).await.unwrap();
    copy
}

#[tokio::test]
async fn a_missing_or_changed_text_is_found_and_named() {
    let digest = Digest::of(long("one").as_bytes());
    let key = KeyBuf::table(KeptText::TABLE).text(&digest.to_string()).into_bytes();
    let missing = over(entries().await, async |backend| {
        backend.commit(Batch { deletes: vec![key.clone()], ..Batch::default() }).await.unwrap();
    });
    let changed = over(entries().await, async |backend| {
        let (value, _) = backend.get(&key).await.unwrap().unwrap();
        let value = String::from_utf8(value.to_vec()).unwrap().replacen("one", "two", 1).into_bytes();
        backend.commit(Batch { puts: vec![(key.clone(), value)], ..Batch::default() }).await.unwrap();
    });
    let (missing, changed) = (missing.await, changed.await);
    for store in [&missing, &changed] {
        let report = store.check_indexes().await.unwrap();
        assert_eq!(report.missing_texts, [digest]);
        assert!(!report.is_sound());
        let cluster = store.recordings().clusters_of(Digest::new([1; 32])).await.unwrap()[0];
        let error = store.recordings().of_cluster(cluster).await.unwrap_err();
        let StoreError::Dangling { table: "recordings", missing, .. } = &error else { panic!("{error:?}") };
        assert!(missing.contains(&digest.to_string()));
    }
    assert_eq!(changed.check_indexes().await.unwrap().damaged_texts.len(), 1);
}

#[tokio::test]
async fn an_export_has_the_texts_once() {
    let (old, new) = (Store::in_memory(), Store::in_memory());
    let clusters = [ClusterId::random(), ClusterId::random()];
    for cluster in clusters {
        put(&old, &recording(cluster, "one")).await;
    }
    let mut bytes = Vec::new();
    export(&old, &mut bytes).await.unwrap();
    assert_eq!(String::from_utf8(bytes.clone()).unwrap().matches(&long("one")).count(), 1);
    import(&new, bytes.as_slice()).await.unwrap();
    sound(&new).await;
    assert_eq!(new.recordings().of_cluster(clusters[1]).await.unwrap()[0].value, recording(clusters[1], "one"));
    assert_eq!(new.texts().forget_unreferenced().await.unwrap(), 0);
}

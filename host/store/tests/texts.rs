//! Texts of definitions: kept once, for as long as something refers to them, whoever writes and removes meanwhile.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use jeroboam_model::{
    ClusterId,
    driver::{Digest, StackDefinition, StackScope, Value},
};
use jeroboam_store::{
    Backend, BackendError, Batch, CommitFailure, Direction, Entry, KeptText, KeyBuf, MemoryBackend, PlannedStep, Range, Read,
    Record, Recording, Revision, Store, StoreConfig, StoreError, export, import,
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

/// As it was kept while rows had their texts in them.
fn of_shape_1(recording: &Recording) -> Vec<u8> {
    let recorded_at = "2023-11-14T22:13:20Z";
    let row = json!({
        "cluster": recording.cluster,
        "scope": recording.scope,
        "driver": recording.driver,
        "driver_version": recording.driver_version,
        "driver_digest": recording.driver_digest,
        "definition": recording.definition,
        "reads": recording.reads,
        "recorded_at": recorded_at,
    });
    json!({"v": 1, "d": row}).to_string().into_bytes()
}

#[tokio::test]
async fn a_row_that_had_its_texts_in_it_is_read_and_keeps_them_apart_when_it_is_written_again() {
    let (cluster, backend) = (ClusterId::random(), MemoryBackend::new());
    let wanted = recording(cluster, "one");
    let parts = KeyBuf::default().uuid(cluster.0).text("cluster");
    let key = KeyBuf::table("recordings").append(parts.as_bytes()).into_bytes();
    let by_version = KeyBuf::index("recordings", "version").text(&wanted.driver_digest.to_string()).append(parts.as_bytes());
    let puts = vec![(key.clone(), of_shape_1(&wanted)), (by_version.into_bytes(), key)];
    backend.commit(Batch { puts, ..Batch::default() }).await.unwrap();
    let store = Store::over(Arc::new(backend), 0);
    for kept_apart in [0, 3] {
        assert_eq!(store.recordings().of_cluster(cluster).await.unwrap()[0].value, wanted);
        assert_eq!(store.texts().count().await.unwrap(), kept_apart);
        sound(&store).await;
        put(&store, &wanted).await;
    }
}

/// Has somebody else come between what is read for a commit and the commit, once.
struct Between {
    backend: Arc<MemoryBackend>,
    comes: Mutex<Option<Other>>,
}

enum Other {
    Writer(Box<Recording>),
    Sweeper,
}

#[async_trait]
impl Backend for Between {
    async fn get(&self, key: &[u8]) -> Result<Option<(Bytes, Revision)>, BackendError> {
        self.backend.get(key).await
    }

    async fn read(&self, reads: &[Read]) -> Result<Vec<Vec<Entry>>, BackendError> {
        self.backend.read(reads).await
    }

    async fn commit(&self, batch: Batch) -> Result<Revision, CommitFailure> {
        let (comes, theirs) = (self.comes.lock().unwrap().take(), Store::over(self.backend.clone(), 0));
        match comes {
            Some(Other::Writer(recording)) => put(&theirs, &recording).await,
            Some(Other::Sweeper) => assert_eq!(theirs.texts().forget_unreferenced().await.unwrap(), 3),
            None => {}
        }
        self.backend.commit(batch).await
    }
}

/// A store with three texts that nothing refers to, and one over the same backend between whose reads and writes the other comes.
async fn swept_and_met(other: Other) -> (Store, Store) {
    let (backend, cluster) = (Arc::new(MemoryBackend::new()), ClusterId::random());
    let store = Store::over(backend.clone(), 0);
    put(&store, &recording(cluster, "one")).await;
    remove(&store, cluster).await;
    assert_eq!(store.texts().count().await.unwrap(), 3);
    (store, Store::over(Arc::new(Between { backend, comes: Mutex::new(Some(other)) }), 0))
}

#[tokio::test]
async fn texts_that_come_into_use_while_they_are_swept_stay() {
    let written = recording(ClusterId::random(), "one");
    let (store, sweeper) = swept_and_met(Other::Writer(Box::new(written.clone()))).await;
    assert_eq!(sweeper.texts().forget_unreferenced().await.unwrap(), 0);
    assert_eq!(store.recordings().of_cluster(written.cluster).await.unwrap()[0].value, written);
    assert_eq!(store.texts().count().await.unwrap(), 3);
    sound(&store).await;
}

#[tokio::test]
async fn a_row_whose_texts_are_swept_while_it_is_written_brings_them_again() {
    let (store, writer) = swept_and_met(Other::Sweeper).await;
    put(&writer, &recording(ClusterId::random(), "one")).await;
    assert_eq!(store.texts().count().await.unwrap(), 3);
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
        let StoreError::Dangling { table: "recordings", key, missing } = &error else { panic!("{error:?}") };
        assert!(missing.contains(&digest.to_string()));
        assert!(key.ends_with("/cluster") && !key.contains("recordings"), "{key}");
    }
    assert_eq!(missing.check_indexes().await.unwrap().damaged_texts, [""; 0]);
    let damaged = changed.check_indexes().await.unwrap().damaged_texts;
    assert!(damaged.len() == 1 && damaged[0].contains(&digest.to_string()), "{damaged:?}");
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

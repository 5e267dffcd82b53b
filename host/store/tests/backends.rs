//! Both backends do what backends have to do.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

use std::{collections::BTreeMap, sync::Arc};

use jeroboam_store::{
    Backend, Batch, Check, CommitFailure, Direction, MemoryBackend, OpenError, Range, Revision, SledBackend, conformance,
};
use proptest::prelude::*;

const CACHE: u64 = 8 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn memory_conforms() {
    conformance::run(async || Arc::new(MemoryBackend::new())).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn sled_conforms() {
    let directory = tempfile::tempdir().unwrap();
    let count = std::cell::Cell::new(0);
    conformance::run(async || {
        count.set(count.get() + 1);
        Arc::new(SledBackend::open(&directory.path().join(count.get().to_string()), CACHE).unwrap())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_second_opener_is_told_that_the_store_is_in_use() {
    let directory = tempfile::tempdir().unwrap();
    let first = SledBackend::open(directory.path(), CACHE).unwrap();
    let error = SledBackend::open(directory.path(), CACHE).unwrap_err();
    assert!(matches!(error, OpenError::InUse { .. }), "{error:?}");
    drop(first);
    SledBackend::open(directory.path(), CACHE).unwrap();
}

#[test]
fn a_store_that_is_about_to_be_closed_is_waited_for() {
    let directory = tempfile::tempdir().unwrap();
    let first = SledBackend::open(directory.path(), CACHE).unwrap();
    std::thread::scope(|scope| {
        let second = scope.spawn(|| SledBackend::open(directory.path(), CACHE));
        // Whether it has begun to wait by now or not, it gets the store.
        std::thread::yield_now();
        drop(first);
        second.join().unwrap().unwrap();
    });
}

#[tokio::test]
async fn a_directory_that_cannot_be_made_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = SledBackend::open(&file.join("store"), CACHE).unwrap_err();
    assert!(matches!(error, OpenError::Directory { .. }), "{error:?}");
    assert!(error.to_string().contains("file/store"));
}

#[cfg(unix)]
#[tokio::test]
async fn the_directory_is_only_for_its_owner() {
    use std::os::unix::fs::PermissionsExt;

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state").join("store");
    let _store = SledBackend::open(&path, CACHE).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn revisions_go_on_where_they_ended() {
    let directory = tempfile::tempdir().unwrap();
    let put = |value: &str| Batch { puts: vec![(b"a".to_vec(), value.into())], ..Batch::default() };
    let before = SledBackend::open(directory.path(), CACHE).unwrap().commit(put("1")).await.unwrap();
    let again = SledBackend::open(directory.path(), CACHE).unwrap();
    assert_eq!(again.get(b"a").await.unwrap(), Some(("1".into(), before)));
    assert!(again.commit(put("2")).await.unwrap() > before);
}

/// One write of a random history.
#[derive(Clone, Debug)]
enum Step {
    Put(u8, u16),
    Delete(u8),
}

/// A batch: writes, and whether the checks that come with it are those of the present state.
type Steps = (Vec<Step>, bool);

fn histories() -> impl Strategy<Value = Vec<Steps>> {
    let step = prop_oneof![3 => (0..12_u8, any::<u16>()).prop_map(|(key, value)| Step::Put(key, value)), 1 => (0..12_u8).prop_map(Step::Delete)];
    prop::collection::vec((prop::collection::vec(step, 0..6), prop::bool::weighted(0.8)), 1..25)
}

type Model = BTreeMap<Vec<u8>, (Vec<u8>, Revision)>;

fn key(key: u8) -> Vec<u8> {
    format!("k{key:02}").into_bytes()
}

async fn agree(backend: &dyn Backend, model: &Model) -> Result<(), TestCaseError> {
    for direction in [Direction::Ascending, Direction::Descending] {
        let range = Range { from: key(3), to: key(9), limit: 4, direction };
        let found = backend.range(range).await.unwrap();
        let found: Vec<_> = found.iter().map(|entry| (entry.key.to_vec(), (entry.value.to_vec(), entry.revision))).collect();
        let inside = model.range(key(3)..key(9)).map(|(key, value)| (key.clone(), value.clone()));
        let expected: Vec<_> =
            if direction == Direction::Ascending { inside.take(4).collect() } else { inside.rev().take(4).collect() };
        prop_assert_eq!(found, expected);
    }
    for number in 0..12 {
        let found = backend.get(&key(number)).await.unwrap().map(|(value, revision)| (value.to_vec(), revision));
        prop_assert_eq!(found.as_ref(), model.get(&key(number)));
    }
    Ok(())
}

async fn replay(backend: &dyn Backend, history: Vec<Steps>) -> Result<Model, TestCaseError> {
    let mut model = Model::new();
    for (steps, checks_hold) in history {
        // A key may be written once in a batch: the last write counts.
        let writes: BTreeMap<Vec<u8>, Option<Vec<u8>>> = steps
            .into_iter()
            .map(|step| match step {
                Step::Put(number, value) => (key(number), Some(value.to_string().into_bytes())),
                Step::Delete(number) => (key(number), None),
            })
            .collect();
        let present = |key: &Vec<u8>| model.get(key).map(|(_, revision)| *revision);
        let mut checks: Vec<Check> =
            writes.keys().map(|key| Check::Revision { key: key.clone(), expected: present(key) }).collect();
        if !checks_hold {
            checks.push(Check::Revision { key: key(0), expected: Some(Revision(u64::MAX)) });
        }
        let puts = writes.iter().filter_map(|(key, value)| Some((key.clone(), value.clone()?))).collect();
        let deletes = writes.iter().filter(|(_, value)| value.is_none()).map(|(key, _)| key.clone()).collect();
        let broken = checks.len().saturating_sub(1);
        match backend.commit(Batch { checks, puts, deletes }).await {
            Ok(revision) => {
                prop_assert!(checks_hold);
                for (key, value) in writes {
                    match value {
                        Some(value) => _ = model.insert(key, (value, revision)),
                        None => _ = model.remove(&key),
                    }
                }
            }
            Err(CommitFailure::Check(place)) => prop_assert!(!checks_hold && place == broken),
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        }
        agree(backend, &model).await?;
    }
    Ok(model)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn memory_is_an_ordered_map(history in histories()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(replay(&MemoryBackend::new(), history))?;
    }
}

proptest! {
    // Each one makes a store on disk, and opens it again.
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn sled_is_an_ordered_map_and_still_is_when_it_is_opened_again(history in histories()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let model = runtime.block_on(replay(&SledBackend::open(directory.path(), CACHE).unwrap(), history))?;
        runtime.block_on(agree(&SledBackend::open(directory.path(), CACHE).unwrap(), &model))?;
    }
}

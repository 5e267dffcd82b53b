use std::os::unix::fs::PermissionsExt;

use super::*;

/// The smallest component there is.
const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";

fn engine() -> Engine {
    Engine::new(wasmtime::Config::new().wasm_component_model(true)).unwrap()
}

/// A cache in a new directory that holds the empty component as `name`.
fn holding(name: &str) -> (tempfile::TempDir, Engine, Cache, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let engine = engine();
    let cache = Cache::open(&dir.path().join("cache"), &engine).unwrap();
    cache.keep(name, &Component::new(&engine, EMPTY).unwrap());
    let path = cache.path(name);
    (dir, engine, cache, path)
}

#[test]
fn what_was_kept_is_loaded() {
    let (_dir, engine, cache, _) = holding("a");
    assert!(cache.load(&engine, "a").is_some());
    assert!(cache.load(&engine, "b").is_none());
}

#[test]
fn a_file_with_one_bit_changed_is_never_loaded() {
    let (_dir, engine, cache, path) = holding("a");
    let good = fs::read(&path).unwrap();
    for place in [0, good.len() / 2, good.len() - 1] {
        let mut bad = good.clone();
        bad[place] ^= 1;
        fs::write(&path, bad).unwrap();
        assert!(cache.load(&engine, "a").is_none(), "byte {place}");
    }
    for length in [0, TAG_BYTES - 1, TAG_BYTES, good.len() - 1] {
        fs::write(&path, &good[..length]).unwrap();
        assert!(cache.load(&engine, "a").is_none(), "length {length}");
    }
    fs::write(&path, good).unwrap();
    assert!(cache.load(&engine, "a").is_some());
}

#[test]
fn code_of_one_component_is_not_loaded_for_another() {
    let (_dir, engine, cache, path) = holding("a");
    fs::copy(path, cache.path("b")).unwrap();
    assert!(cache.load(&engine, "b").is_none());
}

#[test]
fn code_made_under_another_key_is_not_loaded() {
    let (_dir, engine, cache, path) = holding("a");
    let (_other_dir, _, other, _) = holding("a");
    fs::copy(other.path("a"), path).unwrap();
    assert!(cache.load(&engine, "a").is_none());
}

#[test]
fn code_for_another_engine_is_not_found() {
    let (dir, _, _, _) = holding("a");
    let other = Engine::new(wasmtime::Config::new().epoch_interruption(true)).unwrap();
    let cache = Cache::open(&dir.path().join("cache"), &other).unwrap();
    assert!(cache.load(&other, "a").is_none());
}

#[test]
fn the_key_is_the_owners_alone_and_stays() {
    let (dir, engine, _, path) = holding("a");
    let key = dir.path().join("cache/key");
    assert_eq!(fs::metadata(&key).unwrap().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(path).unwrap().mode() & 0o777, 0o600);
    assert!(Cache::open(&dir.path().join("cache"), &engine).unwrap().load(&engine, "a").is_some());

    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(Cache::open(&dir.path().join("cache"), &engine), Err(CacheError::Key { .. })));
}

#[test]
fn a_directory_that_others_can_write_to_is_refused() {
    for mode in [0o770, 0o707, 0o1777] {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(mode)).unwrap();
        assert!(matches!(Cache::open(dir.path(), &engine()), Err(CacheError::Writable { .. })), "{mode:o}");
    }
}

#[test]
fn many_who_open_a_new_cache_at_once_get_the_same_key() {
    for _ in 0..20 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let start = std::sync::Barrier::new(8);
        let tags: Vec<Vec<u8>> = std::thread::scope(|scope| {
            let open = || {
                start.wait();
                hmac::sign(&key(&path).unwrap(), b"x").as_ref().to_vec()
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(tags.windows(2).all(|pair| pair[0] == pair[1]));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "drafts are taken away");
    }
}

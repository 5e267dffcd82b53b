use super::{Failure, expect, keys, put, range, value};
use crate::{Backend, Direction, Read};

pub(super) async fn keys_and_ranges(backend: &dyn Backend) -> Result<(), Failure> {
    expect("a key that was never written is not there", value(backend, "b").await?.is_none(), "it is")?;
    let revision = backend.commit(put(&[("b", "2"), ("a", "1"), ("c", "3")])).await?;
    let found = backend.get(b"b").await?;
    expect("a key is read as it was written, with the revision of its commit", found == Some(("2".into(), revision)), &found)?;
    let read = backend
        .read(&[Read::Key(b"c".to_vec()), Read::Key(b"x".to_vec()), Read::Range(range("a", "c", 9, Direction::Ascending))])
        .await?;
    let lengths: Vec<usize> = read.iter().map(Vec::len).collect();
    expect("reads are answered each in its place", lengths == [1, 0, 2], &read)?;
    let first = read.first().and_then(|found| found.first());
    let whole = first.is_some_and(|entry| entry.key == "c" && entry.value == "3" && entry.revision == revision);
    expect("a read of a key has key, value and revision", whole, first)
}

pub(super) async fn limits_and_directions(backend: &dyn Backend) -> Result<(), Failure> {
    backend.commit(put(&[("a", ""), ("a/1", ""), ("a/2", ""), ("b", ""), ("c", "")])).await?;
    let found = keys(backend, range("a", "c", usize::MAX, Direction::Ascending)).await?;
    expect("a range begins with its lower bound and ends before the upper one", found == ["a", "a/1", "a/2", "b"], &found)?;
    let found = keys(backend, range("a", "c", 2, Direction::Ascending)).await?;
    expect("a limit counts from the lower bound upwards", found == ["a", "a/1"], &found)?;
    let found = keys(backend, range("a", "c", 2, Direction::Descending)).await?;
    expect("a limit counts from the upper bound downwards", found == ["b", "a/2"], &found)?;
    let found = keys(backend, range("a0", "zz", usize::MAX, Direction::Descending)).await?;
    expect("bounds need not be keys that are there", found == ["c", "b"], &found)
}

pub(super) async fn ranges_that_hold_nothing(backend: &dyn Backend) -> Result<(), Failure> {
    backend.commit(put(&[("a", ""), ("b", "")])).await?;
    for (from, to, limit) in [("b", "a", 9), ("a", "a", 9), ("c", "d", 9), ("a", "c", 0), ("", "", 9)] {
        let found = keys(backend, range(from, to, limit, Direction::Ascending)).await?;
        expect("a range that holds nothing is empty, whatever its bounds", found.is_empty(), (from, to, limit, found))?;
    }
    let found = keys(backend, range("", "zz", 9, Direction::Ascending)).await?;
    expect("a range from the very beginning has only what was written", found == ["a", "b"], &found)
}

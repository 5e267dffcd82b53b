use super::{Failure, expect, put, unchanged, value};
use crate::{Backend, BackendError, Batch, Check, CommitFailure, Revision};

pub(super) async fn all_or_nothing(backend: &dyn Backend) -> Result<(), Failure> {
    backend.commit(put(&[("a", "1"), ("b", "1")])).await?;
    let refused =
        Batch { checks: vec![unchanged("x", Some(Revision(1)))], deletes: vec![b"b".to_vec()], ..put(&[("a", "2"), ("c", "2")]) };
    let answer = backend.commit(refused.clone()).await;
    expect("a check that does not hold refuses the batch", matches!(answer, Err(CommitFailure::Check(0))), &answer)?;
    let now = (value(backend, "a").await?, value(backend, "b").await?, value(backend, "c").await?);
    expect("of a refused batch nothing is written", now == (Some("1".into()), Some("1".into()), None), &now)?;
    backend.commit(Batch { checks: vec![unchanged("x", None)], ..refused }).await?;
    let now = (value(backend, "a").await?, value(backend, "b").await?, value(backend, "c").await?);
    expect("of an accepted batch all is written", now == (Some("2".into()), None, Some("2".into())), &now)?;
    backend.commit(Batch { deletes: vec![b"never".to_vec()], ..Batch::default() }).await?;
    Ok(())
}

pub(super) async fn revisions_only_grow(backend: &dyn Backend) -> Result<(), Failure> {
    let first = backend.commit(put(&[("a", "1"), ("b", "1")])).await?;
    let second = backend.commit(put(&[("a", "1")])).await?;
    expect("revisions grow even if the value stays", second > first, (first, second))?;
    let other = backend.get(b"b").await?.map(|(_, revision)| revision);
    expect("what is not written keeps its revision", other == Some(first), other)?;
    backend.commit(Batch { deletes: vec![b"a".to_vec()], ..Batch::default() }).await?;
    let again = backend.commit(put(&[("a", "1")])).await?;
    expect("what was removed and made again has a revision that it never had", again > second, (second, again))
}

pub(super) async fn checks(backend: &dyn Backend) -> Result<(), Failure> {
    let old = backend.commit(put(&[("a", "1")])).await?;
    let new = backend.commit(put(&[("a", "2")])).await?;
    let empty = |from: &str, to: &str| Check::Empty { from: from.into(), to: to.into() };
    let cases = [
        (unchanged("a", Some(new)), true),
        (unchanged("a", Some(old)), false),
        (unchanged("a", None), false),
        (unchanged("b", None), true),
        (unchanged("b", Some(new)), false),
        (empty("b", "c"), true),
        (empty("a", "b"), false),
        (empty("0", "a"), true),
        (empty("b", "a"), true),
    ];
    for (check, holds) in cases {
        let answer = backend.commit(Batch { checks: vec![unchanged("z", None), check.clone()], ..Batch::default() }).await;
        let as_expected = if holds { answer.is_ok() } else { matches!(answer, Err(CommitFailure::Check(1))) };
        expect("checks hold or do not, and the one that does not is named", as_expected, (check, answer))?;
    }
    Ok(())
}

pub(super) async fn keys_that_are_not_allowed(backend: &dyn Backend) -> Result<(), Failure> {
    for key in ["", "\0", "\0a"] {
        for batch in [put(&[("a", "1"), (key, "1")]), Batch { deletes: vec![key.into()], ..put(&[("a", "1")]) }] {
            let answer = backend.commit(batch).await;
            let refused = matches!(answer, Err(CommitFailure::Backend(BackendError::Key { .. })));
            expect("keys begin with a byte above 0", refused, (key, answer))?;
        }
    }
    expect("and what came with them is not written", value(backend, "a").await?.is_none(), "it is")?;
    backend.commit(put(&[("a", "1")])).await?;
    Ok(())
}

pub(super) async fn values_of_any_size(backend: &dyn Backend) -> Result<(), Failure> {
    for size in [0, 1, 1 << 10, 1 << 16, 1 << 20, 9 << 20] {
        let written: Vec<u8> = (0..size).map(|at: usize| at.to_le_bytes().iter().fold(0, |sum, byte| sum ^ byte)).collect();
        backend.commit(Batch { puts: vec![(b"a".to_vec(), written.clone())], ..Batch::default() }).await?;
        let found = backend.get(b"a").await?;
        expect("values of any size are read as they were written", found.is_some_and(|(value, _)| value == written), size)?;
    }
    Ok(())
}

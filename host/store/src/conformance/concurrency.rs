use std::{sync::Arc, task::Poll};

use tokio::task::JoinSet;

use super::{Failure, expect, put, range, unchanged, value};
use crate::{Backend, Batch, CommitFailure, Direction, Read};

const WRITERS: usize = 16;

pub(super) async fn of_many_who_compare_and_set_one_wins(backend: Arc<impl Backend>) -> Result<(), Failure> {
    let seen = backend.commit(put(&[("a", "0")])).await?;
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let backend = backend.clone();
        let batch = Batch { checks: vec![unchanged("a", Some(seen))], ..put(&[("a", &writer.to_string())]) };
        writers.spawn(async move { (writer, backend.commit(batch).await) });
    }
    let mut winners = Vec::new();
    while let Some(ended) = writers.join_next().await {
        match ended? {
            (writer, Ok(_)) => winners.push(writer.to_string()),
            (_, Err(CommitFailure::Check(0))) => {}
            (_, Err(other)) => return Err(other.into()),
        }
    }
    let written = value(&*backend, "a").await?;
    expect(
        "of many who compare and set, one wins, and its value is there",
        winners.len() == 1 && written == winners.pop(),
        &written,
    )
}

pub(super) async fn readers_see_whole_batches(backend: Arc<impl Backend>) -> Result<(), Failure> {
    backend.commit(put(&[("a", "0"), ("m", "0"), ("z", "0")])).await?;
    let writing = tokio::spawn({
        let backend = backend.clone();
        async move {
            for round in 0..100 {
                let round = round.to_string();
                backend.commit(put(&[("a", &round), ("m", &round), ("z", &round)])).await?;
            }
            Ok::<(), CommitFailure>(())
        }
    });
    while !writing.is_finished() {
        let reads = [Read::Key(b"z".to_vec()), Read::Range(range("a", "n", 9, Direction::Ascending))];
        let found = backend.read(&reads).await?;
        let mut values = found.iter().flatten().map(|entry| &entry.value);
        let first = values.next();
        expect("reads that belong together see all of a batch or nothing", values.all(|value| Some(value) == first), &found)?;
        tokio::task::yield_now().await;
    }
    writing.await??;
    Ok(())
}

pub(super) async fn a_commit_outlives_its_caller(backend: Arc<impl Backend>) -> Result<(), Failure> {
    let mut commit = Box::pin(backend.commit(put(&[("a", "1")])));
    // Begun, and given up.
    std::future::poll_fn(|context| Poll::Ready(commit.as_mut().poll(context).is_ready())).await;
    drop(commit);
    backend.commit(put(&[("b", "1")])).await?;
    expect("a commit that was begun is applied even if nobody waits for it", value(&*backend, "a").await?.is_some(), "it is not")
}

use std::sync::Arc;

use jeroboam_model::{
    ClusterId,
    driver::{Digest, StackDefinition, StackScope},
};
use time::OffsetDateTime;

use super::{Failure, expect};
use crate::{Backend, Recording, Store};

const ROUNDS: usize = 20;
const WRITERS: usize = 4;

/// Long enough to be kept apart.
fn recording(cluster: ClusterId, template: &str) -> Recording {
    Recording {
        cluster,
        scope: StackScope::Cluster,
        driver: "kubernetes".to_owned(),
        driver_version: "0.1.0".to_owned(),
        driver_digest: Digest::new([1; 32]),
        definition: StackDefinition {
            template: template.repeat(1000).into(),
            files: vec![("script".to_owned(), "script".repeat(1000).into())],
            environment: "".into(),
            parameters: Vec::new(),
        },
        reads: serde_json::Value::Null,
        recorded_at: OffsetDateTime::UNIX_EPOCH,
    }
}

async fn put(store: &Store, recording: &Recording) -> Result<(), Failure> {
    let mut tx = store.begin();
    tx.put_whole(recording);
    Ok(tx.commit().await?)
}

async fn remove(store: &Store, cluster: ClusterId) -> Result<(), Failure> {
    let mut tx = store.begin();
    store.recordings().of_cluster(cluster).await?.iter().for_each(|recording| tx.remove_whole(recording));
    Ok(tx.commit().await?)
}

pub(super) async fn texts_stay_while_they_are_referred_to(backend: Arc<impl Backend>) -> Result<(), Failure> {
    let (store, one, other) = (Store::over(backend, 0), ClusterId::random(), ClusterId::random());
    put(&store, &recording(one, "one")).await?;
    put(&store, &recording(other, "one")).await?;
    let kept = store.texts().count().await?;
    expect("texts that two rows have are kept once", kept == 2, kept)?;
    remove(&store, one).await?;
    let forgotten = store.texts().forget_unreferenced().await?;
    expect("a text that a row refers to stays", forgotten == 0, forgotten)?;
    put(&store, &recording(other, "other")).await?;
    let report = store.check_indexes().await?;
    expect(
        "a text without a row is reported, and is no damage",
        report.unreferenced_texts.len() == 1 && report.is_sound(),
        &report,
    )?;
    let forgotten = store.texts().forget_unreferenced().await?;
    expect("a text that nothing refers to goes", forgotten == 1, forgotten)
}

/// Rows come and go with the same texts, while these are swept all the time.
pub(super) async fn a_sweep_takes_nothing_from_writers(backend: Arc<impl Backend>) -> Result<(), Failure> {
    let store = Store::over(backend.clone(), 0);
    let writer = |number: usize| {
        let (store, backend) = (store.clone(), backend.clone());
        async move {
            let cluster = ClusterId::random();
            for round in 0..ROUNDS {
                let wanted = recording(cluster, if (number + round).is_multiple_of(2) { "one" } else { "other" });
                put(&store, &wanted).await?;
                // By one who has no text in memory.
                let found = Store::over(backend.clone(), 0).recordings().of_scope(cluster, StackScope::Cluster).await?;
                let is_whole = found.is_some_and(|found| found.value == wanted);
                expect("a row that was written is whole", is_whole, (number, round))?;
                if round.is_multiple_of(3) {
                    remove(&store, cluster).await?;
                }
            }
            remove(&store, cluster).await
        }
    };
    let writers: Vec<_> = (0..WRITERS).map(|number| tokio::spawn(writer(number))).collect();
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        store.texts().forget_unreferenced().await?;
        let report = store.check_indexes().await?;
        expect("no row is without its texts at any moment", report.is_sound(), &report)?;
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await??;
    }
    store.texts().forget_unreferenced().await?;
    let report = store.check_indexes().await?;
    expect("nothing is left of what went", report.records == 0, &report)
}

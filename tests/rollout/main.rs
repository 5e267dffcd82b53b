//! Versions are swapped under load: nothing fails, and nobody is served by a version that may not serve them. `cargo xtask bench rollout` is the same, longer, with figures.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

use std::time::Duration;

use anyhow::Result;
use jeroboam_tests::rollout::{DRAIN_DEADLINE, Load, run};

#[tokio::test(flavor = "multi_thread")]
async fn versions_are_swapped_under_load() -> Result<()> {
    let second = Duration::from_secs(1);
    let load = Load { rest: second * 2, swaps: 4, every: second * 3, after: DRAIN_DEADLINE + second, clients: 8 };
    let table = run(&load).await?;
    println!("{table}");
    for (name, part) in table.parts() {
        assert_eq!((part.failed, part.wrong), (0, 0), "{name}: {:#?}", table.examples);
        assert!(part.operations > 0, "{name}");
    }
    let [old, new] = table.swaps.by_version;
    assert!(old > 0 && new > 0, "both versions were at work: {old}, {new}");
    assert_eq!(table.rest.by_version[1] + table.after.late + usize::try_from(table.under_way)?, 0);
    Ok(())
}

//! Operations a second and their latency while versions are swapped: 20 times in a minute, each time a canary, then all, then back. Run by `cargo xtask bench rollout`.

use std::time::Duration;

use anyhow::{Result, ensure};
use jeroboam_tests::rollout::{DRAIN_DEADLINE, Load, run};

#[tokio::main]
async fn main() -> Result<()> {
    let second = Duration::from_secs(1);
    let load = Load { rest: second * 30, swaps: 20, every: second * 3, after: DRAIN_DEADLINE + second * 3, clients: 16 };
    let table = run(&load).await?;
    print!("{table}");
    let (failed, wrong) = table.parts().iter().fold((0, 0), |sum, (_, part)| (sum.0 + part.failed, sum.1 + part.wrong));
    println!(
        "{failed} failed, {wrong} by a wrong version, p99 during swaps {:.2} × at rest",
        table.swaps.percentile(0.99) / table.rest.percentile(0.99)
    );
    ensure!(failed == 0 && wrong == 0, "that must not be");
    Ok(())
}
